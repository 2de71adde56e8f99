/**
 * Daily: sequences the erasures of the day, sorted by pseudonym, so that their order in the log does not reveal when each was asked for. Reads
 * only the days that were not released yet (`release-erasures.ts`). Throws, after all logs were tried, when some could not be released or
 * published; the next release takes them.
 */
import { LedgerError } from '../../shared/errors.ts'
import { type DueMarks, dueMarks } from '../../shared/ledger/log/due-logs.ts'
import { releaseErasures, withoutLeaf } from '../../shared/ledger/log/release-erasures.ts'
import { sequenceKeys } from '../../shared/ledger/log/sequence-keys.ts'
import type { Key } from '../../shared/ledger/store.ts'
import { codeOf, type LogJobDependencies, publish, reportFault } from './extend-logs.ts'

export function createReleaseHandler(job: LogJobDependencies) {
  const marks = dueMarks(job.logWriter.log, job.logWriter.clock)
  return async (): Promise<void> => {
    const { tried, failed } = await releaseErasures(job.logWriter, job.controllers, (controller, erasures) =>
      release(job, marks, controller, erasures),
    )
    job.telemetry.log({ level: 'info', event: 'released', count: tried })
    if (failed > 0) throw new LedgerError('unavailable', `${failed} logs could not be extended or published.`)
  }
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
    job.telemetry.add('EntriesSequenced', indexed)
    job.telemetry.add('EntriesSkipped', skipped.length)
    if (skipped.length > 0) reportFault(job, 'entries-skipped', skipped.length, { controller })
  } catch (error) {
    reportFault(job, 'not-released', 1, { controller, code: codeOf(error) })
    return false
  }
  return publish(job, controller)
}
