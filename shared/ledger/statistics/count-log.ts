/**
 * Counts the new leaves of a controller's log. A run goes on after the last stored state, batch by batch; it counts whole days, so it has
 * nothing to do until the log has a batch of a later day. Runs may be cut off anywhere and overlap: days are stored before the state that
 * has them, and a state's number can be taken once, so what two runs count twice is stored once.
 *
 * An event is counted with the earlier ones of its subject (`subject-steps.ts`), whose keys are found by its pseudonym. Events of a person
 * who was erased before they were counted, and those from before 1 December 2026, whose keys are not found, are numbers without a cell.
 */
import type { ControllerSnapshot } from '../controllers/controller-snapshots.ts'
import type { Ledger } from '../ledger.ts'
import { batchesAfter, lastBatch } from '../log/batches.ts'
import { type Batch, batchEnd } from '../log/log-items.ts'
import { openEvent } from '../recording/sealed-event.ts'
import { queryAll, type SubjectFinder } from '../store.ts'
import { findByPseudonym } from '../vault/find-by-pseudonym.ts'
import { vaultScope } from '../vault/subject-keys.ts'
import { storedUnder, subjectKeysIfReadable } from '../vault/vault.ts'
import { RunningCounts } from './running-counts.ts'
import { newestState, storeDays, storeState } from './statistics-items.ts'
import { type LoggedEvent, type Step, stepsOf } from './subject-steps.ts'

/** It inserts into its own partition of `entries` only. */
export interface StatisticsJob extends Pick<Ledger, 'entries' | 'log' | 'vault' | 'clock' | 'random' | 'controllers'> {
  readonly finder: SubjectFinder
}

export interface CountedLog {
  readonly leaves: number
  readonly days: number
  readonly unopened: number
  /** Whether leaves of complete days are left for the next run. */
  readonly isBehind: boolean
}

/** Leaves after which a state is stored: what a crash may cost. */
const leavesPerState = 20_000
/** Subjects of a batch that are read at a time. */
const subjectsAtOnce = 50

/** @param goesOn is asked before each batch */
export async function countLog(
  job: StatisticsJob,
  snapshot: ControllerSnapshot,
  goesOn: () => boolean = () => true,
): Promise<CountedLog> {
  const { log } = job
  const scope = vaultScope(snapshot)
  const newest = await lastBatch(job.log, scope.controller)
  const { number, state } = await newestState(job.entries, scope)
  const today = newest?.at.slice(0, 10)
  const done = { leaves: 0, days: 0, unopened: 0, isBehind: false }
  if (newest === undefined || today === undefined || (state.day !== undefined && state.day >= today)) return done
  const counts = new RunningCounts(snapshot, state)
  let { position } = state
  let stored = { number, position }

  async function store(): Promise<boolean> {
    const closed = counts.takeClosed()
    await storeDays(job, scope, closed)
    done.days += closed.length
    stored = { number: stored.number + 1, position }
    return storeState(job, scope, stored.number, counts.state(position))
  }

  for await (const batch of batchesAfter(log, scope.controller, position)) {
    const day = batch.at.slice(0, 10)
    if (day >= today) {
      counts.reach(day)
      break
    }
    if (!goesOn()) {
      done.isBehind = true
      break
    }
    counts.reach(day)
    done.unopened += await countBatch(job, snapshot, counts, batch)
    done.leaves += batch.entries.length
    position = batchEnd(batch)
    if (position - stored.position >= leavesPerState && !(await store())) return done
  }
  await store()
  return done
}

async function countBatch(
  job: StatisticsJob,
  snapshot: ControllerSnapshot,
  counts: RunningCounts,
  batch: Batch,
): Promise<number> {
  const events = batch.entries.flatMap(({ key }, i) =>
    key.sk.startsWith('event#') ? [{ key, index: batch.first + i }] : [],
  )
  const bySubject = [...Map.groupBy(events, ({ key }) => key.pk)]
  const steps: Step[] = []
  for (let at = 0; at < bySubject.length; at += subjectsAtOnce) {
    const some = bySubject.slice(at, at + subjectsAtOnce).map(([pk]) => stepsOfSubject(job, snapshot, pk, batch))
    steps.push(...(await Promise.all(some)).flat())
  }
  for (const step of steps.sort((a, b) => a.index - b.index)) counts.apply(step)
  const unopened = events.length - steps.length
  for (let n = 0; n < unopened; n++) counts.countUnopened(batch.at.slice(0, 10))
  return unopened
}

/** The steps of a subject's events in this batch; none for those that do not open. */
async function stepsOfSubject(
  job: StatisticsJob,
  snapshot: ControllerSnapshot,
  pk: string,
  batch: Batch,
): Promise<Step[]> {
  const scope = vaultScope(snapshot)
  const rowsPk = await findByPseudonym(job, scope, pk.slice(scope.controller.length + 1))
  const stored = rowsPk && (await storedUnder(job, { form: { type: 'linked', id: '' }, pk: rowsPk }))
  if (!stored) return []
  const keys = await subjectKeysIfReadable(job, scope, stored.name.form, stored)
  if (keys === undefined) return []
  const opened = []
  for await (const item of queryAll(job.entries, pk, { prefix: 'event#' })) {
    const event = openEvent(item, keys).opened
    if (event) opened.push(event)
  }
  // The batch itself may have no rows yet; what is in no batch up to this one comes later.
  const own = new Map(batch.entries.map(({ key }, i) => [key.sk, batch.first + i]))
  const others = opened.filter(({ key }) => !own.has(key.sk))
  const rows = others.length === 0 ? [] : await job.log.get(others.map(({ key }) => key))
  const placed = [
    ...opened.flatMap((each) => placeIn(each.event, own.get(each.key.sk), batch.at)),
    ...others.flatMap((each, i) => placeIn(each.event, rows[i]?.values.index, rows[i]?.values.at)),
  ]
  const known = placed.filter(({ index }) => index < batchEnd(batch)).sort((a, b) => a.index - b.index)
  return stepsOf(snapshot, known, batch.first)
}

function placeIn(event: LoggedEvent['event'], index: unknown, at: unknown): LoggedEvent[] {
  if (typeof index !== 'number' || typeof at !== 'string') return []
  return [{ event, index, at, day: at.slice(0, 10) }]
}
