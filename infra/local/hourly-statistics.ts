/**
 * Statistics of a local ledger: every controller's complete days, a minute after the start and then once an hour. On AWS a schedule does
 * this. Closing waits for the batch in progress. A run that counted a day or failed keeps a report (`npm run operations`).
 */
import { countLogs } from '../../functions/jobs/statistics.ts'
import { claimedControllers } from '../../shared/ledger/controllers/provider-claims.ts'
import { reportedRun } from '../../shared/ledger/jobs/reported-run.ts'
import type { StatisticsJob } from '../../shared/ledger/statistics/count-log.ts'
import type { Objects } from '../../shared/ledger/store.ts'

export interface HourlyStatistics {
  /** Counts now. Throws when a log could not be counted. */
  run(): Promise<void>
  close(): Promise<void>
}

const firstMs = 60_000
const hourMs = 3_600_000

export function startStatistics(
  job: StatisticsJob,
  objects: Pick<Objects, 'put'>,
  onFault: (error: unknown) => void = () => {},
): HourlyStatistics {
  let timer = schedule(firstMs)
  let isClosed = false
  /** Resolves when the last requested run has ended. */
  let last: Promise<void> = Promise.resolve()

  function schedule(ms: number): NodeJS.Timeout {
    return setTimeout(async () => {
      await run().catch(onFault)
      if (!isClosed) timer = schedule(hourMs)
    }, ms).unref()
  }

  function run(): Promise<void> {
    const next = last.then(reported)
    last = next.catch(() => undefined)
    return next
  }

  function reported(): Promise<void> {
    const about = { job: 'statistics', dryRun: false, startedBy: 'schedule' } as const
    return reportedRun(about, { ...job, objects }, async (draft) => {
      const telemetry = {
        add: () => {},
        log: ({ event, controller, code }: { event: string; controller?: string; code?: string }) =>
          draft.found({ finding: event, count: 1, ...(controller && { controller }), ...(code && { code }) }),
      }
      const run = { ...draft, telemetry, done: () => {} }
      await countLogs(job, await claimedControllers(job.entries), run, () => !isClosed)
    })
  }

  return {
    run,
    async close() {
      isClosed = true
      clearTimeout(timer)
      await last
    },
  }
}
