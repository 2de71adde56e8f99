/** Facts of an event that picture and table share: what was decided, when it counts, on which text, how and by whom. */
import { localText } from '../../../shared/consent/language.ts'
import { howRecorded, whoRecorded } from '../answer/how-recorded.ts'
import { named } from '../answer/named.ts'
import { english as answerEnglish } from '../answer/words-en.ts'
import { swedish as answerSwedish } from '../answer/words-sv.ts'
import type { Topic } from '../question/topics.ts'
import { useFormats, useLanguage, useWords } from '../shell/language.ts'
import { type Decision, type RecordedEvent, topicKeyOf } from './lanes.ts'
import { SignalFacts } from './signal-facts.tsx'
import { TextLink } from './text-link.tsx'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

/** Milliseconds from which a later record is worth a word. */
const lateMs = 60_000

export function WhenFacts({ event: { times } }: { readonly event: RecordedEvent }) {
  const words = useWords(english, swedish)
  const formats = useFormats()
  const isLate = Date.parse(times.recordedAt) - Date.parse(times.effectiveAt) > lateMs
  return (
    <>
      <time dateTime={times.effectiveAt}>{formats.instant(times.effectiveAt)}</time>
      {isLate && <span class="aside line">{words('recordedLate', { at: formats.instant(times.recordedAt) })}</span>}
      {times.verdict !== 'trusted' && <span class="aside line">{words('knownBy', { verdict: times.verdict })}</span>}
    </>
  )
}

export interface DecisionsProps {
  readonly decisions: readonly Decision[]
  readonly topics: readonly Topic[]
}

export function Decisions({ decisions, topics }: DecisionsProps) {
  const words = useWords(english, swedish)
  const answerWords = useWords(answerEnglish, answerSwedish)
  const language = useLanguage()
  return (
    <ul class="plain">
      {decisions.map((decision) => {
        const key = topicKeyOf(decision)
        const topic = topics.find((each) => each.key === key)
        return (
          <li key={key + decision.verb}>
            {words('decisionOn', {
              verb: named(answerWords, 'verb', decision.verb),
              topic: topic ? localText(topic.title, language) : key,
            })}
            {decision.derivedFrom === 'gpc' && ` (${words('fromSignal')})`}
            {decision.ground !== undefined && <span class="aside line">{decision.ground}</span>}
          </li>
        )
      })}
    </ul>
  )
}

export interface EventFactsProps {
  readonly event: RecordedEvent
  readonly topics: readonly Topic[]
}

export function TextFacts({ event: { link }, topics }: EventFactsProps) {
  const answerWords = useWords(answerEnglish, answerSwedish)
  return (
    <ul class="plain">
      {link.map(({ policyId, shown, inForce, grade }) => (
        <li key={policyId}>
          <TextLink topics={topics} policyId={policyId} version={shown ?? inForce} />
          <span class="aside line">{named(answerWords, 'strength', grade)}</span>
        </li>
      ))}
    </ul>
  )
}

export function HowFacts({ event, topics }: EventFactsProps) {
  const words = useWords(english, swedish)
  const answerWords = useWords(answerEnglish, answerSwedish)
  const who = whoRecorded(event.who)
  const mandate = who?.actor.mandateId
  const how = [
    ...(who ? [words(`role-${who.actor.role}`)] : []),
    ...(mandate === undefined ? [] : [words('underMandate', { mandate })]),
    ...howRecorded(event, answerWords),
  ]
  return (
    <>
      {how.join(', ')}
      {who && <span class="aside line">{named(answerWords, 'assurance', who.assurance)}</span>}
      <SignalFacts event={event} topics={topics} />
    </>
  )
}
