/** An answer about one purpose or policy: a sentence first, then what it rests on, with each term explained. */
import type { ComponentChildren } from 'preact'
import type { Consents, Timeline } from '../../../shared/server/wire.ts'
import { Notice } from '../components/notice.tsx'
import type { Question } from '../question/question.ts'
import { localText, type Topic } from '../question/topics.ts'
import { useFormats, useLanguage, useWords } from '../shell/language.ts'
import { useSession } from '../shell/ledger.ts'
import { DecidingEvent } from './deciding-event.tsx'
import { whoRecorded } from './how-recorded.ts'
import { JointAnswer } from './joint-answer.tsx'
import { isWord, named } from './named.ts'
import { useSentence } from './sentence.ts'
import { TextVersion } from './text-version.tsx'
import { toneOf } from './tone.ts'
import { Unreadable } from './unreadable.tsx'
import { WithoutEffect } from './without-effect.tsx'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

export interface AnswerViewProps {
  /** The answer on the topic; the joint one with it. */
  readonly status: Consents
  /** The history on the same question, among whose events is the deciding one. */
  readonly timeline: Timeline
  readonly topic: Topic
  readonly question: Question
}

export function AnswerView({ status, timeline, topic, question }: AnswerViewProps) {
  const words = useWords(english, swedish)
  const formats = useFormats()
  const language = useLanguage()
  const { controller } = useSession()
  const sentence = useSentence()
  const answer = status.consents[0]
  if (answer === undefined) return null
  const { knownThen, ...now } = answer
  const { events, changes } = timeline
  const context = { topic, at: status.at, events, changes }
  const event = events.find(({ eventId }) => eventId === answer.decidedBy)
  const who = event && whoRecorded(event)
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
      <p class="sentence">{sentence(now, context)}</p>
      {isWord(`reason-${answer.reason}`) && <p>{named(words, 'reason', answer.reason)}</p>}
      {question.knownAt !== undefined && (
        <p class="aside">{words('asKnown', { knownAt: formats.instant(question.knownAt) })}</p>
      )}
      <Unreadable entries={status.unreadable} />
      {answer.conflicts.includes('gpc') && <Notice kind="warning">{words('conflict')}</Notice>}
      {answer.clock === 'ahead' && <Notice kind="warning">{words('clockAhead')}</Notice>}
      {differs && (
        <Notice kind="warning" title={words('knownThen')}>
          <p>{sentence(knownThen, context)}</p>
        </Notice>
      )}
      <JointAnswer status={status} timeline={timeline} topic={topic} />
      <dl class="facts">
        {event && (
          <Fact term={words('decidedBy')}>
            <DecidingEvent event={event} />
          </Fact>
        )}
        {who && <Fact term={words('assurance')}>{named(words, 'assurance', who.assurance)}</Fact>}
        {answer.mandate !== undefined && (
          <Fact term={words('mandate')}>{words('byMandate', { mandate: answer.mandate })}</Fact>
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
          <Fact term={words('noService')}>{localText(answer.noServiceJustification, language)}</Fact>
        )}
      </dl>
      <WithoutEffect list={answer.withoutEffect} events={events} />
      <details>
        <summary>{words('ledgerSentence')}</summary>
        <p lang={status.language ?? 'en'}>{answer.sentence}</p>
      </details>
    </section>
  )
}

function Fact({ term, children }: { readonly term: string; readonly children: ComponentChildren }) {
  return (
    <div>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </div>
  )
}
