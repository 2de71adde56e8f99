/**
 * Every minute: completes and publishes the logs that a crash, an outage or an interval left incomplete, certifies the receipt key, and
 * measures the service level: the age of the oldest sequenced entry without a checkpoint.
 *
 *   due    logs that a job marked before it committed (`due-logs.ts`): two queries each, and more for one that has changed
 *   part   one of 256 parts of all logs, by the minute: each is compared with object storage every four hours and a quarter. This finds what
 *          marks cannot show, and needs no stored cursor: a part that was missed comes round again
 *
 * A run begins no look after its time is up. It has then not swept, and the next run takes the same marks. A log that fails is marked again,
 * so any instance comes back to it each minute. Throws, after all logs were tried, when one could not be published or looked at, so that the
 * function's error metric counts it. A crash leaves the position as it was, and may leave a mark too many.
 */
import { codeOf, LedgerError } from '../../shared/errors.ts'
import type { LogWriter } from '../../shared/ledger/ledger.ts'
import { atOnce } from '../../shared/ledger/log/at-once.ts'
import { batchesFrom, lastBatch } from '../../shared/ledger/log/batches.ts'
import { storeCheckpointCopies } from '../../shared/ledger/log/checkpoint-store.ts'
import {
  type DueMarks,
  dueControllers,
  dueMarks,
  spanOf,
  storeSwept,
  sweptUntil,
} from '../../shared/ledger/log/due-logs.ts'
import { completeIndexRows } from '../../shared/ledger/log/index-rows.ts'
import { type Batch, batchEnd } from '../../shared/ledger/log/log-items.ts'
import { checkpointBefore } from '../../shared/ledger/log/log-reader.ts'
import { certifyReceiptKey } from '../../shared/ledger/recording/inclusion-promises.ts'
import { type LogJobDependencies, publish, reportFault } from './extend-logs.ts'
import type { JobRun } from './job-handler.ts'
import { createLogJobHandler } from './log-job-handler.ts'

/** No look is begun after this time; the function's timeout is 55 s. */
const budgetMs = 40_000
const looksAtOnce = 32
const parts = 256

/** What this instance remembers of its earlier sweeps. */
interface Memory {
  readonly marks: DueMarks
  /** By controller: the end of the last batch whose index rows were seen complete. */
  readonly completed: Map<string, number>
  /** By controller: the size whose checkpoint and copies were seen stored. */
  readonly settled: Map<string, number>
  /** Logs that failed when they were last looked at. */
  readonly failing: Set<string>
  /** When the last sweep began that looked at all marks. */
  sweptUntilMs?: number
  /** The year whose certificate of the receipt key was seen. */
  certifiedYear?: number
}

export function createSweepHandler(job: LogJobDependencies) {
  const { log, clock } = job.logWriter
  const memory: Memory = {
    marks: dueMarks(log, clock),
    completed: new Map(),
    settled: new Map(),
    failing: new Set(),
  }
  return createLogJobHandler('sweep', job, (forRun, run, _event?: unknown) =>
    sweep(forRun, run, run.dryRun ? copied(memory, forRun.logWriter) : memory),
  )
}

/** For a dry run, which starts from what the instance knows and leaves it as it is. */
function copied(memory: Memory, { log, clock }: LogWriter): Memory {
  return {
    ...memory,
    marks: dueMarks(log, clock),
    completed: new Map(memory.completed),
    settled: new Map(memory.settled),
    failing: new Set(memory.failing),
  }
}

async function sweep(job: LogJobDependencies, run: JobRun, memory: Memory): Promise<void> {
  const { logWriter, telemetry } = job
  const startMs = logWriter.clock()
  const sinceMs = memory.sweptUntilMs ?? (await sweptUntil(logWriter.log))
  const [due, part, isCertified] = await Promise.all([
    dueControllers(logWriter.log, sinceMs, startMs),
    job.controllers(partAt(startMs)),
    certify(job, memory),
  ])
  const whole = new Set([...memory.failing, ...part])
  const controllers = [...new Set([...due, ...whole])]
  const ages: number[] = []
  let isMarked = true
  await atOnce(looksAtOnce, controllers, async (controller) => {
    if (logWriter.clock() - startMs >= budgetMs) return
    const age = await look(job, memory, controller, whole.has(controller))
    if (age > 0) isMarked = (await isMarkedAgain(memory, controller)) && isMarked
    ages.push(age)
  })
  const left = controllers.length - ages.length
  // Logs that were not looked at may have waited since the last complete sweep.
  const oldest = Math.max(0, ...ages, left > 0 ? (logWriter.clock() - (sinceMs ?? startMs)) / 1000 : 0)
  telemetry.add('CheckpointAge', Math.round(oldest))
  run.counted('logs', ages.length)
  run.done('swept', ages.length)
  if (left === 0 && isMarked) await storePosition(logWriter, memory, startMs)
  const failed = left + ages.filter((age) => age > 0).length + (isCertified ? 0 : 1)
  if (failed === 0) return
  run.left(failed, 'logs and certificates', 'the next sweep takes them')
  throw new LedgerError('unavailable', `${failed} of the logs or certificates could not be brought up to date.`)
}

/** The first two hexadecimal digits of the claims whose controllers are looked at in this minute. */
function partAt(ms: number): string {
  return (Math.floor(ms / 60_000) % parts).toString(16).padStart(2, '0')
}

/** One position for each span of marks: an instance that starts needs no finer one. */
async function storePosition({ log }: LogWriter, memory: Memory, startMs: number): Promise<void> {
  const known = memory.sweptUntilMs
  if (known === undefined || spanOf(known) !== spanOf(startMs)) await storeSwept(log, startMs)
  memory.sweptUntilMs = startMs
}

/**
 * Age of the log's oldest unpublished entry, in seconds; 0 when it is published or not due yet. A log that cannot be read counts as a day.
 *
 * @param isWhole whether its checkpoints in object storage are compared too, although its rows say that it is published
 */
async function look(job: LogJobDependencies, memory: Memory, controller: string, isWhole: boolean): Promise<number> {
  const { logWriter } = job
  const { marks, settled, failing } = memory
  try {
    const last = await lastBatch(logWriter.log, controller)
    const end = last === undefined ? 0 : batchEnd(last)
    const newest = await checkpointBefore(logWriter, controller, Number.MAX_SAFE_INTEGER)
    const isBehind = newest?.size !== end
    if (!isBehind && !isWhole && settled.get(controller) === end) return 0
    // What is not published now, because it is too early, is looked at until it is.
    if (isBehind && last !== undefined) await marks.mark(controller)
    await completeLastBatch(job, memory, controller, last)
    if (isBehind || isWhole) {
      if (!(await publish(job, controller))) {
        failing.add(controller)
        return await unpublishedAge(logWriter, controller)
      }
    } else {
      const { isServed, stored } = await storeCheckpointCopies(logWriter, controller, newest)
      job.changed?.('copies-stored', stored, controller)
      if (isServed) settled.set(controller, end)
    }
    failing.delete(controller)
    return 0
  } catch (error) {
    failing.add(controller)
    reportFault(job, 'not-published', 1, { controller, code: codeOf(error) })
    return 86_400
  }
}

async function isMarkedAgain({ marks }: Memory, controller: string): Promise<boolean> {
  return marks.mark(controller).then(
    () => true,
    () => false,
  )
}

/** A crash after the commit of a batch leaves index rows missing. The next batch writes them, or else this does. */
async function completeLastBatch(
  { logWriter, changed }: LogJobDependencies,
  { completed }: Memory,
  controller: string,
  last: Batch | undefined,
): Promise<void> {
  if (last === undefined || completed.get(controller) === batchEnd(last)) return
  changed?.('index-rows-inserted', await completeIndexRows(logWriter.log, last), controller)
  completed.set(controller, batchEnd(last))
}

/** At least 1, because publishing failed, even when no entry waits. */
async function unpublishedAge({ log, clock }: LogWriter, controller: string): Promise<number> {
  const last = await lastBatch(log, controller)
  if (last === undefined) return 1
  const size = (await checkpointBefore({ log }, controller, batchEnd(last)))?.size ?? 0
  if (size === batchEnd(last)) return 1
  for await (const { at } of batchesFrom(log, controller, size, 1)) {
    return Math.max(1, (clock() - Date.parse(at)) / 1000)
  }
  return 1
}

async function certify(job: LogJobDependencies, memory: Memory): Promise<boolean> {
  const { logWriter, receiptPublicKey } = job
  const year = new Date(logWriter.clock()).getUTCFullYear()
  if (memory.certifiedYear === year) return true
  try {
    await certifyReceiptKey(logWriter, receiptPublicKey, () => job.changed?.('receipt-key-certified', 1))
    memory.certifiedYear = year
    return true
  } catch (error) {
    reportFault(job, 'not-certified', 1, { code: codeOf(error) })
    return false
  }
}
