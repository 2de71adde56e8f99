/**
 * Rows of an export of statuses: how a subject stands, in a line for each purpose or policy that was asked for. They are at the leaf of the
 * subject's first event in the log, so a walk over the log meets each subject once without remembering whom it has met.
 *
 * The status is the one that `POST /v1/audit/consents` gives, of this subject alone: linked subjects have a row each.
 */
import type { KeyObject } from 'node:crypto'
import type { ExportDraft } from '../api/schemas/exports.ts'
import type { Identity } from '../consent/event.ts'
import { allTopics, readEvents, type Topic } from '../ledger/answers/answers-for-subject.ts'
import {
  statusesFrom,
  type TopicAnswer,
  type TopicWithHistory,
  topicsWithHistory,
} from '../ledger/answers/statuses-for-subject.ts'
import type { ControllerSnapshot } from '../ledger/controllers/controller-snapshots.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { WalkedLeaf, WalkedSubject } from '../ledger/log-events/walked-leaf.ts'
import { type Item, queryAll } from '../ledger/store.ts'
import { storedUnder } from '../ledger/vault/vault.ts'
import type { LeafOutcome } from './leaf-outcomes.ts'
import { type Column, namedAs, namedCells, namedColumns, placed, placedColumns } from './rows.ts'

const text = (name: string): Column => ({ name, type: 'text' })

export const statusColumns = (draft: ExportDraft): readonly Column[] => [
  ...placedColumns,
  ...namedColumns(draft.identifiers),
  ...['purposeId', 'policyId', 'status', 'reason', 'basis', 'inForce', 'shown', 'grade', 'decidedBy'].map(text),
  { name: 'permittedByConsent', type: 'flag' },
  { name: 'demonstrable', type: 'flag' },
  { name: 'endsAt', type: 'time' },
  { name: 'at', type: 'time' },
]

export interface StatusRows {
  rowOf(leaf: WalkedLeaf): Promise<LeafOutcome>
}

/**
 * @param to leaves from this index on do not count
 * @param requestedAt the statuses are as known then
 */
export async function statusRows(
  ledger: Ledger,
  snapshot: ControllerSnapshot,
  draft: ExportDraft,
  pseudonymKey: KeyObject,
  { to, requestedAt }: { readonly to: number; readonly requestedAt: string },
): Promise<StatusRows> {
  const topics = await topicsWithHistory(ledger, snapshot, topicsOf(snapshot, draft))
  const at = draft.at ?? requestedAt
  const instants = { at, knownAt: requestedAt, askedAt: requestedAt }
  const met = recentlyMet()

  /** Index of the subject's first leaf. An event without an index row is newer than the log that is exported. */
  async function firstLeaf(events: readonly Item[]): Promise<number> {
    const rows = await ledger.log.get(events.map(({ pk, sk }) => ({ pk, sk })))
    return Math.min(...rows.map((row) => (row === undefined ? to : Number(row.values.index))))
  }

  return {
    async rowOf(leaf) {
      const { event } = leaf
      if (event === undefined) return { fate: 'other' }
      const subject = 'subject' in event ? event.subject : undefined
      if (subject === undefined) return { fate: event.state === 'opened' ? 'unreadable' : event.state }
      if (met.has(subject.keys.pk)) return { fate: 'elsewhere' }
      const events: Item[] = []
      for await (const item of queryAll(ledger.entries, subject.keys.pk, { prefix: 'event#' })) events.push(item)
      met.add(subject.keys.pk)
      if ((await firstLeaf(events)) !== leaf.index) return { fate: 'elsewhere' }
      const read = await statusesOf(ledger, snapshot, subject, topics, instants)
      // Erased since the walk read its rows.
      if (read === undefined) return { fate: 'erased' }
      const wanted = read.consents.filter((answer) => isWanted(answer, draft))
      if (wanted.length === 0) return { fate: 'filtered' }
      const named = namedAs(draft.identifiers, pseudonymKey, read.identity, subject.keys.sub)
      const place = placed(leaf)
      return {
        fate: 'exported',
        row: {
          record: { ...place, ...named, at, consents: wanted.map(shortened) },
          cells: wanted.map((answer) => ({ ...place, ...namedCells(named), ...shortened(answer), at })),
        },
      }
    },
  }
}

function topicsOf(snapshot: ControllerSnapshot, { purposeId, policyId }: ExportDraft): Topic[] {
  if (purposeId !== undefined) return [{ purposeId }]
  return policyId === undefined ? allTopics(snapshot) : [{ policyId }]
}

async function statusesOf(
  ledger: Ledger,
  snapshot: ControllerSnapshot,
  { rowsPk }: WalkedSubject,
  topics: readonly TopicWithHistory[],
  { askedAt, ...instants }: { readonly at: string; readonly knownAt: string; readonly askedAt: string },
): Promise<{ readonly consents: readonly TopicAnswer[]; readonly identity?: Identity } | undefined> {
  // The form is in the events; no rule of status depends on it.
  const stored = await storedUnder(ledger, { form: unnamed, pk: rowsPk })
  if (stored === undefined) return undefined
  const read = await readEvents(ledger, snapshot, unnamed, askedAt, stored)
  const identity = read.opened[0]?.event.identity
  return { ...statusesFrom(read, topics, instants), ...(identity && { identity }) }
}

const unnamed: Identity = { type: 'account', id: '' }

/** Without a wish for certain statuses, all but those of whom nothing is recorded. */
function isWanted({ status, reason, shown }: TopicAnswer, draft: ExportDraft): boolean {
  if (draft.version !== undefined && shown !== draft.version) return false
  return draft.statuses === undefined ? reason !== 'nothing-recorded' : draft.statuses.some((each) => each === status)
}

function shortened(answer: TopicAnswer) {
  const { purposeId, policyId, status, reason, basis, inForce, shown, grade, decidedBy } = answer
  const { permittedByConsent, demonstrable, endsAt } = answer
  const text = { purposeId, policyId, status, reason, basis, inForce, shown, grade, decidedBy }
  return { ...text, permittedByConsent, demonstrable, endsAt }
}

/** Subjects whose first leaf lies behind. Only saves look-ups, so it may forget. */
function recentlyMet(limit = 50_000): Pick<Set<string>, 'has' | 'add'> {
  const kept = new Set<string>()
  return {
    has: (subject) => kept.has(subject),
    add(subject) {
      kept.add(subject)
      if (kept.size > limit) for (const oldest of [...kept].slice(0, limit / 10)) kept.delete(oldest)
      return kept
    },
  }
}
