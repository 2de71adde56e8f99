/**
 * Lambda handler, once a minute: completes and publishes every log that a crash or an outage left behind, certifies the receipt key,
 * and measures the service level: how old the oldest entry is that has its place and no checkpoint.
 *
 * It costs some seven calls for each controller, whatever is stored; the index rows of a last batch are looked at once an instance.
 * Throws when a log could not be published, after all others were, so that the function's errors are counted.
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

export function createSweepHandler(keeping: LogJobDependencies) {
  const done: Done = { completed: new Map() }
  const { telemetry } = keeping
  return async (): Promise<void> => {
    const controllers = await keeping.controllers()
    const isCertified = await certify(keeping, done)
    const ages = await Promise.all(controllers.map((controller) => sweep(keeping, done, controller)))
    const oldest = Math.max(0, ...ages)
    telemetry.add('CheckpointAge', Math.round(oldest))
    telemetry.log({ level: 'info', event: 'swept', count: controllers.length })
    const failed = ages.filter((age) => age > 0).length + (isCertified ? 0 : 1)
    if (failed > 0)
      throw new LedgerError('unavailable', `${failed} of the logs or certificates could not be brought up.`)
  }
}

/** Seconds; 0 for a log that is published whole, or was too short a time ago. Of one that cannot even be read nothing is known: it counts as a day old. */
async function sweep(keeping: LogJobDependencies, { completed }: Done, controller: string): Promise<number> {
  const { logWriter } = keeping
  try {
    await completeLastBatch(logWriter, completed, controller)
    if (await publish(keeping, controller)) return 0
    return await unpublishedAge(logWriter, controller)
  } catch (error) {
    reportFault(keeping, 'not-published', 1, { controller, code: codeOf(error) })
    return 86_400
  }
}

/** A crash behind the commit leaves index rows missing until the next batch; without one, the sweep makes them up. */
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

/** At least 1, since the publication failed: also when no entry waits for it. */
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

async function certify(keeping: LogJobDependencies, done: Done): Promise<boolean> {
  const { logWriter, receiptPublicKey } = keeping
  const year = new Date(logWriter.clock()).getUTCFullYear()
  if (done.certifiedYear === year) return true
  try {
    await certifyReceiptKey(logWriter, receiptPublicKey)
    done.certifiedYear = year
    return true
  } catch (error) {
    reportFault(keeping, 'not-certified', 1, { code: codeOf(error) })
    return false
  }
}
