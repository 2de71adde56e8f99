/**
 * Every minute: completes and publishes every log that a crash or an outage left incomplete, certifies the receipt key, and measures the
 * service level: the age of the oldest sequenced entry without a checkpoint.
 *
 * Costs about seven calls per controller, whatever is stored; the index rows of a last batch are checked once per instance. Throws, after
 * all logs were tried, when one could not be published, so that the function's error metric counts it.
 */
import { LedgerError } from '../../shared/errors.ts'
import { certifyReceiptKey } from '../../shared/ledger/inclusion-promises.ts'
import type { LogWriter } from '../../shared/ledger/ledger.ts'
import { batchesFrom, lastBatch } from '../../shared/ledger/log/batches.ts'
import { completeIndexRows } from '../../shared/ledger/log/index-rows.ts'
import { batchEnd } from '../../shared/ledger/log/log-items.ts'
import { checkpointBefore } from '../../shared/ledger/log/log-reader.ts'
import { codeOf, type LogJobDependencies, publish, reportFault } from './extend-logs.ts'

/** What earlier sweeps of this instance found done. */
interface Done {
  /** By controller: the end of the last batch whose index rows were seen complete. */
  readonly completed: Map<string, number>
  /** The year whose certificate of the receipt key was seen. */
  certifiedYear?: number
}

export function createSweepHandler(job: LogJobDependencies) {
  const done: Done = { completed: new Map() }
  const { telemetry } = job
  return async (): Promise<void> => {
    const controllers = await job.controllers()
    const isCertified = await certify(job, done)
    const ages = await Promise.all(controllers.map((controller) => sweep(job, done, controller)))
    const oldest = Math.max(0, ...ages)
    telemetry.add('CheckpointAge', Math.round(oldest))
    telemetry.log({ level: 'info', event: 'swept', count: controllers.length })
    const failed = ages.filter((age) => age > 0).length + (isCertified ? 0 : 1)
    if (failed > 0)
      throw new LedgerError('unavailable', `${failed} of the logs or certificates could not be brought up to date.`)
  }
}

/** Age of the log's oldest unpublished entry, in seconds; 0 when it is published or not due yet. A log that cannot be read counts as a day. */
async function sweep(job: LogJobDependencies, { completed }: Done, controller: string): Promise<number> {
  const { logWriter } = job
  try {
    await completeLastBatch(logWriter, completed, controller)
    if (await publish(job, controller)) return 0
    return await unpublishedAge(logWriter, controller)
  } catch (error) {
    reportFault(job, 'not-published', 1, { controller, code: codeOf(error) })
    return 86_400
  }
}

/** A crash after the commit of a batch leaves index rows missing. The next batch writes them, or else this does. */
async function completeLastBatch(
  logWriter: LogWriter,
  completed: Done['completed'],
  controller: string,
): Promise<void> {
  const last = await lastBatch(logWriter.log, controller)
  if (last === undefined || completed.get(controller) === batchEnd(last)) return
  await completeIndexRows(logWriter.log, last)
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

async function certify(job: LogJobDependencies, done: Done): Promise<boolean> {
  const { logWriter, receiptPublicKey } = job
  const year = new Date(logWriter.clock()).getUTCFullYear()
  if (done.certifiedYear === year) return true
  try {
    await certifyReceiptKey(logWriter, receiptPublicKey)
    done.certifiedYear = year
    return true
  } catch (error) {
    reportFault(job, 'not-certified', 1, { code: codeOf(error) })
    return false
  }
}
