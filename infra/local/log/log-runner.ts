/**
 * Runs the sequencer and the publisher on one machine: a cycle begins when the doorbell rings, and takes all that rang since the last
 * one. On AWS the stream of the entries table and a schedule do this. A line of the doorbell is settled once a published
 * checkpoint has its entry, so whatever this process dies of, the next one goes on. Erasures ring no bell: they are released at
 * the start, and once a day.
 */
import { claimedControllers } from '../../../shared/ledger/controller-snapshots.ts'
import type { LogKeeper } from '../../../shared/ledger/ledger.ts'
import { controllerOf } from '../../../shared/ledger/log/log-items.ts'
import { publishCheckpoint } from '../../../shared/ledger/log/publisher.ts'
import { releaseErasures } from '../../../shared/ledger/log/release-erasures.ts'
import {
  type Announced,
  newWorker,
  type Sequenced,
  type Skipped,
  sequence,
} from '../../../shared/ledger/log/sequencer.ts'
import type { DoorbellFile, Line } from './announced-keys.ts'
import type { Bell } from './announcing-table.ts'
import { recentLeaves } from './leaf-cache.ts'

export interface LogRunnerOptions {
  /** From the beginning of one cycle to the next; the first after a pause begins at once. */
  readonly cycleMs?: number
  /** How long an insert that failed may still arrive. */
  readonly unsureMs?: number
  readonly onFault?: (fault: LogFault) => void
}

/** For the operator's eyes; no keys, no values. `log-forked` means: stop, and look. */
export interface LogFault {
  readonly controller: string
  readonly fault: 'sequencer' | 'skipped' | 'release' | 'clock-disagrees' | 'clock-set-back'
  readonly error?: unknown
  readonly count?: number
}

export interface LogRunner extends Bell<Line> {
  /** Sequences and publishes all that rang so far; false when something could not be. */
  settle(): Promise<boolean>
  /** Gives the erasures that wait their places now, and publishes them; false when some could not be. */
  release(): Promise<boolean>
  close(): Promise<void>
}

interface Waiting extends Announced {
  readonly line: Line
}

const retryMs = 1_000
const releaseMs = 24 * 3_600_000
/** Entries of one log taken into one cycle: bounds its memory, and how long a checkpoint waits. */
const maxPerCycle = 5_000
/** Of one log that wait with their leaves; those of a log that cannot go on are read again when it can. */
const maxLeavesWaiting = 4 * maxPerCycle

export function startLogRunner(keeper: LogKeeper, doorbell: DoorbellFile, options: LogRunnerOptions = {}): LogRunner {
  const { cycleMs = 1_000, unsureMs = 15_000, onFault = () => {} } = options
  const worker = newWorker()
  const recent = recentLeaves(keeper.entries)
  const publisher = { ...keeper, entries: recent }
  /** By controller, in the order in which they rang. */
  const queues = new Map<string, Waiting[]>()
  let timer: NodeJS.Timeout | undefined
  /** True: everything that was taken is settled. */
  let running: Promise<boolean> | undefined
  let lastStart = Number.NEGATIVE_INFINITY
  let isClosed = false

  function enqueue(waiting: readonly Waiting[]): void {
    for (const one of waiting) {
      if (one.leaf !== undefined) recent.add(one.key, one.leaf)
      const controller = controllerOf(one.key)
      const queue = queues.get(controller)
      if (queue) queue.push(queue.length < maxLeavesWaiting ? one : { line: one.line, key: one.key })
      else queues.set(controller, [one])
    }
    schedule(cycleMs)
  }

  function schedule(sinceLastMs: number): void {
    if (isClosed || timer !== undefined || running !== undefined || queues.size === 0) return
    const dueMs = Math.max(0, lastStart + sinceLastMs - performance.now())
    timer = setTimeout(() => void run(), dueMs)
    timer.unref()
  }

  function run(): Promise<boolean> {
    clearTimeout(timer)
    timer = undefined
    if (running !== undefined) return running
    lastStart = performance.now()
    running = cycle().then((isDone) => {
      running = undefined
      schedule(isDone ? cycleMs : retryMs)
      return isDone
    })
    return running
  }

  async function cycle(): Promise<boolean> {
    let isDone = true
    for (const controller of [...queues.keys()]) {
      const queue = queues.get(controller) ?? []
      const taken = queue.splice(0, maxPerCycle)
      if (queue.length === 0) queues.delete(controller)
      try {
        const { skipped, clock } = await sequence(keeper, controller, taken, worker)
        tellClock(controller, clock)
        await publishCheckpoint(publisher, controller)
        settleAll(controller, taken, skipped)
      } catch (error) {
        isDone = false
        // After the others: while nothing can be published, all can still get their places.
        queues.set(controller, (queues.get(controller) ?? []).concat(taken))
        onFault({ controller, fault: 'sequencer', error })
      }
    }
    return isDone
  }

  /** Logs that were ahead of this machine's clock when they were last extended: logged once, until the two agree again. */
  const disagreeing = new Set<string>()

  function tellClock(controller: string, clock: Sequenced['clock']): void {
    if (clock !== 'disagrees') disagreeing.delete(controller)
    else if (disagreeing.has(controller)) return
    else disagreeing.add(controller)
    if (clock) onFault({ controller, fault: `clock-${clock}` })
  }

  function settleAll(controller: string, taken: readonly Waiting[], skipped: readonly Skipped[]): void {
    const invalid = skipped.filter(({ reason }) => reason === 'no-valid-leaf').length
    if (invalid > 0) onFault({ controller, fault: 'skipped', count: invalid })
    doorbell.settle(taken.map(({ line }) => line))
  }

  /** Settles when the last release that was asked for is through. */
  let releasing = Promise.resolve(true)

  /** Runs at the same time as the cycles: several sequencers of one log only cost each other retries. */
  function release(): Promise<boolean> {
    releasing = releasing.then(releaseAll)
    return releasing
  }

  async function releaseAll(): Promise<boolean> {
    let isDone = true
    const failed = (controller: string) => (error: unknown) => {
      isDone = false
      onFault({ controller, fault: 'release', error })
    }
    const controllers = await claimedControllers(keeper.entries).catch(failed(''))
    for (const controller of controllers ?? []) await releaseOne(controller).catch(failed(controller))
    return isDone
  }

  async function releaseOne(controller: string): Promise<void> {
    const { skipped } = await releaseErasures(keeper, controller)
    if (skipped.length > 0) onFault({ controller, fault: 'skipped', count: skipped.length })
    // Also when there was nothing to release: a release may have died before it got here.
    await publishCheckpoint(publisher, controller)
  }

  const daily = setInterval(() => void release(), releaseMs)
  daily.unref()
  void release()

  const left = doorbell.left.map((line): Waiting => ({ key: line.key, line }))
  enqueue(left)

  return {
    announce: (keys) => doorbell.announce(keys),
    ring(rung) {
      const waiting = (line: Line, leaf?: string): Waiting => ({
        line,
        key: line.key,
        ...(leaf !== undefined && { leaf }),
      })
      enqueue(rung.filter(({ sure }) => sure).map(({ line, leaf }) => waiting(line, leaf)))
      const unsure = rung.filter(({ sure }) => !sure)
      if (unsure.length > 0) setTimeout(() => enqueue(unsure.map(({ line }) => waiting(line))), unsureMs).unref()
    },
    async settle() {
      await running
      while (queues.size > 0) if (!(await run())) return false
      return true
    },
    release,
    async close() {
      isClosed = true
      clearTimeout(timer)
      clearInterval(daily)
      await releasing
      await this.settle()
      doorbell.close()
    },
  }
}
