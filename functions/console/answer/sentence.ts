/** The answer in one sentence, in the reader's language. It says what is recorded; whether a consent is valid in law is for people. */
import { localText } from '../../../shared/consent/language.ts'
import type { Consents, Timeline } from '../../../shared/server/wire.ts'
import type { Topic } from '../question/topics.ts'
import { useFormats, useLanguage, useWords } from '../shell/language.ts'
import { isWord } from './named.ts'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

export type TopicAnswer = Consents['consents'][number]
export type Finding = Omit<TopicAnswer, 'knownThen'>
export type RecordedEvent = Timeline['events'][number]

/** What a sentence is about, and where it finds when the status was decided. */
export interface Context {
  readonly topic: Pick<Topic, 'title'>
  /** The instant of the question, RFC 3339. */
  readonly at: string
  readonly events: readonly Pick<RecordedEvent, 'eventId' | 'times'>[]
  /** Changes of the status: they have the instant even of an event of a linked identity, which the answer does not show. */
  readonly changes: Timeline['changes']
}

export function useSentence(): (finding: Pick<Finding, 'status' | 'decidedBy'>, context: Context) => string {
  const words = useWords(english, swedish)
  const formats = useFormats()
  const language = useLanguage()
  return (finding, { topic, at, ...context }) => {
    const decided = decidedAt(finding, context)
    const status: string = finding.status
    return words(isWord(status) ? status : 'Undetermined', {
      at: formats.instant(at),
      topic: localText(topic.title, language),
      decided: decided === undefined ? words('unknownDate') : formats.instant(decided),
    })
  }
}

/** The instant from which the deciding event counts. */
function decidedAt(
  { decidedBy }: Pick<Finding, 'decidedBy'>,
  { events, changes }: Pick<Context, 'events' | 'changes'>,
): string | undefined {
  if (decidedBy === undefined) return undefined
  const event = events.find(({ eventId }) => eventId === decidedBy)
  return event?.times.effectiveAt ?? changes.find((change) => change.decidedBy === decidedBy)?.at
}
