/** One topic by how people were asked: two wordings beside each other, versions, channels, languages. */
import { ChoiceField } from '../components/choice-field.tsx'
import { DataTable } from '../components/data-table.tsx'
import { Outcome } from '../components/outcome.tsx'
import { useLanguage, useWords } from '../shell/language.ts'
import { languageName } from '../shell/language-name.ts'
import { useSession } from '../shell/ledger.ts'
import type { Choice } from './choice.ts'
import {
  agreedOf,
  type Dimension,
  dimensions,
  groupsBy,
  hiddenIn,
  measures,
  questionAbout,
  type TopicKey,
} from './counted.ts'
import { publicPageOf } from './public-page.ts'
import { SaveRows } from './save-rows.tsx'
import { ShareBar } from './share-bar.tsx'
import { useStatistics } from './use-statistics.ts'
import { csvAmount, type NamedTopics, useTexts } from './use-texts.ts'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

export interface CompareSectionProps {
  readonly choice: Choice
  readonly topic: TopicKey
  readonly topics: NamedTopics
  readonly choose: (changes: Partial<Choice>) => void
}

export function CompareSection({ choice: { period, by }, topic, topics, choose }: CompareSectionProps) {
  const words = useWords(english, swedish)
  const texts = useTexts()
  const language = useLanguage()
  const { controller } = useSession()
  const { work, isAsking, again } = useStatistics({ ...period, by, ...questionAbout(topic) })
  const languages = new Intl.DisplayNames([language === 'sv' ? 'sv-SE' : 'en-GB'], { type: 'language' })
  const nameOf = (value: string | undefined, of: Dimension) => {
    if (value === undefined) return words('otherOrUnknown')
    if (of === 'locale') return languageName(languages, value)
    return of === 'channel' ? words(`channel-${value}` as keyof typeof english) : value
  }
  const policyId = topics.find(topic)?.history.policyId
  const linked = (value: string | undefined, of: Dimension) =>
    of === 'version' && value !== undefined && policyId !== undefined ? (
      <a href={publicPageOf({ controller, policyId, version: value, language })}>{value}</a>
    ) : (
      nameOf(value, of)
    )
  const ofMeasures = measures.map((measure) => words(measure))
  return (
    <section class="figures-table" aria-labelledby="compared" aria-busy={isAsking}>
      <h3 id="compared">{words('compared')}</h3>
      <div class="choosing">
        <ChoiceField
          label={words('compareBy')}
          choices={dimensions}
          value={by}
          textOf={(each) => words(each)}
          onChoice={(each) => choose({ by: each })}
        />
      </div>
      <Outcome work={work} retry={again}>
        {({ rows, by: asked, ...statistics }) => {
          const shownBy = dimensions.find((each) => asked.includes(each)) ?? by
          const groups = groupsBy(rows, shownBy)
          const title = words(`by-${shownBy}`, { topic: topics.titleOf(topic) })
          return (
            <>
              <DataTable
                caption={title}
                columns={[words(shownBy), words('agreedShare'), ...ofMeasures]}
                rows={groups.map(({ value, amounts }) => [
                  linked(value, shownBy),
                  <ShareBar key="share" share={agreedOf(amounts)} />,
                  ...measures.map((measure) => texts.amount(amounts[measure])),
                ])}
                empty={words('noRows')}
              />
              {groups.length > 0 && (
                <SaveRows
                  about={[topic, shownBy]}
                  period={statistics}
                  title={title}
                  columns={[words(shownBy), ...ofMeasures, words('peopleHidden')]}
                  rows={groups.map(({ value, amounts }) => [
                    nameOf(value, shownBy),
                    ...measures.map((measure) => csvAmount(amounts[measure])),
                    hiddenIn(amounts)
                      .map((measure) => words(measure))
                      .join(', '),
                  ])}
                />
              )}
            </>
          )
        }}
      </Outcome>
    </section>
  )
}
