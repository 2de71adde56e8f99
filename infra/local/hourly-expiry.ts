/**
 * Ends of consents of a local ledger: announced a minute and a half after the start and then once an hour. On AWS a schedule does this. Closing waits for
 * the step in progress. A run that announced an end or failed keeps a report (`npm run operations`).
 */
import { announceExpiries } from '../../functions/jobs/expiry.ts'
import { claimedControllers } from '../../shared/ledger/controllers/provider-claims.ts'
import type { ExpiryJob } from '../../shared/ledger/expiry/announce-expiry.ts'
import { reportedRun } from '../../shared/ledger/jobs/reported-run.ts'
import { type RepeatedRun, startRepeating } from './repeated-run.ts'

const times = { firstMs: 90_000, everyMs: 3_600_000 }

export function startExpiry(job: ExpiryJob, onFault: (error: unknown) => void = () => {}): RepeatedRun {
  const about = { job: 'expiry', dryRun: false, startedBy: 'schedule' } as const
  const announced = (goesOn: () => boolean) =>
    reportedRun(about, job.ledger, async (draft) => {
      const telemetry = {
        add: () => {},
        log: ({ event, controller, code }: { event: string; controller?: string; code?: string }) =>
          draft.found({ finding: event, count: 1, ...(controller && { controller }), ...(code && { code }) }),
      }
      const run = { ...draft, telemetry, done: () => {} }
      await announceExpiries(job, await claimedControllers(job.ledger.entries), run, goesOn)
    })
  return startRepeating(times, announced, onFault)
}
