/**
 * What was found on one purpose or policy: a sentence first, then what it rests on, with each term explained. It may be the answer of the ledger
 * that served the page, or that of a file, whose texts this ledger may not have.
 */
import type { ComponentChildren } from 'preact'
import { localText } from '../../../shared/consent/language.ts'
import type { StatusAnswer } from '../../../shared/consent/status-answer.ts'
import { Notice } from '../components/notice.tsx'
import { useFormats, useLanguage, useWords } from '../shell/language.ts'
import { DecidingEvent, type ShownEvent } from './deciding-event.tsx'
import { whoRecorded } from './how-recorded.ts'
import { isWord, named } from './named.ts'
import { type Context, useSentence } from './sentence.ts'
import { type ShownVersion, TextVersion } from './text-version.tsx'
import { toneOf } from './tone.ts'
import { WithoutEffect } from './without-effect.tsx'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

export interface FindingViewProps {
  readonly answer: StatusAnswer
  readonly topic: Context['topic'] & { readonly history: { readonly versions: readonly ShownVersion[] } }
  readonly at: string
  /** The person's events on the topic, among which is the deciding one. */
  readonly events: readonly ShownEvent[]
  readonly changes?: Context['changes']
  /** Set when the question was about what was known at an earlier instant. */
  readonly knownAt?: string | undefined
  /** Whose published texts are linked; absent for a file's answer. */
  readonly controller?: string
  /** The answer in the words of whoever made it, and their language. */
  readonly ownSentence: { readonly text: string; readonly lang: string }
  /** What else the reader has to know, before the details. */
  readonly children?: ComponentChildren
}

export function FindingView({
  answer,
  topic,
  at,
  events,
  changes = [],
  knownAt,
  controller,
  ownSentence,
  children,
}: FindingViewProps) {
  const words = useWords(english, swedish)
  const formats = useFormats()
  const language = useLanguage()
  const sentence = useSentence()
  const { knownThen, ...now } = answer
  const context = { topic, at, events, changes }
  const event = events.find(({ eventId }) => eventId === answer.decidedBy)
  const who = event && whoRecorded(event.who)
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
      {knownAt !== undefined && <p class="aside">{words('asKnown', { knownAt: formats.instant(knownAt) })}</p>}
      {answer.conflicts.includes('gpc') && <Notice kind="warning">{words('conflict')}</Notice>}
      {answer.clock === 'ahead' && <Notice kind="warning">{words('clockAhead')}</Notice>}
      {differs && (
        <Notice kind="warning" title={words('knownThen')}>
          <p>{sentence(knownThen, context)}</p>
        </Notice>
      )}
      {children}
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
        <p lang={ownSentence.lang}>{ownSentence.text}</p>
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
