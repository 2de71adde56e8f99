/**
 * Daily: destroys the keys whose retention has passed, in one seventh of the vault, so that each subject is looked at once in seven runs. It
 * is a function of its own because IAM cannot limit UpdateItem to removing attributes: functions that answer requests have neither
 * UpdateItem nor Scan.
 *
 * The vault is read in 256 slices of equal size. A run goes on at the slice after the last one done (`retention-position.ts`) and begins none
 * when its time is up; it is then logged as `retained-in-part`, and a pass takes more than seven runs. Runs may overlap. After a crash or a
 * failure the next run does the slices since the last position again.
 */
import {
  applyRetentionToPage,
  type RetentionCounts,
  type RetentionScope,
  retentionScopes,
  zeroRetentionCounts,
} from '../../shared/ledger/apply-retention.ts'
import type { RetentionJob } from '../../shared/ledger/ledger.ts'
import { slicesDone, storeSlicesDone } from '../../shared/ledger/retention-position.ts'
import type { Key } from '../../shared/ledger/store.ts'
import type { Telemetry } from '../telemetry.ts'

/** No slice is begun after this time. The function's timeout is 15 minutes. */
const budgetMs = 10 * 60_000
const slices = 256
const slicesPerRun = Math.ceil(slices / 7)
const slicesPerPosition = 8
/** A version that declares a longer term counts for what is looked at so long after its publication. */
const scopesAgeMs = 60_000

/** Dependencies of retention, the only job that destroys keys. */
export interface RetentionDependencies {
  readonly retentionJob: RetentionJob
  readonly telemetry: Telemetry
}

export const createRetainHandler =
  ({ retentionJob, telemetry }: RetentionDependencies) =>
  async (): Promise<void> => {
    const { clock, entries } = retentionJob
    const startMs = clock()
    const counts = zeroRetentionCounts()
    const scopes = recentScopes(retentionJob)
    const first = await slicesDone(entries)
    let done = first
    while (done < first + slicesPerRun && clock() - startMs < budgetMs) {
      let after: Key | undefined
      do {
        const slice = { index: done % slices, of: slices }
        const known = await applyRetentionToPage(retentionJob, after, slice, await scopes())
        // A row that opens for no controller may be of one that was created since they were read.
        const { next, ...page } =
          known.unreadable === 0 ? known : await applyRetentionToPage(retentionJob, after, slice)
        for (const name of Object.keys(counts) as (keyof RetentionCounts)[]) counts[name] += page[name]
        after = next
      } while (after !== undefined)
      done++
      if (done % slicesPerPosition === 0) await storeSlicesDone(entries, done)
    }
    if (done % slicesPerPosition !== 0) await storeSlicesDone(entries, done)
    if (counts.unreadable > 0) {
      telemetry.add('LogFaults', 1)
      telemetry.log({ level: 'error', event: 'vault-unreadable', count: counts.unreadable })
    }
    const isWhole = done === first + slicesPerRun
    telemetry.log({ level: 'info', event: isWhole ? 'retained' : 'retained-in-part', count: counts.subjects })
  }

/** Most slices take less than a second, so they share what is known of the controllers. */
function recentScopes(retentionJob: RetentionJob): () => Promise<readonly RetentionScope[]> {
  let readAtMs = Number.NEGATIVE_INFINITY
  let scopes: readonly RetentionScope[] = []
  return async () => {
    const nowMs = retentionJob.clock()
    if (nowMs - readAtMs < scopesAgeMs) return scopes
    scopes = await retentionScopes(retentionJob)
    readAtMs = nowMs
    return scopes
  }
}
