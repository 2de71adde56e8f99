/**
 * Daily: sequences the erasures of the day, sorted by pseudonym, so that their order in the log does not reveal when each was asked for. Reads
 * only the days that were not released yet (`release-erasures.ts`). Throws, after all logs were tried, when some could not be released or
 * published; the next release takes them.
 */
import { codeOf, LedgerError } from '../../shared/errors.ts'
import { type DueMarks, dueMarks } from '../../shared/ledger/log/due-logs.ts'
import { releaseErasures, withoutLeaf } from '../../shared/ledger/log/release-erasures.ts'
import { sequenceKeys } from '../../shared/ledger/log/sequence-keys.ts'
import type { Key } from '../../shared/ledger/store.ts'
import { type LogJobDependencies, noteSequenced, publish, reportFault } from './extend-logs.ts'
import { createLogJobHandler } from './log-job-handler.ts'

export function createReleaseHandler(job: LogJobDependencies) {
  return createLogJobHandler('release', job, async (forRun, run, _event?: unknown) => {
    const marks = dueMarks(forRun.logWriter.log, forRun.logWriter.clock)
    const { tried, failed } = await releaseErasures(forRun.logWriter, forRun.controllers, (controller, erasures) =>
      release(forRun, marks, controller, erasures),
    )
    run.counted('releases', tried)
    run.done('released', tried)
    if (failed === 0) return
    run.left(failed, 'logs', 'the next release takes them')
    throw new LedgerError('unavailable', `${failed} logs could not be extended or published.`)
  })
}

async function release(
  job: LogJobDependencies,
  marks: DueMarks,
  controller: string,
  erasures: () => Promise<readonly Key[]>,
): Promise<boolean> {
  try {
    const waiting = await withoutLeaf(job.logWriter, await erasures())
    if (waiting.length > 0) await marks.mark(controller)
    const { indexed, skipped } = await sequenceKeys(job.logWriter, controller, waiting)
    noteSequenced(job, controller, indexed, skipped.length)
  } catch (error) {
    reportFault(job, 'not-released', 1, { controller, code: codeOf(error) })
    return false
  }
  return publish(job, controller)
}
