/** Boxes to choose some of the controller's purposes, by their titles. */
import { localText } from '../../../shared/consent/language.ts'
import { useLanguage } from '../shell/language.ts'
import { type Topics, topicsOf } from './topics.ts'

export interface PurposeChoicesProps {
  readonly topics: Topics
  /** Ids of purposes. */
  readonly chosen: readonly string[]
  readonly onChoose: (chosen: readonly string[]) => void
}

export function PurposeChoices({ topics, chosen, onChoose }: PurposeChoicesProps) {
  const language = useLanguage()
  return (
    <div class="choices">
      {topicsOf(topics)
        .filter(({ key }) => key.startsWith('purpose/'))
        .map(({ key, title }) => {
          const purposeId = key.slice('purpose/'.length)
          const isChosen = chosen.includes(purposeId)
          const others = chosen.filter((each) => each !== purposeId)
          return (
            <label key={key} class="choice">
              <input
                type="checkbox"
                checked={isChosen}
                onChange={() => onChoose(isChosen ? others : [...others, purposeId])}
              />
              {localText(title, language)}
            </label>
          )
        })}
    </div>
  )
}
