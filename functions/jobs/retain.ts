/**
 * Daily: destroys the keys whose retention has passed, page by page over the whole vault. It is a function of its own because IAM cannot
 * limit UpdateItem to removing attributes: functions that answer requests have neither UpdateItem nor Scan.
 *
 * A vault may be too large for one run. Each run starts at a random key and wraps around, so every subject is seen in the end and no cursor,
 * which would be a pseudonym, is stored. (A scan may start at a key that does not exist.) Runs may overlap; after a crash the next run
 * does the remaining pages.
 */
import { applyRetentionToPage, type RetentionCounts, zeroRetentionCounts } from '../../shared/ledger/apply-retention.ts'
import type { RetentionJob } from '../../shared/ledger/ledger.ts'
import type { Key } from '../../shared/ledger/store.ts'
import type { Telemetry } from '../telemetry.ts'

/** No page is begun after this time. A page takes seconds, or a minute when many events are read. */
const budgetMs = 10 * 60_000

/** Dependencies of retention, the only job that destroys keys. */
export interface RetentionDependencies {
  readonly retentionJob: RetentionJob
  readonly telemetry: Telemetry
}

export const createRetainHandler =
  ({ retentionJob, telemetry }: RetentionDependencies) =>
  async (): Promise<void> => {
    const until = retentionJob.clock() + budgetMs
    const start = { pk: Buffer.from(retentionJob.random(32)).toString('base64url'), sk: 'subject' }
    const done = zeroRetentionCounts()

    /** Resolves to true when the last page was seen. */
    async function passFrom(first: Key | undefined): Promise<boolean> {
      let after = first
      while (retentionJob.clock() < until) {
        const { next, ...page } = await applyRetentionToPage(retentionJob, after)
        for (const name of Object.keys(done) as (keyof RetentionCounts)[]) done[name] += page[name]
        if (next === undefined) return true
        after = next
      }
      return false
    }

    const isWhole = (await passFrom(start)) && (await passFrom(undefined))
    if (done.unreadable > 0) {
      telemetry.add('LogFaults', 1)
      telemetry.log({ level: 'error', event: 'vault-unreadable', count: done.unreadable })
    }
    telemetry.log({ level: 'info', event: isWhole ? 'retained' : 'retained-in-part', count: done.subjects })
  }
