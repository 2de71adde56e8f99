/**
 * Runs the sequencer and the publisher of a local ledger: a cycle begins when entries were announced, and takes all that were announced
 * since the last one. On AWS the stream of the entries table and a schedule do this. An announced key is settled when a published
 * checkpoint covers its entry, so after a crash the next process continues with the others. Erasures are not announced: they are released
 * at the start and once a day. A release that sequenced something, or failed, keeps a report (`npm run operations`).
 */

import { codeOf } from '../../../shared/errors.ts'
import { claimedControllers } from '../../../shared/ledger/controllers/provider-claims.ts'
import { draftReport, type ReportDraft } from '../../../shared/ledger/jobs/report-draft.ts'
import { keepReport } from '../../../shared/ledger/jobs/stored-reports.ts'
import type { LogWriter } from '../../../shared/ledger/ledger.ts'
import { leafCache } from '../../../shared/ledger/log/leaf-cache.ts'
import { controllerOf } from '../../../shared/ledger/log/log-items.ts'
import { notePublication } from '../../../shared/ledger/log/publication-report.ts'
import { publishCheckpoint } from '../../../shared/ledger/log/publisher.ts'
import { releaseErasures, withoutLeaf } from '../../../shared/ledger/log/release-erasures.ts'
import { sequenceKeys } from '../../../shared/ledger/log/sequence-keys.ts'
import {
  type AnnouncedEntry,
  newSequencerMemory,
  type Sequenced,
  type SkippedEntry,
  sequenceEntries,
} from '../../../shared/ledger/log/sequencer.ts'
import type { Key } from '../../../shared/ledger/store.ts'
import type { AnnouncedKey, AnnouncedKeys } from './announced-keys.ts'
import type { EntryListener } from './announcing-table.ts'

export interface LogRunnerOptions {
  /** From the beginning of one cycle to the next. The first cycle after a pause begins at once. */
  readonly cycleMs?: number
  /** How long an entry may still arrive after its insert failed. */
  readonly unsureMs?: number
  readonly onFault?: (fault: LogFault) => void
}

/** A fault for the operator's log, without keys or values. An error with the code `log-forked` needs a person before the log goes on. */
export interface LogFault {
  readonly controller: string
  readonly fault: 'sequencer' | 'skipped' | 'release' | 'clock-disagrees' | 'clock-set-back'
  readonly error?: unknown
  readonly count?: number
}

export interface LogRunner extends EntryListener<AnnouncedKey> {
  /** Sequences and publishes everything announced so far. False: some of it failed and will be tried again. */
  settle(): Promise<boolean>
  /** Sequences and publishes the erasures that wait. False: some of it failed. */
  release(): Promise<boolean>
  close(): Promise<void>
}

interface Waiting extends AnnouncedEntry {
  readonly announced: AnnouncedKey
}

const retryMs = 1_000
const releaseMs = 24 * 3_600_000
/** Entries of one log in one cycle: bounds the memory of a cycle, and how long a checkpoint waits. */
const maxPerCycle = 5_000
/** Leaves of one log kept in memory. Further entries of a log that cannot continue are read from the table when it can. */
const maxLeavesWaiting = 4 * maxPerCycle
const maxCachedLeafBytes = 4_000_000

export function startLogRunner(
  logWriter: LogWriter,
  announcedKeys: AnnouncedKeys,
  options: LogRunnerOptions = {},
): LogRunner {
  const { cycleMs = 1_000, unsureMs = 15_000, onFault = () => {} } = options
  const worker = newSequencerMemory()
  const cache = leafCache(logWriter.entries, maxCachedLeafBytes)
  const publisher = { ...logWriter, entries: cache }
  /** By controller, in the order of announcement. */
  const queues = new Map<string, Waiting[]>()
  let timer: NodeJS.Timeout | undefined
  /** Resolves to true when everything that the cycle took is settled. */
  let running: Promise<boolean> | undefined
  let lastStart = Number.NEGATIVE_INFINITY
  let isClosed = false

  function enqueue(waiting: readonly Waiting[]): void {
    for (const one of waiting) {
      if (one.leaf !== undefined) cache.add(one.key, one.leaf)
      const controller = controllerOf(one.key)
      const queue = queues.get(controller)
      if (queue) queue.push(queue.length < maxLeavesWaiting ? one : waitingFor(one.announced))
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
        const { skipped, clock } = await sequenceEntries(logWriter, controller, taken, worker)
        reportClock(controller, clock)
        await publishCheckpoint(publisher, controller)
        reportSkipped(controller, skipped)
        announcedKeys.settle(taken.map(({ announced }) => announced))
      } catch (error) {
        isDone = false
        // After the entries that still wait: while nothing can be published, all of them can still be sequenced.
        queues.set(controller, (queues.get(controller) ?? []).concat(taken))
        onFault({ controller, fault: 'sequencer', error })
      }
    }
    return isDone
  }

  /** Logs whose last entry was ahead of this machine's clock. The fault is reported once, until the two agree again. */
  const disagreeing = new Set<string>()

  function reportClock(controller: string, clock: Sequenced['clock']): void {
    if (clock !== 'disagrees') disagreeing.delete(controller)
    else if (disagreeing.has(controller)) return
    else disagreeing.add(controller)
    if (clock) onFault({ controller, fault: `clock-${clock}` })
  }

  function reportSkipped(controller: string, skipped: readonly SkippedEntry[]): void {
    const invalid = skipped.filter(({ reason }) => reason === 'no-valid-leaf').length
    if (invalid > 0) onFault({ controller, fault: 'skipped', count: invalid })
  }

  /** Resolves when the last requested release has ended. */
  let releasing = Promise.resolve(true)

  /** May run at the same time as a cycle: several sequencers of one log only cost each other retries. */
  function release(): Promise<boolean> {
    releasing = releasing.then(releaseAll)
    return releasing
  }

  async function releaseAll(): Promise<boolean> {
    const draft = draftReport({ job: 'release', dryRun: false, startedBy: 'schedule' }, logWriter.clock)
    const controllers = () => claimedControllers(logWriter.entries)
    try {
      const { failed } = await releaseErasures(logWriter, controllers, (controller, erasures) =>
        releaseOne(draft, controller, erasures),
      )
      if (failed > 0) draft.left(failed, 'logs', 'the next release takes them')
      await keepReport(logWriter.objects, draft.end(), logWriter.random)
      return failed === 0
    } catch (error) {
      onFault({ controller: '', fault: 'release', error })
      return false
    }
  }

  async function releaseOne(
    draft: ReportDraft,
    controller: string,
    erasures: () => Promise<readonly Key[]>,
  ): Promise<boolean> {
    try {
      const { indexed, skipped } = await sequenceKeys(
        logWriter,
        controller,
        await withoutLeaf(logWriter, await erasures()),
      )
      draft.changed('entries-sequenced', indexed, controller)
      if (skipped.length > 0) {
        draft.found({ finding: 'entries-skipped', count: skipped.length, controller })
        onFault({ controller, fault: 'skipped', count: skipped.length })
      }
      notePublication(draft, controller, await publishCheckpoint(publisher, controller))
      return true
    } catch (error) {
      draft.found({ finding: 'not-released', count: 1, controller, code: codeOf(error) })
      onFault({ controller, fault: 'release', error })
      return false
    }
  }

  const daily = setInterval(() => void release(), releaseMs)
  daily.unref()
  void release()

  enqueue(announcedKeys.unsettled.map((announced) => waitingFor(announced)))

  return {
    announce: (keys) => announcedKeys.announce(keys),
    report(inserts) {
      enqueue(inserts.filter(({ isStored }) => isStored).map(({ announced, leaf }) => waitingFor(announced, leaf)))
      const unsure = inserts.filter(({ isStored }) => !isStored)
      if (unsure.length === 0) return
      setTimeout(() => enqueue(unsure.map(({ announced }) => waitingFor(announced))), unsureMs).unref()
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
      announcedKeys.close()
    },
  }
}

function waitingFor(announced: AnnouncedKey, leaf?: string): Waiting {
  return { announced, key: announced.key, ...(leaf !== undefined && { leaf }) }
}
