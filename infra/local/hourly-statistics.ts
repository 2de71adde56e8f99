/**
 * Statistics of a local ledger: every controller's complete days, a minute after the start and then once an hour. On AWS a schedule does
 * this. Closing waits for the batch in progress. A run that counted a day or failed keeps a report (`npm run operations`).
 */
import { countLogs } from '../../functions/jobs/statistics.ts'
import { claimedControllers } from '../../shared/ledger/controllers/provider-claims.ts'
import { reportedRun } from '../../shared/ledger/jobs/reported-run.ts'
import type { StatisticsJob } from '../../shared/ledger/statistics/count-log.ts'
import type { Objects } from '../../shared/ledger/store.ts'
import { type RepeatedRun, startRepeating } from './repeated-run.ts'

const times = { firstMs: 60_000, everyMs: 3_600_000 }

export function startStatistics(
  job: StatisticsJob,
  objects: Pick<Objects, 'put'>,
  onFault: (error: unknown) => void = () => {},
): RepeatedRun {
  const about = { job: 'statistics', dryRun: false, startedBy: 'schedule' } as const
  const counted = (goesOn: () => boolean) =>
    reportedRun(about, { ...job, objects }, async (draft) => {
      const telemetry = {
        add: () => {},
        log: ({ event, controller, code }: { event: string; controller?: string; code?: string }) =>
          draft.found({ finding: event, count: 1, ...(controller && { controller }), ...(code && { code }) }),
      }
      const run = { ...draft, telemetry, done: () => {} }
      await countLogs(job, await claimedControllers(job.entries), run, goesOn)
    })
  return startRepeating(times, counted, onFault)
}
