/**
 * Retention of a local ledger: all of the vault, ten minutes after the start and then once a day. On AWS a schedule does this. After a failed
 * run the next one starts again from the beginning. Closing waits for the page in progress. A run that destroyed something, failed, or
 * met rows that it cannot open keeps a report (`npm run operations`).
 */

import type { ReportDraft } from '../../shared/ledger/jobs/report-draft.ts'
import { reportedRun } from '../../shared/ledger/jobs/reported-run.ts'
import type { RetentionJob } from '../../shared/ledger/ledger.ts'
import { applyRetentionToPage } from '../../shared/ledger/retention/apply-retention.ts'
import {
  addRetentionCounts,
  type RetentionCounts,
  zeroRetentionCounts,
} from '../../shared/ledger/retention/retention-counts.ts'
import { noteRetention } from '../../shared/ledger/retention/retention-report.ts'
import { retentionScopes } from '../../shared/ledger/retention/retention-scopes.ts'
import type { Key, Objects } from '../../shared/ledger/store.ts'
import { type RepeatedRun, startRepeating } from './repeated-run.ts'

const times = { firstMs: 10 * 60_000, everyMs: 24 * 3_600_000 }

export function startRetention(
  retentionJob: RetentionJob,
  objects: Pick<Objects, 'put'>,
  onFault: (error: unknown) => void = () => {},
): RepeatedRun {
  const about = { job: 'retain', dryRun: false, startedBy: 'schedule' } as const
  const retained = (goesOn: () => boolean) =>
    reportedRun(about, { ...retentionJob, objects }, async (draft) => {
      const { unreadable } = await retainWholeVault(retentionJob, draft, goesOn)
      if (unreadable > 0) draft.found({ finding: 'vault-unreadable', count: unreadable })
    })
  return startRepeating(times, retained, onFault)
}

/**
 * Applies retention to every page of the vault, and notes what it did, also when a page fails.
 *
 * @param goesOn is asked between two pages, with the counts so far; the run ends when it is false
 */
export async function retainWholeVault(
  retentionJob: RetentionJob,
  report: Pick<ReportDraft, 'changed' | 'counted' | 'disposed'>,
  goesOn: (counts: Readonly<RetentionCounts>) => boolean = () => true,
): Promise<RetentionCounts> {
  const counts = zeroRetentionCounts()
  const scopes = retentionScopes(retentionJob)
  try {
    let after: Key | undefined
    do {
      const page = await applyRetentionToPage(retentionJob, after, undefined, scopes)
      addRetentionCounts(counts, page)
      for (const disposal of page.disposals) report.disposed(disposal)
      after = page.next
    } while (after !== undefined && goesOn(counts))
    return counts
  } finally {
    noteRetention(report, counts)
  }
}
