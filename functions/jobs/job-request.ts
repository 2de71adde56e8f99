/**
 * The event of a job that a schedule or an operator starts: an object with these members, each optional.
 *
 *   dryRun      true: says what would be done, and does nothing
 *   startedBy   `schedule` in the events of schedules
 *
 * A member that the job does not know is refused: a misspelt `dryRun` must not start a real run. Checked without zod, with which no job is
 * bundled.
 */
import { LedgerError } from '../../shared/errors.ts'
import { type Starter, starters } from '../../shared/ledger/jobs/job-report.ts'

export interface JobRequest {
  readonly dryRun: boolean
  readonly startedBy: Starter
}

/**
 * @param event as Lambda passes it; nothing at all is the event of an invocation without a payload
 * @param others names of the members that the job itself reads
 * @throws `invalid-request`
 */
export function readJobRequest(event: unknown, others: readonly string[] = []): JobRequest {
  const given = event ?? {}
  if (typeof given !== 'object' || Array.isArray(given)) throw refused('the event of a job is an object', '')
  const unknown = Object.keys(given).find((name) => !['dryRun', 'startedBy', ...others].includes(name))
  if (unknown !== undefined) throw refused('the job knows no such member of its event', unknown)
  const { dryRun = false, startedBy = 'command' }: { dryRun?: unknown; startedBy?: unknown } = given
  if (typeof dryRun !== 'boolean') throw refused('dryRun is true or false', 'dryRun')
  if (!isStarter(startedBy)) throw refused(`startedBy is one of ${starters.join(', ')}`, 'startedBy')
  return { dryRun, startedBy }
}

function isStarter(value: unknown): value is Starter {
  return starters.some((each) => each === value)
}

function refused(message: string, given: string): LedgerError {
  return new LedgerError('invalid-request', message, { given })
}
