/**
 * Answers: what the recorded events of a subject amount to. All events of the subject are read (strongly consistent, one
 * partition), opened with its keys, and folded by the law in `shared/consent`. A subject that the ledger does not know has no
 * events, and gets the same form of answer.
 */
import type { Identity } from '../consent/event.ts'
import { compareText, type PolicyHistory } from '../consent/policy.ts'
import { statusOf } from '../consent/status.ts'
import type { StatusAnswer, UnopenedEvents } from '../consent/status-answer.ts'
import { type TimelineEntry, timelineOf } from '../consent/timeline.ts'
import { LedgerError } from '../errors.ts'
import { type ControllerBook, policyFor } from './controllers.ts'
import type { Ledger } from './ledger.ts'
import { type OpenedEvent, openEvent, yearOfItem } from './sealed-event.ts'
import { type Item, queryAll } from './store.ts'
import { type SubjectKeys, subjectKeysForReading } from './vault.ts'

/** What is asked about: one purpose or one policy. */
export type Topic =
  | { readonly purposeId: string; readonly policyId?: never }
  | { readonly policyId: string; readonly purposeId?: never }

export interface Instants {
  readonly at: string
  readonly knownAt: string
}

/** Every event of the subject that can still be opened, in the order of its keys. */
export async function eventsOf(ledger: Ledger, book: ControllerBook, identity: Identity): Promise<OpenedEvent[]> {
  return (await readEvents(ledger, book, identity)).opened
}

export interface EventsRead {
  readonly opened: OpenedEvent[]
  /** Those whose year's key is destroyed: that they were there is all that can be said. */
  readonly closed: Item[]
}

export async function readEvents(ledger: Ledger, book: ControllerBook, identity: Identity): Promise<EventsRead> {
  const { controller } = book.controller
  const subject = await subjectKeysForReading(ledger, { controller, secrets: book.secrets }, identity)
  const read: EventsRead = { opened: [], closed: [] }
  if (subject === undefined) return read
  const items: Item[] = []
  for await (const item of queryAll(ledger.entries, subject.pk, { prefix: 'event#' })) items.push(item)
  const keys = await withYearsOf(ledger, book, identity, subject, items)
  for (const item of items) {
    const opened = openEvent(item, keys)
    if (opened) read.opened.push(opened)
    else read.closed.push(item)
  }
  return read
}

/** Those closed events that were recorded by `knownAt`, as far as the hour tells, which is all that an entry has in clear. */
export function unopenedBy(knownAt: string, closed: readonly Item[]): UnopenedEvents {
  return { expired: closed.filter((item) => isRecordedBy(knownAt, item)).length }
}

export function isRecordedBy(knownAt: string, { values: { hour } }: Item): boolean {
  return `${hour}:00:00.000Z` <= knownAt
}

/** The subject's keys, with those of years to come in which a wrong clock stamped some of these events; usually there are none. */
export async function withYearsOf(
  ledger: Ledger,
  { controller: { controller }, secrets }: ControllerBook,
  identity: Identity,
  subject: SubjectKeys,
  items: readonly Item[],
): Promise<SubjectKeys> {
  const thisYear = new Date(ledger.clock()).getUTCFullYear()
  const ahead = [...new Set(items.map(yearOfItem))].filter((year) => year > thisYear)
  if (ahead.length === 0) return subject
  return (await subjectKeysForReading(ledger, { controller, secrets }, identity, ahead)) ?? subject
}

/** Oldest record first. */
export function byRecording({ event: a }: OpenedEvent, { event: b }: OpenedEvent): number {
  return compareText(a.times.recordedAt, b.times.recordedAt) || compareText(a.eventId, b.eventId)
}

/** Everything that one can ask about: each policy, and each purpose that a version ever declared. */
export function allTopics(book: ControllerBook): Topic[] {
  return [
    ...[...book.purposes.keys()].map((purposeId) => ({ purposeId })),
    ...[...book.policies.keys()].map((policyId) => ({ policyId })),
  ]
}

/** The history that decides a topic: of the policy that owns the purpose, or of the policy itself. */
export async function historyOf(ledger: Ledger, book: ControllerBook, topic: Topic): Promise<PolicyHistory> {
  const found =
    policyFor(book, topic) ?? policyFor((await ledger.books.fresh(book.controller.controller)) ?? book, topic)
  if (found) return found
  const isPurpose = topic.purposeId !== undefined
  throw new LedgerError(
    isPurpose ? 'unknown-purpose' : 'unknown-policy',
    `no version of a policy of this controller ever declared this ${isPurpose ? 'purpose' : 'policy'}`,
    {
      field: isPurpose ? '/purposeId' : '/policyId',
      given: topic.purposeId ?? topic.policyId,
      allowed: [...(isPurpose ? book.purposes : book.policies).keys()].sort(),
    },
  )
}

export type TopicAnswer = Topic & StatusAnswer

export async function askStatuses(
  ledger: Ledger,
  book: ControllerBook,
  identity: Identity,
  topics: readonly Topic[],
  instants: Instants,
): Promise<TopicAnswer[]> {
  const { opened, closed } = await readEvents(ledger, book, identity)
  const unopened = unopenedBy(instants.knownAt, closed)
  return Promise.all(
    topics.map(async (topic) => ({
      ...topic,
      ...statusOf({ ...topic, ...instants }, opened, await historyOf(ledger, book, topic), unopened),
    })),
  )
}

export interface Timeline {
  readonly changes: readonly TimelineEntry[]
  readonly events: readonly OpenedEvent[]
}

/** When the status changed, up to `at`, and every event of the subject known by then, oldest record first. */
export async function askTimeline(
  ledger: Ledger,
  book: ControllerBook,
  identity: Identity,
  topic: Topic,
  { at, knownAt }: Instants,
): Promise<Timeline> {
  const history = await historyOf(ledger, book, topic)
  const { opened, closed } = await readEvents(ledger, book, identity)
  const events = opened.filter(({ event }) => event.times.recordedAt <= knownAt).sort(byRecording)
  return { changes: timelineOf({ ...topic, knownAt }, events, history, at, unopenedBy(knownAt, closed)), events }
}
