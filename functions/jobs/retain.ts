/**
 * Lambda handler, once a day: destroys the keys whose retention has passed, page by page over the whole vault. A function of its own,
 * since IAM cannot hold UpdateItem to removing: what answers requests never has it, nor Scan.
 *
 * A vault may be more than one run can see. Each run begins at a place of its own and goes on from the beginning: so that every subject
 * is seen sooner or later, and no cursor, which is a pseudonym, is kept anywhere. (A scan takes any key for its start, also one that is
 * not there.) May run twice, and at once; a run that dies has done some pages, and the next does the others.
 */

import { applyRetentionToPage, type RetentionCounts, zeroRetentionCounts } from '../../shared/ledger/apply-retention.ts'
import type { RetentionJob } from '../../shared/ledger/ledger.ts'
import type { Key } from '../../shared/ledger/store.ts'
import type { Telemetry } from '../telemetry.ts'

/** No page is begun after this; one takes seconds, or a minute with many events to read. */
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
    const place = { pk: Buffer.from(retentionJob.random(32)).toString('base64url'), sk: 'subject' }
    const done = zeroRetentionCounts()

    /** True: the last page was seen. */
    async function passFrom(start: Key | undefined): Promise<boolean> {
      let after = start
      while (retentionJob.clock() < until) {
        const { next, ...page } = await applyRetentionToPage(retentionJob, after)
        for (const name of Object.keys(done) as (keyof RetentionCounts)[]) done[name] += page[name]
        if (next === undefined) return true
        after = next
      }
      return false
    }

    const isWhole = (await passFrom(place)) && (await passFrom(undefined))
    if (done.unreadable > 0) {
      telemetry.add('LogFaults', 1)
      telemetry.log({ level: 'error', event: 'vault-unreadable', count: done.unreadable })
    }
    telemetry.log({ level: 'info', event: isWhole ? 'retained' : 'retained-in-part', count: done.subjects })
  }
