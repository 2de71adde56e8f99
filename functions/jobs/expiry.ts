/**
 * Hourly: announces consents that end by themselves (`shared/ledger/expiry`), for each controller with an endpoint that wants to hear of it. For all
 * others it costs a query. A run goes on with the next controller when one fails, begins no step when its time is up, and then says that
 * it is behind; the next run goes on there.
 */
import { codeOf, LedgerError } from '../../shared/errors.ts'
import { announceExpiry, type ExpiryJob, hasEndpoints } from '../../shared/ledger/expiry/announce-expiry.ts'
import { dryTable } from '../../shared/ledger/jobs/dry-table.ts'
import type { Objects } from '../../shared/ledger/store.ts'
import type { Telemetry } from '../telemetry.ts'
import { createJobHandler, type JobRun } from './job-handler.ts'

/** No step is begun after this time. The function's timeout is 15 minutes. */
const budgetMs = 10 * 60_000

export interface ExpiryDependencies {
  readonly expiryJob: ExpiryJob
  /** Ids of all controllers; of some that were never created, too. */
  readonly controllersOf: () => Promise<readonly string[]>
  readonly telemetry: Telemetry
  /** For its reports. */
  readonly objects: Pick<Objects, 'put'>
}

export function createExpiryHandler({ expiryJob, controllersOf, telemetry, objects }: ExpiryDependencies) {
  const { clock, random } = expiryJob.ledger
  return createJobHandler('expiry', { telemetry, objects, clock, random }, async (run, _event?: unknown) => {
    const { ledger } = expiryJob
    const job = run.dryRun ? { ...expiryJob, ledger: { ...ledger, entries: dryTable(ledger.entries) } } : expiryJob
    const endMs = clock() + budgetMs
    await announceExpiries(job, await controllersOf(), run, () => clock() < endMs)
  })
}

/** @throws when a controller's ends could not be announced, after all were tried */
export async function announceExpiries(
  job: ExpiryJob,
  controllers: readonly string[],
  run: Pick<JobRun, 'changed' | 'counted' | 'left' | 'done' | 'telemetry'>,
  goesOn: () => boolean,
): Promise<void> {
  let leaves = 0
  let ends = 0
  let behind = 0
  let failed = 0
  // One that takes all of the time is not always the first.
  const begin = (job.ledger.random(1)[0] ?? 0) % Math.max(1, controllers.length)
  for (const controller of [...controllers.slice(begin), ...controllers.slice(0, begin)]) {
    try {
      if (!(await hasEndpoints(job, controller))) continue
      const snapshot = await job.ledger.controllers.current(controller)
      if (snapshot === undefined) continue
      const announced = await announceExpiry(job, snapshot, goesOn)
      leaves += announced.leaves
      ends += announced.ends
      if (announced.hasMore) behind++
      run.changed('ends-announced', announced.ends, controller)
    } catch (error) {
      failed++
      run.telemetry.log({ level: 'error', event: 'not-announced', controller, code: codeOf(error) })
    }
  }
  run.counted('leaves', leaves)
  if (behind > 0) run.left(behind, 'controllers', 'the next run goes on after the last notice')
  run.done(behind > 0 ? 'announced-in-part' : 'announced', ends)
  if (failed > 0)
    throw new LedgerError('unavailable', `the ends of consents of ${failed} controllers could not be announced`)
}
