/** What a publication changed, for the report of a run. */
import type { ReportDraft } from '../jobs/report-draft.ts'
import type { Published } from './publisher.ts'

export function notePublication(
  { changed }: Pick<ReportDraft, 'changed'>,
  controller: string,
  { published, copies = 0 }: Published,
): void {
  changed('copies-stored', copies, controller)
  changed('logs-published', published ? 1 : 0, controller)
}
