/** An answer about one purpose or policy: a sentence first, then what it rests on, with each term explained. */
import type { ComponentChildren } from 'preact'
import type { Consents, Timeline } from '../../../shared/server/wire.ts'
import { Notice } from '../components/notice.tsx'
import type { Question } from '../question/question.ts'
import { localText, type Topic } from '../question/topics.ts'
import { useFormats, useLanguage, useWords } from '../shell/language.ts'
import { useSession } from '../shell/ledger.ts'
import { DecidingEvent } from './deciding-event.tsx'
import { TextVersion } from './text-version.tsx'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

export type TopicAnswer = Consents['consents'][number]
type Finding = Omit<TopicAnswer, 'knownThen'>
export type RecordedEvent = Timeline['events'][number]

export interface AnswerViewProps {
  readonly answer: TopicAnswer
  readonly at: string
  readonly topic: Topic
  /** The person's events on the topic, among which is the deciding one. */
  readonly events: readonly RecordedEvent[]
  readonly question: Question
}

/** Words for a value that a newer ledger may have and this page not: then the value itself. */
export function named(words: (name: never) => string, prefix: string, value: string): string {
  const name = `${prefix}-${value}`
  return name in english ? words(name as never) : value
}

export function useSentence(): (
  finding: Finding,
  topic: Topic,
  at: string,
  events: readonly RecordedEvent[],
) => string {
  const words = useWords(english, swedish)
  const formats = useFormats()
  const language = useLanguage()
  return (finding, topic, at, events) => {
    const decided = events.find(({ eventId }) => eventId === finding.decidedBy)
    const status = finding.status in english ? (finding.status as keyof typeof english) : 'Undetermined'
    return words(status, {
      at: words('atOf', { at: formats.instant(at) }),
      topic: localText(topic.title, language),
      decided: decided === undefined ? words('unknownDate') : formats.instant(decided.times.effectiveAt),
    })
  }
}

export function AnswerView({ answer, at, topic, events }: AnswerViewProps) {
  const words = useWords(english, swedish)
  const formats = useFormats()
  const language = useLanguage()
  const { controller } = useSession()
  const sentence = useSentence()
  const { knownThen, ...now } = answer
  const event = events.find(({ eventId }) => eventId === answer.decidedBy)
  const lacks = [
    ...(answer.grade === 'assumed' || answer.grade === 'unmatched' ? ['text'] : []),
    ...(answer.lacks ?? []),
  ]
  const versions = topic.history.versions
  const versionOf = (name: string | undefined) => versions.find(({ version }) => version === name)
  const differs = knownThen.status !== answer.status || knownThen.decidedBy !== answer.decidedBy
  return (
    <section class="answer-view">
      <p class={`status ${toneOf(answer)}`}>{named(words, 'status', answer.status)}</p>
      <p class="sentence">{sentence(now, topic, at, events)}</p>
      {`reason-${answer.reason}` in english && <p>{named(words, 'reason', answer.reason)}</p>}
      {answer.conflicts.includes('gpc') && <Notice kind="warning">{words('conflict')}</Notice>}
      {answer.clock === 'ahead' && <Notice kind="warning">{words('clockAhead')}</Notice>}
      {differs && (
        <Notice kind="warning" title={words('knownThen')}>
          <p>{sentence(knownThen, topic, at, events)}</p>
        </Notice>
      )}
      <dl class="facts">
        {event && (
          <Fact term={words('decidedBy')}>
            <DecidingEvent event={event} />
          </Fact>
        )}
        {answer.mandate !== undefined && (
          <Fact term={words('how')}>{words('byMandate', { mandate: answer.mandate })}</Fact>
        )}
        <Fact term={words('textInForce')}>
          <TextVersion controller={controller} version={versionOf(answer.inForce)} />
        </Fact>
        {answer.shown !== undefined && answer.shown !== answer.inForce && (
          <Fact term={words('textShown')}>
            <TextVersion controller={controller} version={versionOf(answer.shown)} />
          </Fact>
        )}
        {answer.grade !== undefined && <Fact term={words('evidence')}>{named(words, 'grade', answer.grade)}</Fact>}
        {answer.decidedBy !== undefined && (
          <Fact term={words('demonstrable')}>
            {answer.demonstrable
              ? words('demonstrableYes')
              : words('demonstrableNo', { lacks: formats.list(lacks.map((lack) => named(words, 'lack', lack))) })}
          </Fact>
        )}
        {answer.basis !== undefined && <Fact term={words('basis')}>{named(words, 'basis', answer.basis)}</Fact>}
        {answer.permittedByConsent !== undefined && (
          <Fact term={words('permitted')}>{words(answer.permittedByConsent ? 'permittedYes' : 'permittedNo')}</Fact>
        )}
        {answer.endsAt !== undefined && <Fact term={words('endsAt')}>{formats.instant(answer.endsAt)}</Fact>}
        {answer.ground !== undefined && <Fact term={words('ground')}>{answer.ground}</Fact>}
        {answer.noServiceJustification !== undefined && (
          <Fact term={words('permitted')}>{localText(answer.noServiceJustification, language)}</Fact>
        )}
      </dl>
      <details>
        <summary>{words('ledgerSentence')}</summary>
        <p>{answer.sentence}</p>
      </details>
    </section>
  )
}

/** A status that lets something happen, one that forbids it, and one that does neither. A word always goes with the colour. */
export function toneOf({ status }: Pick<Finding, 'status'>): 'yes' | 'no' | 'neither' {
  if (['Given', 'RenewedGiven', 'Accepted', 'Acknowledged', 'Informed', 'NotObjected'].includes(status)) return 'yes'
  return ['Unknown', 'Requested', 'RequestDeferred', 'Shown', 'Uninformed'].includes(status) ? 'neither' : 'no'
}

function Fact({ term, children }: { readonly term: string; readonly children: ComponentChildren }) {
  return (
    <div>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </div>
  )
}
