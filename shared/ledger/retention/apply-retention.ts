/**
 * Applies retention to the vault, page by page: destroys the keys that have lapsed (`lapse.ts`). The row of a year is deleted. From the row
 * `subject` single values are removed, since its `sub` must live while another year does. When no year is left the subject is erased, with
 * an erasure entry of ground `retention`, so that the self-audit can distinguish it from a loss.
 *
 * The last year of a subject stays while a mandate of it stands (`consent/mandate.ts`), and nothing else of it is destroyed then.
 *
 * What a hold covers stays (`hold-turns.ts`). An erasure that was requested while a hold stood is carried out here when none stands any more,
 * and until then nothing else of the subject is destroyed.
 *
 * It also completes erasures that were cut short, and deletes years without their subject (`vault.ts`: nothing is sealed with those).
 *
 * A page in three steps: decide about every subject; record for each controller what is about to go; then decide about each of these
 * subjects once more, destroy, and record what went (`disposition-entries.ts`). So no key goes without a record, and a hold that is made
 * meanwhile is read before the subject's turn comes.
 *
 * A page can be processed again at any time; after a crash the next run does so. A subject without events is left alone, because it may be
 * an auditor’s, whose reads are sealed under its keys. A person who writes for the first time in years just before the deletion, within
 * milliseconds of the last look, is erased with what it wrote and is another subject from then on.
 */
import { type ControllerDisposal, type DisposalKind, DisposalSum } from '../../consent/disposals.ts'
import { erasureItem, erasureKey } from '../erasure/erasure-entry.ts'
import { erasureMark } from '../erasure/erasure-marks.ts'
import type { ErasureRequest } from '../erasure/waiting-erasures.ts'
import { isRecent, type Turn, takeTurn } from '../holds/hold-turns.ts'
import { holdsAgainstErasure } from '../holds/standing-holds.ts'
import { type RetentionJob, timestamp } from '../ledger.ts'
import { type Item, insertOne, type Key, type TableSlice } from '../store.ts'
import { rowsUnder } from '../vault/rows-under.ts'
import { planDisposition, recordDisposition } from './disposition-entries.ts'
import { forgetRows, removeOrphans } from './forget-rows.ts'
import { isYearOver, type Lapses } from './lapse.ts'
import { type RetentionCounts, zeroRetentionCounts } from './retention-counts.ts'
import {
  decideRetention,
  disposalsOf,
  holdsKeyOf,
  lapsedIn,
  type RetainedSubject,
  type RetentionDecision,
  type RetentionRun,
} from './retention-decision.ts'
import {
  ownerOf,
  partsOf,
  type RetentionScope,
  type RetentionScopes,
  retentionScopes,
  scopesAtOnce,
} from './retention-scopes.ts'

export interface RetentionPage extends RetentionCounts {
  /** What went, by which rule. */
  readonly disposals: readonly ControllerDisposal[]
  /** Pass as `after` to go on; absent on the last page. */
  readonly next?: Key
}

/** Subjects processed at once. */
const atOnce = 8

/** @param slice only this slice of the vault */
export async function applyRetentionToPage(
  retentionJob: RetentionJob,
  after?: Key,
  slice?: TableSlice,
  scopes: RetentionScopes = retentionScopes(retentionJob),
): Promise<RetentionPage> {
  const { items, next } = await retentionJob.vault.scan(after, slice)
  const run: RetentionRun = { retentionJob, scopes, done: zeroRetentionCounts() }
  run.done.orphans += await removeOrphans(
    retentionJob.vault,
    scopes,
    items.filter(({ sk }) => sk !== 'subject'),
  )
  const subjects = await subjectsThatMayLapse(
    run,
    items.filter(({ sk }) => sk === 'subject'),
  )
  const decisions: RetentionDecision[] = []
  await forEach(subjects, async (row) => {
    const decision = await decideRetention(run, row)
    if (decision !== undefined) decisions.push(decision)
  })
  const disposals: ControllerDisposal[] = []
  // Any reading of a controller's scope will do, because the keys in it never change.
  const scopesMet = new Map(decisions.map(({ subject: { scope } }) => [scope.controller, scope]))
  for (const [controller, scope] of scopesMet) {
    const ofController = decisions.filter(({ subject }) => subject.scope.controller === controller)
    const gone = await carryOutAll(run, scope, ofController)
    disposals.push(...gone.map((each) => ({ controller, ...each })))
  }
  return { ...run.done, disposals, ...(next && { next }) }
}

/** Waits for all of a part before the first error is thrown, so that nothing goes on after a run has failed. */
async function forEach<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  for (const part of partsOf(items, atOnce)) {
    const failed = (await Promise.allSettled(part.map(work))).find(({ status }) => status === 'rejected')
    if (failed?.status === 'rejected') throw failed.reason
  }
}

/**
 * Most subjects cost a hundredth of one call: nothing lapses of a subject whose first year is not over, since its other years are later.
 * Subjects that an erasure or a request for one names are looked at whatever their first year.
 */
async function subjectsThatMayLapse(
  { retentionJob, scopes, done }: RetentionRun,
  rows: readonly Item[],
): Promise<Item[]> {
  done.subjects += rows.length
  const owned: { readonly row: Item; readonly now: string; readonly entry: Key; readonly isRequested: boolean }[] = []
  for (const part of partsOf(rows, scopesAtOnce)) {
    const owners = await Promise.all(part.map((row) => ownerOf(scopes, [row])))
    for (const [i, row] of part.entries()) {
      const owner = owners[i]
      if (owner) {
        const { scope, keys } = owner
        const isRequested = scope.requested.has(keys.sub)
        owned.push({ row, now: scope.now, entry: erasureKey(scope.controller, keys.sub), isRequested })
      } else done.unreadable++
    }
  }
  const entries = await retentionJob.entries.get(owned.map(({ entry }) => entry))
  return owned.flatMap(({ row, now, isRequested }, i) =>
    entries[i] || isRequested || isYearOver(Number(row.values.year), now) ? [row] : [],
  )
}

/** @param decisions of the controller, at least one */
async function carryOutAll(run: RetentionRun, scope: RetentionScope, decisions: readonly RetentionDecision[]) {
  const { retentionJob } = run
  const planned = new DisposalSum()
  for (const kind of decisions.flatMap(disposalsOf)) planned.add(kind)
  const now = () => timestamp(retentionJob.clock)
  const plan = await planDisposition(retentionJob, scope, planned.rows(), now())
  const gone = new DisposalSum()
  await forEach(decisions, async (decision) => {
    for (const kind of await carryOut(run, decision)) gone.add(kind)
  })
  await recordDisposition(retentionJob, scope, plan, gone.rows(), now())
  return gone.rows()
}

/** Decides once more, and destroys. Returns what went. */
async function carryOut(run: RetentionRun, first: RetentionDecision): Promise<readonly DisposalKind[]> {
  const { retentionJob, done } = run
  const readAtMs = retentionJob.clock()
  const again = zeroRetentionCounts()
  const decision = await decideRetention({ ...run, done: again }, first.subject)
  if (decision === undefined) {
    done.unreadable += again.unreadable
    if (!('isHeld' in first && first.isHeld)) done.held += again.held
    return []
  }
  const { subject } = decision
  if (decision.does === 'finish') {
    await forgetRows(retentionJob.vault, subject.scope, subject.rows)
    done.erased++
    return disposalsOf(decision)
  }
  if (decision.does === 'carry-out') {
    const { scope, rows } = subject
    if ((await holdsAgainstErasure(retentionJob, scope, holdsKeyOf(subject), rows, scope.now)).length > 0) return []
    if (!isRecent(retentionJob.clock, readAtMs)) return []
    await retire(retentionJob, subject, decision.request)
    done.erased++
    return disposalsOf(decision)
  }
  const { lapsed, isLast, turns } = decision
  if (isLast && !(await isUnchanged(retentionJob, subject))) return []
  // Another writer that took the turn may have made a hold: the next run looks again.
  const turn: Turn = isLast ? { does: 'erase', at: timestamp(retentionJob.clock) } : { does: 'lapse' }
  const { entries, random } = retentionJob
  if (!(await takeTurn(entries, subject.scope.controller, holdsKeyOf(subject), turns, turn, random))) return []
  if (!isRecent(retentionJob.clock, readAtMs)) return []
  if (isLast) {
    await retire(retentionJob, subject, { reason: { ground: 'retention', scope: 'subject' } })
    done.erased++
  } else await destroy(run, subject.rows, lapsed)
  return disposalsOf(decision)
}

async function destroy(
  { retentionJob: { vault }, done }: RetentionRun,
  rows: readonly Item[],
  lapsed: Lapses,
): Promise<void> {
  for (const row of rows) {
    const which = lapsedIn(row, lapsed)
    if (which === 'proof') {
      if (row.sk === 'subject') await vault.removeValues(row, ['proof', 'context'])
      else await vault.remove([row])
      done.years++
    } else if (which === 'context') {
      await vault.removeValues(row, ['context'])
      done.contexts++
    }
  }
}

/** Whether no writer changed the rows since they were read. */
async function isUnchanged(retentionJob: RetentionJob, { pk, rows }: RetainedSubject): Promise<boolean> {
  const now = await rowsUnder(retentionJob.vault, pk)
  return now.length === rows.length && now.every(({ sk }, i) => sk === rows[i]?.sk)
}

/** Erases a subject after its turn was taken. The order is that of `erase-subject.ts`: entry, then rows. */
async function retire(
  retentionJob: RetentionJob,
  subject: RetainedSubject,
  { reason, actor }: ErasureRequest,
): Promise<void> {
  const { scope, sub, rows } = subject
  const day = timestamp(retentionJob.clock).slice(0, 10)
  await insertOne(retentionJob.entries, erasureMark(scope.controller, sub, day))
  await insertOne(retentionJob.entries, erasureItem(scope, sub, reason, actor, day, retentionJob.random))
  await forgetRows(retentionJob.vault, scope, rows)
}
