/**
 * Daily: destroys the keys whose retention has passed, in one seventh of the vault, so that each subject is looked at once in seven runs. It
 * is a function of its own because IAM cannot limit UpdateItem to removing attributes: functions that answer requests have neither
 * UpdateItem nor Scan.
 *
 * The vault is read in 256 slices of equal size. A run goes on at the slice after the last one done (`retention-position.ts`) and begins none
 * when its time is up; it is then logged as `retained-in-part`, and a pass takes more than seven runs. Runs may overlap. After a crash or a
 * failure the next run does the slices since the last position again.
 */

import type { RetentionJob } from '../../shared/ledger/ledger.ts'
import { applyRetentionToPage } from '../../shared/ledger/retention/apply-retention.ts'
import { dryRetentionJob } from '../../shared/ledger/retention/dry-vault.ts'
import { addRetentionCounts, zeroRetentionCounts } from '../../shared/ledger/retention/retention-counts.ts'
import { slicesDone, storeSlicesDone } from '../../shared/ledger/retention/retention-position.ts'
import { noteRetention } from '../../shared/ledger/retention/retention-report.ts'
import { retentionScopes } from '../../shared/ledger/retention/retention-scopes.ts'
import type { Key, Objects } from '../../shared/ledger/store.ts'
import type { Telemetry } from '../telemetry.ts'
import { createJobHandler, type JobRun } from './job-handler.ts'

/** No slice is begun after this time. The function's timeout is 15 minutes. */
const budgetMs = 10 * 60_000
const slices = 256
const slicesPerRun = Math.ceil(slices / 7)
const slicesPerPosition = 8
const destroyed = ['contexts', 'years', 'erased', 'orphans'] as const

/** Dependencies of retention, the only job that destroys keys. */
export interface RetentionDependencies {
  readonly retentionJob: RetentionJob
  readonly telemetry: Telemetry
  /** For its reports. */
  readonly objects: Pick<Objects, 'put'>
}

export function createRetainHandler({ retentionJob, telemetry, objects }: RetentionDependencies) {
  const { clock, random } = retentionJob
  return createJobHandler('retain', { telemetry, objects, clock, random }, (run, _event?: unknown) =>
    retain(run.dryRun ? dryRetentionJob(retentionJob) : retentionJob, run),
  )
}

async function retain(retentionJob: RetentionJob, run: JobRun): Promise<void> {
  const { clock, entries } = retentionJob
  const { telemetry } = run
  const startMs = clock()
  const counts = zeroRetentionCounts()
  const scopes = retentionScopes(retentionJob)
  const first = await slicesDone(entries)
  let done = first
  try {
    while (done < first + slicesPerRun && clock() - startMs < budgetMs) {
      let after: Key | undefined
      do {
        const slice = { index: done % slices, of: slices }
        const known = await applyRetentionToPage(retentionJob, after, slice, scopes)
        // A row that opens for no controller may be of one that was created since they were read.
        const page = known.unreadable === 0 ? known : await applyRetentionToPage(retentionJob, after, slice)
        addRetentionCounts(counts, page)
        for (const disposal of page.disposals) run.disposed(disposal)
        // The second look does not see what the first one destroyed.
        if (page !== known) {
          for (const name of destroyed) counts[name] += known[name]
          for (const disposal of known.disposals) run.disposed(disposal)
        }
        after = page.next
      } while (after !== undefined)
      done++
      if (done % slicesPerPosition === 0) {
        await storeSlicesDone(entries, done)
        telemetry.log({ level: 'info', event: 'retaining', count: done - first })
      }
    }
    if (done % slicesPerPosition !== 0) await storeSlicesDone(entries, done)
  } finally {
    noteRetention(run, counts)
    const left = first + slicesPerRun - done
    if (left > 0) run.left(left, 'slices', 'the next run goes on at the first of them')
  }
  if (counts.unreadable > 0) {
    telemetry.add('LogFaults', 1)
    telemetry.log({ level: 'error', event: 'vault-unreadable', count: counts.unreadable })
  }
  run.done(done === first + slicesPerRun ? 'retained' : 'retained-in-part', counts.subjects)
}
