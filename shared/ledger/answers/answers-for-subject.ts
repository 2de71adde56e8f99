/**
 * Answers questions about a subject: reads all of its events (one partition, strongly consistent), opens them with its keys and applies the rules in
 * `shared/consent`. An unknown subject has no events and gets an answer of the same form.
 */
import type { Identity } from '../../consent/event.ts'
import { isEventLeafOf } from '../../consent/leaf.ts'
import { compareText, type PolicyHistory } from '../../consent/policy.ts'
import { policyFor } from '../../consent/recording.ts'
import type { FoldEvent, UnopenedEvents } from '../../consent/status-answer.ts'
import { maxUnreadableNamed, type Unreadable } from '../../consent/unreadable.ts'
import { LedgerError } from '../../errors.ts'
import type { ControllerSnapshot } from '../controllers/controller-snapshots.ts'
import { type Ledger, timestamp } from '../ledger.ts'
import type { ListedMandate } from '../mandates/mandates-of-events.ts'
import { lastInstantOf, type OpenedEvent, openEvent, receiptIdOf, yearOfItem } from '../recording/sealed-event.ts'
import { type Item, queryAll } from '../store.ts'
import { normaliseIdentity } from '../vault/identity-names.ts'
import { type SubjectKeys, vaultScope } from '../vault/subject-keys.ts'
import { type NamedKeys, type StoredSubject, storedUnder, subjectKeysForReading } from '../vault/vault.ts'
import { compareEventsWithLog } from './compare-with-log.ts'

/** The topic of a question: one purpose or one policy. */
export type Topic =
  | { readonly purposeId: string; readonly policyId?: never }
  | { readonly policyId: string; readonly purposeId?: never }

export interface QuestionInstants {
  readonly at: string
  readonly knownAt: string
}

/** `askedAt`: when the question arrived by the ledger's clock; everything stored counts as known by then. */
export interface AskedInstants extends QuestionInstants {
  readonly askedAt: string
}

/** Every event of the subject that can be opened, in key order. Do not compute a status from these alone: some may be missing. */
export async function eventsOf(
  ledger: Ledger,
  snapshot: ControllerSnapshot,
  identity: Identity,
): Promise<OpenedEvent[]> {
  return (await readEvents(ledger, snapshot, identity)).opened
}

/** An event with what its answer needs to know beside it. */
type ReadEvent = OpenedEvent & Pick<FoldEvent, 'knownFrom' | 'mandate'>

export interface EventsRead {
  /** The form of the identifier under which the subject is stored, and which its events have; the current one for an unknown subject. */
  readonly identity: Identity
  /** The subject's keys; absent for an unknown subject, and when they cannot be read. */
  readonly subject?: NamedKeys
  /** In the order of their keys. */
  readonly opened: ReadEvent[]
  /** Mandates that the events name; absent when there are none. */
  readonly mandates?: readonly ListedMandate[]
  /** Events whose year's key retention destroyed. */
  readonly closed: Item[]
  /** Names of the entries that cannot be read. */
  readonly unreadable: Unreadable[]
  /** Rows of the events named there, for a proof. */
  readonly unreadableRows: Item[]
}

/** Reads the subject's events, with the mandates that they name. An event whose time the log contradicts gets the time from which the log knew it. */
export async function readEvents(
  ledger: Ledger,
  snapshot: ControllerSnapshot,
  identity: Identity,
  askedAt = timestamp(ledger.clock),
  stored?: StoredSubject,
): Promise<EventsRead> {
  const read = await storedEvents(ledger, snapshot, identity, stored)
  const opened = await compareEventsWithLog(ledger, snapshot, read.opened, askedAt)
  if (read.subject === undefined || !opened.some(namesMandate)) return { ...read, opened }
  const { attachMandates } = await import('../mandates/mandates-of-events.ts')
  const mandates = await attachMandates(ledger, snapshot, opened, read.subject, askedAt)
  return { ...read, opened, ...(mandates.length > 0 && { mandates }) }
}

const namesMandate = ({ event }: Pick<FoldEvent, 'event'>) => event.who.actor.mandateId !== undefined

/** Whom a question is about, before anything else of the subject is read. */
export type AskedSubject = Pick<EventsRead, 'identity' | 'subject' | 'unreadable'>

/** @param stored the subject's rows in the vault, when this request has just read them; otherwise they are read here */
export async function askedSubject(
  ledger: Ledger,
  snapshot: ControllerSnapshot,
  identity: Identity,
  stored?: StoredSubject,
): Promise<AskedSubject> {
  const scope = vaultScope(snapshot)
  const unreadable: Unreadable[] = []
  let subject: NamedKeys | undefined
  try {
    subject = await subjectKeysForReading(ledger, scope, identity, [], stored)
  } catch (error) {
    if (!(error instanceof LedgerError) || error.code !== 'keys-unreadable') throw error
    unreadable.push({ code: 'keys-unreadable' })
  }
  const named = subject?.identity ?? (await normaliseIdentity(identity, scope.country))
  return { identity: named, ...(subject && { subject }), unreadable }
}

/**
 * Every event of the subject, as it is stored. A row that cannot be read is named and does not stop the others.
 *
 * @param stored the subject's rows in the vault, when this request has just read them
 * @param asked the subject, when the caller needs its keys at the same time
 */
export async function storedEvents(
  ledger: Ledger,
  snapshot: ControllerSnapshot,
  identity: Identity,
  stored?: StoredSubject,
  asked?: AskedSubject,
): Promise<EventsRead> {
  const scope = vaultScope(snapshot)
  const { subject, ...found } = asked ?? (await askedSubject(ledger, snapshot, identity, stored))
  const nothing: EventsRead = {
    ...found,
    unreadable: [...found.unreadable],
    opened: [],
    closed: [],
    unreadableRows: [],
  }
  if (subject === undefined) return nothing
  const read: EventsRead = { ...nothing, subject }
  const doubtful: Item[] = []
  for await (const item of queryAll(ledger.entries, subject.pk, { prefix: 'event#' })) {
    const { state, opened } = openEvent(item, subject)
    if (opened) read.opened.push(opened)
    else if (state === 'closed' && (isOfYearToCome(ledger, item) || !mayHaveLapsed(subject, item))) doubtful.push(item)
    // A row without a leaf of its subject was planted: sealing always writes one.
    else if (state === 'closed' && isEventLeafOf(item.values.leaf, subject.sub)) read.closed.push(item)
    else addUnreadable(read, item)
  }
  if (doubtful.length === 0) return read
  // A year's row may have been inserted after the keys were read.
  const again = stored && (await storedUnder(ledger, stored.name))
  const keys = (await subjectKeysForReading(ledger, scope, identity, yearsToCome(ledger, doubtful), again)) ?? subject
  for (const item of doubtful) {
    const { opened } = openEvent(item, keys)
    if (opened) read.opened.push(opened)
    else addUnreadable(read, item)
  }
  return read
}

/**
 * Retention takes the oldest years first (`lapse.ts`). So an event whose key is gone although that of an earlier year is there was lost in
 * another way, and may be the withdrawal of a consent that can still be read.
 */
function mayHaveLapsed({ years }: SubjectKeys, item: Item): boolean {
  return yearOfItem(item) < Math.min(...years.keys())
}

function addUnreadable({ unreadable, unreadableRows }: EventsRead, item: Item): void {
  if (unreadableRows.length < maxUnreadableNamed) {
    unreadable.push({ code: 'event-unreadable', receiptId: receiptIdOf(item) })
    unreadableRows.push(item)
    return
  }
  const last = unreadable.at(-1)
  const more = last?.code === 'more-unreadable' ? last.count : 0
  unreadable.splice(maxUnreadableNamed, 1, { code: 'more-unreadable', count: more + 1 })
}

/** The events and records that an answer under this policy could not read. */
export function unopenedEventsFor(
  { closed, unreadable }: Pick<EventsRead, 'closed' | 'unreadable'>,
  history: PolicyHistory,
  knownAt: string,
): UnopenedEvents {
  const expired = closed.filter((item) => isRecordedBy(knownAt, item))
  return { ...expiredAmong(expired), unreadable: [...unreadable, ...unreadableIn(history)] }
}

/** How many events whose keys are destroyed, and the end of the hour in which the newest of them was recorded. */
export function expiredAmong(closed: readonly Item[]): Pick<UnopenedEvents, 'expired' | 'expiredUntil'> {
  const newest = closed.map(lastInstantOf).sort().at(-1)
  return { expired: closed.length, ...(newest !== undefined && { expiredUntil: newest }) }
}

/** Records of the policy that cannot be read. */
export function unreadableIn({ policyId, unreadable = [] }: PolicyHistory): Unreadable[] {
  return unreadable.map((name) => ({ code: 'publication-unreadable', policyId, name }))
}

/** Records of all policies of a controller that cannot be read. */
export function publicationsUnreadable({ policies }: ControllerSnapshot): Unreadable[] {
  return [...policies.values()].flatMap(unreadableIn)
}

/** Judged by the hour, because an entry has no finer time in clear. */
export function isRecordedBy(knownAt: string, { values: { hour } }: Item): boolean {
  return `${hour}:00:00.000Z` <= knownAt
}

/** Judged by the hour that the row states. Keys of future years are never destroyed, so a closed row of one was never sealed. */
export function isOfYearToCome({ clock }: Pick<Ledger, 'clock'>, item: Item): boolean {
  return yearOfItem(item) > new Date(clock()).getUTCFullYear()
}

/** Bound on the future years whose keys are looked up, because planted rows may state any hour. */
const maxYearsAhead = 8

/** The subject's keys, with those of years to come in which a wrong clock stamped some of these events; usually there are none. */
export async function keysWithYearsOf(
  ledger: Ledger,
  snapshot: ControllerSnapshot,
  identity: Identity,
  subject: SubjectKeys,
  items: readonly Item[],
): Promise<SubjectKeys> {
  const ahead = yearsToCome(ledger, items)
  if (ahead.length === 0) return subject
  return (await subjectKeysForReading(ledger, vaultScope(snapshot), identity, ahead)) ?? subject
}

function yearsToCome(ledger: Pick<Ledger, 'clock'>, items: readonly Item[]): number[] {
  const ahead = items.filter((item) => isOfYearToCome(ledger, item)).map(yearOfItem)
  return [...new Set(ahead)].slice(0, maxYearsAhead)
}

/** Oldest record first. */
export function compareByRecording({ event: a }: OpenedEvent, { event: b }: OpenedEvent): number {
  return compareText(a.times.recordedAt, b.times.recordedAt) || compareText(a.eventId, b.eventId)
}

/** All topics: each policy, and each purpose that a version ever declared. */
export function allTopics(snapshot: ControllerSnapshot): Topic[] {
  return [
    ...[...snapshot.purposes.keys()].map((purposeId) => ({ purposeId })),
    ...[...snapshot.policies.keys()].map((policyId) => ({ policyId })),
  ]
}

/** The history that decides a topic: of the policy that owns the purpose, or of the policy itself. */
export async function historyOf(ledger: Ledger, snapshot: ControllerSnapshot, topic: Topic): Promise<PolicyHistory> {
  const found =
    policyFor(snapshot, topic) ??
    policyFor((await ledger.controllers.current(snapshot.controller.controller)) ?? snapshot, topic)
  if (found) return found
  const isPurpose = topic.purposeId !== undefined
  throw new LedgerError(
    isPurpose ? 'unknown-purpose' : 'unknown-policy',
    isPurpose ? 'no policy of this controller ever declared this purpose' : 'this controller has no such policy',
    {
      field: isPurpose ? '/purposeId' : '/policyId',
      given: topic.purposeId ?? topic.policyId,
      allowed: [...(isPurpose ? snapshot.purposes : snapshot.policies).keys()].sort(),
    },
  )
}

/** An answer's own `unreadable` is absent when there is nothing to name. */
export interface UnreadableNames {
  readonly unreadable?: readonly Unreadable[]
}

export function unreadableMember(unreadable: readonly Unreadable[] = []): UnreadableNames {
  return unreadable.length === 0 ? {} : { unreadable }
}
