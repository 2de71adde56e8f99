/** What a run of retention looked at and destroyed, for its report. */

import type { ReportDraft } from '../jobs/report-draft.ts'
import type { RetentionCounts } from './retention-counts.ts'

export function noteRetention(report: Pick<ReportDraft, 'changed' | 'counted'>, counts: RetentionCounts): void {
  report.counted('subjects', counts.subjects)
  if (counts.held > 0) report.counted('held-subjects', counts.held)
  report.changed('subjects-erased', counts.erased)
  report.changed('years-destroyed', counts.years)
  report.changed('contexts-destroyed', counts.contexts)
  report.changed('orphans-removed', counts.orphans)
}
