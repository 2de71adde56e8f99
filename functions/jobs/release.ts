/**
 * Daily: sequences the erasures of the day, sorted by pseudonym, so that their order in the log does not reveal when each was asked for.
 * Throws, after all logs were tried, when some could not be released or published; the next release takes them.
 */
import { LedgerError } from '../../shared/errors.ts'
import { type DueMarks, dueMarks } from '../../shared/ledger/log/due-logs.ts'
import { releaseErasures } from '../../shared/ledger/log/release-erasures.ts'
import { codeOf, type LogJobDependencies, publish, reportFault } from './extend-logs.ts'

export function createReleaseHandler(job: LogJobDependencies) {
  const marks = dueMarks(job.logWriter.log, job.logWriter.clock)
  return async (): Promise<void> => {
    const controllers = await job.controllers()
    const outcomes = await Promise.all(controllers.map((controller) => release(job, marks, controller)))
    job.telemetry.log({ level: 'info', event: 'released', count: controllers.length })
    const failed = outcomes.filter((isReleased) => !isReleased).length
    if (failed > 0) throw new LedgerError('unavailable', `${failed} logs could not be extended or published.`)
  }
}

async function release(job: LogJobDependencies, marks: DueMarks, controller: string): Promise<boolean> {
  try {
    await marks.mark(controller)
    const { indexed, skipped } = await releaseErasures(job.logWriter, controller)
    job.telemetry.add('EntriesSequenced', indexed)
    job.telemetry.add('EntriesSkipped', skipped.length)
    if (skipped.length > 0) reportFault(job, 'entries-skipped', skipped.length, { controller })
  } catch (error) {
    reportFault(job, 'not-released', 1, { controller, code: codeOf(error) })
    return false
  }
  return publish(job, controller)
}
