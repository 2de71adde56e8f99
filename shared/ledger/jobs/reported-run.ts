/** Runs a job on one machine and keeps its report (`stored-reports.ts`), also when it failed. In Lambda a handler does this. */

import type { Clock, Objects, Randomness } from '../store.ts'
import type { JobName, Starter } from './job-report.ts'
import { draftReport, type ReportDraft } from './report-draft.ts'
import { keepReport } from './stored-reports.ts'

export interface ReportedRun {
  readonly job: JobName
  readonly dryRun: boolean
  readonly startedBy: Starter
}

export interface ReportedRunDependencies {
  readonly objects: Pick<Objects, 'put'>
  readonly clock: Clock
  readonly random: Randomness
}

/** @throws what the work threw, when the report has been kept */
export async function reportedRun<Result>(
  run: ReportedRun,
  { objects, clock, random }: ReportedRunDependencies,
  work: (draft: ReportDraft) => Promise<Result>,
): Promise<Result> {
  const draft = draftReport(run, clock)
  const [ended] = await Promise.allSettled([work(draft)])
  const failure = ended.status === 'rejected' ? ended.reason : undefined
  await keepReport(objects, draft.end(failure), random)
  if (ended.status === 'rejected') throw failure
  return ended.value
}
