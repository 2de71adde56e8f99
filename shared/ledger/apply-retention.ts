/**
 * Applies retention to the vault, page by page: destroys the keys that have lapsed (`lapse.ts`). The row of a year is deleted. From the row
 * `subject` single values are removed, since its `sub` must live while another year does. When no year is left the subject is erased, with
 * an erasure entry of ground `retention`, so that the self-audit can distinguish it from a loss.
 *
 * It also completes erasures that were cut short, and deletes years without their subject (`vault.ts`: nothing is sealed with those).
 *
 * A page can be processed again at any time; after a crash the next run does so. A subject without events is left alone, because it may be
 * an auditor’s, whose reads are sealed under its keys. A person who writes for the first time in years just before the deletion, within
 * milliseconds of the last look, is erased with what it wrote and is another subject from then on.
 */
import { type ControllerSnapshot, claimedControllers } from './controller-snapshots.ts'
import { erasureItem, erasureKey } from './erasure-entry.ts'
import { erasureMark } from './erasure-marks.ts'
import { earliestLapse, isYearOver, lapsesOf, type YearOfEvents } from './lapse.ts'
import { type RetentionJob, timestamp } from './ledger.ts'
import { retentionTime } from './retention-clock.ts'
import { openEvent, yearOfItem } from './sealed-event.ts'
import { type Item, insertOne, type Key, queryAll, type TableSlice } from './store.ts'
import type { SubjectKeys, VaultScope } from './subject-keys.ts'
import { subjectKeysInRows } from './vault-rows.ts'

/** Numbers for the log line and the metrics. No names and no keys. */
export interface RetentionCounts {
  /** Subjects that were looked at. */
  subjects: number
  contexts: number
  years: number
  /** Subjects of which no year was left, or whose erasure was not finished. */
  erased: number
  /** Years without their subject. */
  orphans: number
  /** Rows that no controller can open. They are left alone; the self-audit reports them. */
  unreadable: number
}

export interface RetentionPage extends RetentionCounts {
  /** Pass as `after` to go on; absent on the last page. */
  readonly next?: Key
}

/** Subjects processed at once. */
const atOnce = 8

/**
 * @param slice only this slice of the vault
 * @param scopes of `retentionScopes`, at most a minute old. @default read again
 */
export async function applyRetentionToPage(
  retentionJob: RetentionJob,
  after?: Key,
  slice?: TableSlice,
  scopes?: readonly RetentionScope[],
): Promise<RetentionPage> {
  const { items, next } = await retentionJob.vault.scan(after, slice)
  const run: Run = {
    retentionJob,
    scopes: scopes ?? (await retentionScopes(retentionJob)),
    done: zeroRetentionCounts(),
  }
  await removeOrphans(
    run,
    items.filter(({ sk }) => sk !== 'subject'),
  )
  const subjects = await subjectsThatMayLapse(
    run,
    items.filter(({ sk }) => sk === 'subject'),
  )
  for (let i = 0; i < subjects.length; i += atOnce) {
    // Waits for all before the first error is thrown, so that nothing goes on behind a run that failed.
    const tried = subjects.slice(i, i + atOnce).map((row) => applyRetentionToSubject(run, row))
    const failed = (await Promise.allSettled(tried)).find(({ status }) => status === 'rejected')
    if (failed?.status === 'rejected') throw failed.reason
  }
  return { ...run.done, ...(next && { next }) }
}

export function zeroRetentionCounts(): RetentionCounts {
  return { subjects: 0, contexts: 0, years: 0, erased: 0, orphans: 0, unreadable: 0 }
}

/** A controller with what decides when its keys lapse. */
export interface RetentionScope extends VaultScope {
  readonly snapshot: ControllerSnapshot
  /** RFC 3339: the time by which its keys lapse, see `retention-clock.ts`. */
  readonly now: string
}

interface Run {
  readonly retentionJob: RetentionJob
  readonly scopes: readonly RetentionScope[]
  readonly done: RetentionCounts
}

/** Some four calls for each controller. */
export async function retentionScopes({ entries, controllers, log, clock }: RetentionJob): Promise<RetentionScope[]> {
  const scopes = await Promise.all(
    (await claimedControllers(entries)).map(async (controller): Promise<RetentionScope[]> => {
      const snapshot = await controllers.recent(controller)
      if (snapshot === undefined) return []
      return [{ controller, secrets: snapshot.secrets, snapshot, now: await retentionTime(log, controller, clock()) }]
    }),
  )
  return scopes.flat()
}

/**
 * Most subjects cost a hundredth of one call: of a subject whose first year is not over nothing lapses, since its other years are later
 * ones. Those that an erasure names are worth a look whenever they came.
 */
async function subjectsThatMayLapse({ retentionJob, scopes, done }: Run, rows: readonly Item[]): Promise<Item[]> {
  done.subjects += rows.length
  const owned = rows.flatMap((row) => {
    const owner = ownerOf(scopes, [row])
    return owner ? [{ row, now: owner.scope.now, entry: erasureKey(owner.scope.controller, owner.keys.sub) }] : []
  })
  done.unreadable += rows.length - owned.length
  const entries = await retentionJob.entries.get(owned.map(({ entry }) => entry))
  return owned.flatMap(({ row, now }, i) => (entries[i] || isYearOver(Number(row.values.year), now) ? [row] : []))
}

/** The page may be outdated, so the rows under the name are read again, and only rows of that reading are deleted. */
async function applyRetentionToSubject(run: Run, { pk }: Key): Promise<void> {
  const { retentionJob, scopes, done } = run
  const rows = await rowsOf(retentionJob, pk)
  if (rows.every(({ sk }) => sk !== 'subject')) return
  const owner = ownerOf(scopes, rows)
  if (owner === undefined) {
    done.unreadable++
    return
  }
  const { scope, keys } = owner
  const { sub } = keys
  const [entry] = await retentionJob.entries.get([erasureKey(scope.controller, sub)])
  if (entry !== undefined) {
    await forget(retentionJob, rows)
    done.erased++
    return
  }
  if (!mayLapse(keys, scope.snapshot, scope.now)) return
  const years = await eventsByYear(retentionJob, keys)
  if (years !== undefined) await lapse(run, { scope, sub, pk, rows }, years)
}

/** A subject and its rows in the vault. */
interface Subject {
  readonly scope: RetentionScope
  readonly sub: string
  /** Partition key of its rows. */
  readonly pk: string
  readonly rows: readonly Item[]
}

/** The controller whose rows these are. Authenticated encryption opens under that controller’s key only. */
function ownerOf(
  scopes: readonly RetentionScope[],
  rows: readonly Item[],
): { readonly scope: RetentionScope; readonly keys: SubjectKeys } | undefined {
  for (const scope of scopes) {
    const keys = subjectKeysInRows(scope, rows)
    if (keys !== undefined) return { scope, keys }
  }
  return undefined
}

/** Decided without reading an event, so that the events of most subjects are read only when a key may be destroyed. */
function mayLapse({ years }: SubjectKeys, snapshot: ControllerSnapshot, now: string): boolean {
  return [...years].some(([year, { context }]) => {
    const first = earliestLapse(year, snapshot)
    return isYearOver(year, now) && (context !== undefined || (first !== undefined && first < now))
  })
}

/** `undefined` for a subject that has no events at all. */
async function eventsByYear(retentionJob: RetentionJob, keys: SubjectKeys): Promise<YearOfEvents[] | undefined> {
  const years = new Map([...keys.years.keys()].map((year) => [year, { year, events: [], isWhole: true } as Gathered]))
  let count = 0
  for await (const item of queryAll(retentionJob.entries, keys.pk, { prefix: 'event#' })) {
    count++
    const gathered = years.get(Math.max(yearOfItem(item), keys.firstYear))
    if (gathered === undefined) continue
    const { state, opened } = openEvent(item, keys)
    if (opened) gathered.events.push(opened.event)
    else if (state === 'unreadable') gathered.isWhole = false
  }
  return count === 0 ? undefined : [...years.values()]
}

interface Gathered extends YearOfEvents {
  readonly events: YearOfEvents['events'][number][]
  isWhole: boolean
}

async function lapse({ retentionJob, done }: Run, subject: Subject, years: readonly YearOfEvents[]): Promise<void> {
  const lapsed = lapsesOf(years, subject.scope.snapshot, subject.scope.now)
  if (years.every(({ year }) => lapsed.proof.has(year))) {
    if (await retire(retentionJob, subject)) done.erased++
    return
  }
  for (const row of subject.rows) {
    const { year, proof, context } = row.values
    if (lapsed.proof.has(Number(year)) && proof !== undefined) {
      if (row.sk === 'subject') await retentionJob.vault.removeValues(row, ['proof', 'context'])
      else await retentionJob.vault.remove([row])
      done.years++
    } else if (lapsed.context.has(Number(year)) && context !== undefined) {
      await retentionJob.vault.removeValues(row, ['context'])
      done.contexts++
    }
  }
}

/** Returns false when a writer changed the rows in between: the next run looks again. The order is that of `erase-subject.ts`: entry, then rows. */
async function retire(retentionJob: RetentionJob, { scope, sub, pk, rows }: Subject): Promise<boolean> {
  const now = await rowsOf(retentionJob, pk)
  if (now.length !== rows.length || now.some(({ sk }, i) => sk !== rows[i]?.sk)) return false
  const reason = { ground: 'retention', scope: 'subject' } as const
  const day = timestamp(retentionJob.clock).slice(0, 10)
  await insertOne(retentionJob.entries, erasureMark(scope.controller, sub, day))
  await insertOne(retentionJob.entries, erasureItem(scope, sub, reason, undefined, day, retentionJob.random))
  await forget(retentionJob, rows)
  return true
}

/** Rows inserted in between are deleted too, unless they now belong to another subject, whose earlier years are never read. */
async function forget(retentionJob: RetentionJob, rows: readonly Item[]): Promise<void> {
  const subject = rows.filter(({ sk }) => sk === 'subject')
  await retentionJob.vault.remove(rows.filter(({ sk }) => sk !== 'subject'))
  await retentionJob.vault.remove(subject)
  const left = await rowsOf(retentionJob, String(subject[0]?.pk))
  if (left.every(({ sk }) => sk !== 'subject')) await retentionJob.vault.remove(left)
}

async function removeOrphans({ retentionJob, done }: Run, rows: readonly Item[]): Promise<void> {
  const pks = [...new Set(rows.map(({ pk }) => pk))]
  const subjects = pks.length === 0 ? [] : await retentionJob.vault.get(pks.map((pk) => ({ pk, sk: 'subject' })))
  const alone = new Set(pks.filter((_, i) => subjects[i] === undefined))
  const orphans = rows.filter(({ pk }) => alone.has(pk))
  if (orphans.length > 0) await retentionJob.vault.remove(orphans)
  done.orphans += orphans.length
}

async function rowsOf({ vault }: RetentionJob, pk: string): Promise<Item[]> {
  const rows: Item[] = []
  for await (const row of queryAll(vault, pk)) rows.push(row)
  return rows
}
