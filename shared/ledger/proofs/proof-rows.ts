/**
 * The rows that a proof is assembled from, gathered by reading: every event of the subject, and the records of the policy that decides the
 * question. When the proof has pending entries, a caller can wait until the log covers them (`coversProofRows`, two calls).
 *
 * Gather again after a wait: an entry recorded meanwhile may be in the checkpoint, and a proof must have or name everything in it.
 */
import { type Identity, targetId } from '../../consent/event.ts'
import type { PolicyVersion, Presentation, Retraction } from '../../consent/policy.ts'
import { presentationLeaf, retractionLeaf, versionLeaf } from '../../consent/published-leaf.ts'
import type { Unreadable } from '../../consent/unreadable.ts'
import {
  type AskedSubject,
  askedSubject,
  compareByRecording,
  historyOf,
  storedEvents,
  type Topic,
  unreadableIn,
} from '../answers/answers-for-subject.ts'
import { type ControllerSnapshot, policyPk } from '../controllers/controller-snapshots.ts'
import type { OpenedCompletion } from '../fan-out/completions.ts'
import { type Ledger, timestamp } from '../ledger.ts'
import type { OpenedLinkAct } from '../links/link-entries.ts'
import { type AdmitLinked, type LinkedSubject, linkedSubjects } from '../links/linked-subjects.ts'
import { checkpointBefore, type LogReader } from '../log/log-reader.ts'
import { readPosition } from '../log/log-view.ts'
import type { SetBack } from '../log/set-backs.ts'
import { type OpenedEvent, receiptIdOf } from '../recording/sealed-event.ts'
import type { Item, Key } from '../store.ts'
import { vaultScope } from '../vault/subject-keys.ts'
import { keysUnreadable, type StoredSubject } from '../vault/vault.ts'
import { PendingList, type PendingName } from './pending-entries.ts'
import { completionRows } from './proof-completions.ts'
import { type MandatePart, mandateRows } from './proof-mandates.ts'

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
  /** Where the log's clock was set back, as far as the controller's snapshot knows. */
  readonly setBacks: readonly SetBack[]
  /** Both sides of each link that stands, under the subject asked about; empty in the rows of a linked subject. */
  readonly links: readonly LinkRows[]
  /** Oldest record first. */
  readonly events: readonly ProofRow<OpenedEvent>[]
  readonly versions: readonly ProofRow<PolicyVersion>[]
  readonly retractions: readonly ProofRow<Retraction>[]
  /** Those that the events on the topic name. */
  readonly presentations: readonly ProofRow<Presentation>[]
  /** Those that the events on the topic name, with their revocations. */
  readonly mandates: readonly ProofRow<MandatePart>[]
  /** Reports of receivers about the events on the topic, and maybe others. */
  readonly completions: readonly OpenedCompletion[]
  /** Events whose keys are destroyed. */
  readonly closed: readonly Item[]
  /** What cannot be read, and the rows of the events among it. */
  readonly unreadable: readonly Unreadable[]
  readonly unreadableRows: readonly Item[]
}

/** A linked subject: the sides of the link, and what its own proof is assembled from. */
export interface LinkRows {
  readonly linkId: string
  readonly here: ProofRow<OpenedLinkAct>
  readonly there: ProofRow<OpenedLinkAct>
  readonly rows: ProofRows
}

/**
 * @param subject the person, in any spelling of the identifier
 * @param instants those of the question: the links that stand then are followed
 * @param stored the person's rows in the vault, when this request has just read them
 * @param admitLinked called with the subjects that the person is linked to, before anything of theirs is read
 * @throws `unknown-purpose` or `unknown-policy` when no version of the controller ever declared the topic
 */
export async function gatherProofRows(
  ledger: Ledger,
  snapshot: ControllerSnapshot,
  subject: Identity,
  topic: Topic,
  { at, knownAt }: { readonly at: string; readonly knownAt: string },
  stored?: StoredSubject,
  admitLinked: AdmitLinked = async () => true,
): Promise<ProofRows> {
  const asked = await askedSubject(ledger, snapshot, subject, stored)
  // Events and links are read at the same time.
  const [rows, linked] = await Promise.all([
    gatherRowsOfOne(ledger, snapshot, subject, topic, stored, asked),
    asked.subject ? linkedSubjects(ledger, vaultScope(snapshot), asked.subject, { at, knownAt }) : [],
  ])
  if (linked.length === 0 || !(await admitLinked(linked))) return rows
  const links = await Promise.all(
    linked.map(async ({ linkId, keys: its, stored: of, here, there }): Promise<LinkRows> => {
      // Without them a proof would leave out what may be a no.
      if (its === undefined) throw keysUnreadable()
      const side = (acts: LinkedSubject['here']) => {
        const found = acts.find(({ act }) => act.act === 'link' && act.linkId === linkId)
        if (found === undefined) throw new Error('a link that stands has no entry')
        const name = { kind: 'link', linkId } as const
        return { of: found, key: found.key, leaf: found.leaf, statedAt: found.act.recordedAt, name }
      }
      const rowsOfLinked = await gatherRowsOfOne(ledger, snapshot, of.name.form, topic, of)
      return { linkId, here: side(here), there: side(there), rows: rowsOfLinked }
    }),
  )
  return { ...rows, links }
}

async function gatherRowsOfOne(
  ledger: Ledger,
  snapshot: ControllerSnapshot,
  subject: Identity,
  topic: Topic,
  stored?: StoredSubject,
  asked?: AskedSubject,
): Promise<ProofRows> {
  const { controller } = snapshot.controller
  const read = await storedEvents(ledger, snapshot, subject, stored, asked)
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
    setBacks: snapshot.setBacks ?? [],
    links: [],
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
    mandates: await mandateRows(ledger.entries, read.subject, onTopic),
    completions: await completionRows(ledger.entries, vaultScope(snapshot), onTopic),
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
  const ofLinks = rows.links.flatMap(({ here, there }) => [here, there])
  const published = [...rows.versions, ...rows.retractions, ...rows.presentations]
  const opened = [...rows.events, ...published, ...ofLinks, ...rows.mandates]
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
  if (pending.entries.length > 0) return false
  const others = await Promise.all(rows.links.map((each) => coversProofRows(ledger, each.rows, knownAt)))
  return others.every(Boolean)
}
