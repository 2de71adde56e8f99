/**
 * Counts the new leaves of a controller's log. A run goes on after the last stored state, batch by batch; it counts whole days, so it has
 * nothing to do until the log has a batch of a later day. Runs may be cut off anywhere and overlap: days are stored before the state that
 * has them, and a state's number can be taken once, so what two runs count twice is stored once.
 *
 * An event is counted with the latest earlier ones of its subject (`subject-steps.ts`), whose keys are found by its pseudonym. Events of a person
 * who was erased before they were counted, and those from before 1 December 2026, whose keys are not found, are numbers without a cell. So are the events
 * of a subject after its `mostOfSubject`-th, or a program that sends events all day would make each run read its whole past.
 */
import type { ControllerSnapshot } from '../controllers/controller-snapshots.ts'
import type { Ledger } from '../ledger.ts'
import { batchesAfter, lastBatch } from '../log/batches.ts'
import { type Batch, batchEnd } from '../log/log-items.ts'
import { openEvent } from '../recording/sealed-event.ts'
import { type Key, queryAll, type SubjectFinder } from '../store.ts'
import { findByPseudonym } from '../vault/find-by-pseudonym.ts'
import { vaultScope } from '../vault/subject-keys.ts'
import { storedUnder, subjectKeysIfReadable } from '../vault/vault.ts'
import { RunningCounts } from './running-counts.ts'
import { newestState, storeDays, storeState } from './statistics-items.ts'
import { type LoggedEvent, maxEarlier, type Step, stepsOf } from './subject-steps.ts'

/** It inserts into its own partition of `entries` only. */
export interface StatisticsJob extends Pick<Ledger, 'entries' | 'log' | 'vault' | 'clock' | 'random' | 'controllers'> {
  readonly finder: SubjectFinder
  /** How many of a subject's events count. Which those are follows from the log alone, wherever runs are cut. */
  readonly mostOfSubject?: number
}

const defaultMostOfSubject = 10_000

export interface CountedLog {
  readonly leaves: number
  readonly days: number
  readonly unopened: number
  /** Whether leaves of complete days are left for the next run. */
  readonly isBehind: boolean
}

/** Leaves after which a state is stored: what a crash may cost. */
const leavesPerState = 20_000
/** Leaves whose events are read together, each subject once. */
const leavesPerSlice = 5_000
/** Subjects of a slice that are read at a time. */
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

  async function count(slice: readonly Batch[]): Promise<void> {
    const steps = await stepsOfSlice(job, snapshot, slice)
    for (const batch of slice) {
      const day = batch.at.slice(0, 10)
      counts.reach(day)
      for (const { index } of eventsOf(batch)) {
        const step = steps.get(index)
        if (step) counts.apply(step)
        else {
          counts.countUnopened(day)
          done.unopened++
        }
      }
      done.leaves += batch.entries.length
      position = batchEnd(batch)
    }
  }

  let slice: Batch[] = []
  let reached: string | undefined
  for await (const batch of batchesAfter(log, scope.controller, position)) {
    const day = batch.at.slice(0, 10)
    if (day >= today) {
      reached = day
      break
    }
    if (!goesOn()) {
      done.isBehind = true
      break
    }
    slice.push(batch)
    if (batchEnd(batch) - position < leavesPerSlice) continue
    await count(slice)
    slice = []
    if (position - stored.position >= leavesPerState && !(await store())) return done
  }
  await count(slice)
  if (reached !== undefined) counts.reach(reached)
  await store()
  return done
}

/** Where the log has an event. */
interface Place extends Pick<LoggedEvent, 'index' | 'at'> {
  readonly key: Key
}

function eventsOf({ first, at, entries }: Batch): Place[] {
  return entries.flatMap(({ key }, i) => (key.sk.startsWith(eventPrefix) ? [{ key, index: first + i, at }] : []))
}
const eventPrefix = 'event#'

/** By leaf index; none for the events that do not open. */
async function stepsOfSlice(
  job: StatisticsJob,
  snapshot: ControllerSnapshot,
  slice: readonly Batch[],
): Promise<ReadonlyMap<number, Step>> {
  const bySubject = [...Map.groupBy(slice.flatMap(eventsOf), ({ key }) => key.pk)]
  const first = slice[0]?.first ?? 0
  const steps = new Map<number, Step>()
  for (let at = 0; at < bySubject.length; at += subjectsAtOnce) {
    const some = bySubject.slice(at, at + subjectsAtOnce)
    const found = await Promise.all(some.map(([pk, own]) => stepsOfSubject(job, snapshot, pk, own, first)))
    for (const step of found.flat()) steps.set(step.index, step)
  }
  return steps
}

/** @param own the subject's events in the slice that begins at leaf `first` */
async function stepsOfSubject(
  job: StatisticsJob,
  snapshot: ControllerSnapshot,
  pk: string,
  own: readonly Place[],
  first: number,
): Promise<Step[]> {
  const scope = vaultScope(snapshot)
  const rowsPk = await findByPseudonym(job, scope, pk.slice(scope.controller.length + 1))
  const stored = rowsPk && (await storedUnder(job, { form: { type: 'linked', id: '' }, pk: rowsPk }))
  if (!stored) return []
  const keys = await subjectKeysIfReadable(job, scope, stored.name.form, stored)
  if (keys === undefined) return []
  const most = job.mostOfSubject ?? defaultMostOfSubject
  const before = await latestBefore(job.log, pk, first, most)
  if (before.count >= most) return []
  // The slice's last batch may have no rows in the log's index yet, so its own places are not read there.
  const places = [...before.places, ...own.slice(0, most - before.count)]
  const items = await job.entries.get(places.map(({ key }) => key))
  const known = places.flatMap(({ index, at }, i): LoggedEvent[] => {
    const item = items[i]
    const opened = item && openEvent(item, keys).opened
    return opened ? [{ event: opened.event, index, at, day: at.slice(0, 10) }] : []
  })
  return stepsOf(snapshot, known, first)
}

/**
 * The latest `maxEarlier` events of a subject before a leaf, in order. Sort keys say nothing of the time, so all of the subject's rows in the
 * log's index are looked at, once for a slice: they are small, and few are held. The look ends where `most` were found.
 */
async function latestBefore(
  log: StatisticsJob['log'],
  pk: string,
  first: number,
  most: number,
): Promise<{ readonly places: readonly Place[]; readonly count: number }> {
  const latestOf = (places: readonly Place[]) => places.toSorted((a, b) => a.index - b.index).slice(-maxEarlier)
  let places: Place[] = []
  let count = 0
  for await (const { sk, values } of queryAll(log, pk, { prefix: eventPrefix })) {
    const { index, at } = values
    if (typeof index !== 'number' || typeof at !== 'string' || index >= first) continue
    if (++count >= most) return { places: [], count }
    places.push({ key: { pk, sk }, index, at })
    if (places.length >= 4 * maxEarlier) places = latestOf(places)
  }
  return { places: latestOf(places), count }
}
