/**
 * The rows that a proof is assembled from, gathered by reading: every event of the subject, and the records of the policy that decides the
 * question. When the proof has pending entries, a caller can wait until the log covers them (`coversProofRows`, two calls).
 *
 * Gather again after a wait: an entry recorded meanwhile may be in the checkpoint, and a proof must have or name everything in it.
 */
import { type Identity, targetId } from '../consent/event.ts'
import type { PolicyVersion, Presentation, Retraction } from '../consent/policy.ts'
import { presentationLeaf, retractionLeaf, versionLeaf } from '../consent/published-leaf.ts'
import type { Unreadable } from '../consent/unreadable.ts'
import { compareByRecording, historyOf, storedEvents, type Topic, unreadableIn } from './answers-for-subject.ts'
import { type ControllerSnapshot, policyPk } from './controller-snapshots.ts'
import { type Ledger, timestamp } from './ledger.ts'
import { checkpointBefore, type LogReader } from './log/log-reader.ts'
import { readPosition } from './log/log-view.ts'
import { PendingList, type PendingName } from './pending-entries.ts'
import { type OpenedEvent, receiptIdOf } from './sealed-event.ts'
import type { Item, Key } from './store.ts'
import type { StoredSubject } from './vault.ts'

/** An entry whose content is known, with its leaf bytes and the time that it states (RFC 3339). */
export interface ProofRow<T> {
  readonly of: T
  readonly key: Key
  readonly leaf: string
  readonly statedAt: string
  /** How the proof names it while the log lacks it. */
  readonly name: PendingName
}

export interface ProofRows {
  readonly controller: string
  readonly topic: Topic
  /** The form of the identifier that the subject's events have. */
  readonly identity: Identity
  readonly policyId: string
  /** Oldest record first. */
  readonly events: readonly ProofRow<OpenedEvent>[]
  readonly versions: readonly ProofRow<PolicyVersion>[]
  readonly retractions: readonly ProofRow<Retraction>[]
  /** Those that the events on the topic name. */
  readonly presentations: readonly ProofRow<Presentation>[]
  /** Events whose keys are destroyed. */
  readonly closed: readonly Item[]
  /** What cannot be read, and the rows of the events among it. */
  readonly unreadable: readonly Unreadable[]
  readonly unreadableRows: readonly Item[]
}

/**
 * @param subject the person, in any spelling of the identifier
 * @param stored the person's rows in the vault, when this request has just read them
 * @throws `unknown-purpose` or `unknown-policy` when no version of the controller ever declared the topic
 */
export async function gatherProofRows(
  ledger: Ledger,
  snapshot: ControllerSnapshot,
  subject: Identity,
  topic: Topic,
  stored?: StoredSubject,
): Promise<ProofRows> {
  const { controller } = snapshot.controller
  const read = await storedEvents(ledger, snapshot, subject, stored)
  const events = read.opened.sort(compareByRecording)
  const history = await historyOf(ledger, snapshot, topic)
  const { policyId } = history
  const pk = policyPk(controller, policyId)
  const onTopic = events.filter((opened) => decidesOn(opened, topic))
  const shown = new Set(onTopic.map(({ event }) => event.how.presentationId))
  return {
    controller,
    topic,
    identity: read.identity,
    policyId,
    events: events.map((of) => ({
      of,
      key: of.key,
      leaf: of.leaf,
      statedAt: of.event.times.recordedAt,
      name: { kind: 'event', receiptId: receiptIdOf(of.key) },
    })),
    versions: history.versions.map((of) =>
      publishedRow(of, pk, 'version', of.version, versionLeaf(of), of.publishedAt),
    ),
    retractions: history.retractions.map((of) =>
      publishedRow(of, pk, 'retraction', of.version, retractionLeaf(policyId, of), of.retractedAt),
    ),
    presentations: history.presentations
      .filter(({ presentationId }) => shown.has(presentationId))
      .map((of) => publishedRow(of, pk, 'presentation', of.presentationId, presentationLeaf(of), of.publishedAt)),
    closed: read.closed,
    unreadable: [...read.unreadable, ...unreadableIn(history)],
    unreadableRows: read.unreadableRows,
  }
}

export function decidesOn({ event }: OpenedEvent, topic: Topic): boolean {
  return event.decisions.some((decision) => targetId(decision) === targetId(topic))
}

const skPrefixes = { version: 'version#', retraction: 'retracted#', presentation: 'presentation#' } as const

function publishedRow<T>(
  of: T,
  pk: string,
  kind: keyof typeof skPrefixes,
  name: string,
  leaf: string,
  statedAt: string,
): ProofRow<T> {
  return { of, key: { pk, sk: skPrefixes[kind] + name }, leaf, statedAt, name: { kind, name } }
}

/**
 * Whether a proof assembled from these rows now would name none as pending: each has an index row, within the newest checkpoint. One
 * query and one read of the index rows; no tile is read and nothing is proven.
 *
 * @param knownAt of the question, RFC 3339; rows recorded later cannot change its answer and need not be in the log
 */
export async function coversProofRows(
  ledger: Pick<LogReader, 'log'> & Pick<Ledger, 'clock'>,
  rows: ProofRows,
  knownAt?: string,
): Promise<boolean> {
  const opened = [...rows.events, ...rows.versions, ...rows.retractions, ...rows.presentations]
  const pending = new PendingList(timestamp(ledger.clock), knownAt)
  const [newest, indexRows] = await Promise.all([
    checkpointBefore(ledger, rows.controller, Number.MAX_SAFE_INTEGER),
    ledger.log.get([...opened.map(({ key }) => key), ...rows.closed]),
  ])
  const isLogged = indexRows.map((row) => row !== undefined && readPosition(row).index < (newest?.size ?? 0))
  opened.forEach(({ name, leaf, statedAt }, i) => {
    if (!isLogged[i]) pending.add(name, leaf, statedAt)
  })
  rows.closed.forEach((item, i) => {
    if (!isLogged[opened.length + i]) pending.addClosed(item)
  })
  return pending.entries.length === 0
}
