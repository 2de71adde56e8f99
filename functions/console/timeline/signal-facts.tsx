/** The signals that came with an event: the browser's opt-out signal, and what Google's tags were told by Consent Mode, type by type. */
import { signals } from '../../../shared/consent/event.ts'
import { localText } from '../../../shared/consent/language.ts'
import { conforms } from '../../../shared/consent/schema.ts'
import type { Topic } from '../question/topics.ts'
import { useLanguage, useWords } from '../shell/language.ts'
import { type RecordedEvent, topicKeyOf } from './lanes.ts'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

export interface SignalFactsProps {
  readonly event: Pick<RecordedEvent, 'how'>
  readonly topics: readonly Topic[]
}

/** Nothing for an event without signals, or with signals of a form that this page does not know. */
export function SignalFacts({ event, topics }: SignalFactsProps) {
  const words = useWords(english, swedish)
  const language = useLanguage()
  const came: unknown = Reflect.get(event.how, 'signals')
  if (!conforms(signals, came)) return null
  const { gpc, gpcShown, consentMode = {}, consentModePurposes = {} } = came
  const titleOf = (purposeId: string) => {
    const topic = topics.find((each) => each.key === topicKeyOf({ purposeId }))
    return topic ? localText(topic.title, language) : purposeId
  }
  const types = Object.entries(consentMode).map(([type, state]) => {
    const purposes = (consentModePurposes[type] ?? []).map(titleOf).join(', ')
    return words('consentModeType', { type, state, purposes, count: purposes === '' ? 0 : 1 })
  })
  return (
    <>
      {gpc === true && <span class="aside line">{words('gpcOn')}</span>}
      {gpcShown === true && <span class="aside line">{words('gpcShown')}</span>}
      {types.length > 0 && <span class="aside line">{words('consentMode', { types: types.join(' · ') })}</span>}
    </>
  )
}
