/**
 * Lambda handler, once a day: gives the erasures of the day their places in the log, in the order of their pseudonyms.
 * Throws when some could not be released or published, after all other logs had theirs; the next release takes them.
 */
import { LedgerError } from '../../shared/errors.ts'
import { releaseErasures } from '../../shared/ledger/log/release-erasures.ts'
import { codeOf, type LogJobDependencies, publish, reportFault } from './extend-logs.ts'

export const createReleaseHandler = (keeping: LogJobDependencies) => async (): Promise<void> => {
  const controllers = await keeping.controllers()
  const outcomes = await Promise.all(controllers.map((controller) => release(keeping, controller)))
  keeping.telemetry.log({ level: 'info', event: 'released', count: controllers.length })
  const failed = outcomes.filter((isReleased) => !isReleased).length
  if (failed > 0) throw new LedgerError('unavailable', `${failed} logs could not be extended or published.`)
}

async function release(keeping: LogJobDependencies, controller: string): Promise<boolean> {
  try {
    const { indexed, skipped } = await releaseErasures(keeping.logWriter, controller)
    keeping.telemetry.add('EntriesSequenced', indexed)
    keeping.telemetry.add('EntriesSkipped', skipped.length)
    if (skipped.length > 0) reportFault(keeping, 'entries-skipped', skipped.length, { controller })
  } catch (error) {
    reportFault(keeping, 'not-released', 1, { controller, code: codeOf(error) })
    return false
  }
  return publish(keeping, controller)
}
