/**
 * Hourly: counts the complete days of every controller's log (`shared/ledger/statistics`). A log without a new day costs two calls. A run goes on with
 * the next controller when one fails, begins no batch when its time is up, and then says that it is behind; the next run goes on there.
 */
import { codeOf, LedgerError } from '../../shared/errors.ts'
import { dryTable } from '../../shared/ledger/jobs/dry-table.ts'
import { countLog, type StatisticsJob } from '../../shared/ledger/statistics/count-log.ts'
import type { Objects } from '../../shared/ledger/store.ts'
import type { Telemetry } from '../telemetry.ts'
import { createJobHandler, type JobRun } from './job-handler.ts'

/** No batch is begun after this time. The function's timeout is 15 minutes. */
const budgetMs = 10 * 60_000

export interface StatisticsDependencies {
  readonly statisticsJob: StatisticsJob
  /** Ids of all controllers; of some that were never created, too. */
  readonly controllersOf: () => Promise<readonly string[]>
  readonly telemetry: Telemetry
  /** For its reports. */
  readonly objects: Pick<Objects, 'put'>
}

export function createStatisticsHandler({ statisticsJob, controllersOf, telemetry, objects }: StatisticsDependencies) {
  const { clock, random } = statisticsJob
  return createJobHandler('statistics', { telemetry, objects, clock, random }, async (run, _event?: unknown) => {
    const job = run.dryRun ? { ...statisticsJob, entries: dryTable(statisticsJob.entries) } : statisticsJob
    const endMs = clock() + budgetMs
    await countLogs(job, await controllersOf(), run, () => clock() < endMs)
  })
}

/** @throws when a log could not be counted, after all were tried */
export async function countLogs(
  job: StatisticsJob,
  controllers: readonly string[],
  run: Pick<JobRun, 'changed' | 'counted' | 'left' | 'done' | 'telemetry'>,
  goesOn: () => boolean,
): Promise<void> {
  let leaves = 0
  let behind = 0
  let failed = 0
  for (const controller of controllers) {
    try {
      const snapshot = await job.controllers.current(controller)
      if (snapshot === undefined) continue
      const counted = await countLog(job, snapshot, goesOn)
      leaves += counted.leaves
      if (counted.isBehind) behind++
      run.changed('days-counted', counted.days, controller)
    } catch (error) {
      failed++
      run.telemetry.log({ level: 'error', event: 'not-counted', controller, code: codeOf(error) })
    }
  }
  run.counted('leaves', leaves)
  if (behind > 0) run.left(behind, 'logs', 'the next run goes on after the last counted leaf')
  run.done(behind > 0 ? 'counted-in-part' : 'counted', leaves)
  if (failed > 0) throw new LedgerError('unavailable', `the statistics of ${failed} logs could not be counted`)
}
