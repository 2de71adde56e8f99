/**
 * Retention of a local ledger: all of the vault, ten minutes after the start and then once a day. On AWS a schedule does this. After a failed
 * run the next one starts again from the beginning. Closing waits for the page in progress.
 */

import { applyRetentionToPage } from '../../shared/ledger/apply-retention.ts'
import type { RetentionJob } from '../../shared/ledger/ledger.ts'
import type { Key } from '../../shared/ledger/store.ts'

export interface DailyRetention {
  /** Goes through the vault now. Throws the error of the first page that fails. */
  run(): Promise<void>
  close(): Promise<void>
}

const firstMs = 10 * 60_000
const dayMs = 24 * 3_600_000

export function startRetention(
  retentionJob: RetentionJob,
  onFault: (error: unknown) => void = () => {},
): DailyRetention {
  let timer = schedule(firstMs)
  let isClosed = false
  /** Resolves when the last requested run has ended. */
  let last: Promise<void> = Promise.resolve()

  function schedule(ms: number): NodeJS.Timeout {
    return setTimeout(async () => {
      await run().catch(onFault)
      if (!isClosed) timer = schedule(dayMs)
    }, ms).unref()
  }

  function run(): Promise<void> {
    const next = last.then(allPages)
    last = next.catch(() => undefined)
    return next
  }

  async function allPages(): Promise<void> {
    let after: Key | undefined
    do after = (await applyRetentionToPage(retentionJob, after)).next
    while (after !== undefined && !isClosed)
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
