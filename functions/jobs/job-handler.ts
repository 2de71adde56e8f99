/**
 * A handler around a job that a schedule or an operator starts. It reads the event, runs the job, writes one line, keeps the report if it is
 * worth an object (`stored-reports.ts`), and answers the report. A job that failed is reported, and fails the call, so that Lambda counts it.
 *
 * In a dry run the job gets dependencies that write nothing (`dry-table.ts`); metrics are not counted, because alarms watch them, and error
 * lines are in the report only. A report that cannot be stored fails the call: `BackgroundErrors` is then the alarm.
 */
import type { JobName, JobReport } from '../../shared/ledger/jobs/job-report.ts'
import { draftReport, type ReportDraft } from '../../shared/ledger/jobs/report-draft.ts'
import { keepReport } from '../../shared/ledger/jobs/stored-reports.ts'
import type { Clock, Objects, Randomness } from '../../shared/ledger/store.ts'
import type { LogEvent, LogLine, Telemetry } from '../telemetry.ts'
import { type JobRequest, readJobRequest } from './job-request.ts'

export interface JobHandlerDependencies {
  readonly telemetry: Telemetry
  readonly objects: Pick<Objects, 'put'>
  readonly clock: Clock
  readonly random: Randomness
}

export interface JobRun extends Omit<ReportDraft, 'end' | 'found'> {
  readonly dryRun: boolean
  readonly telemetry: Telemetry
  /** The run's last line, which is written when it has ended, also if it then throws. */
  done(event: LogEvent, count: number): void
}

/**
 * @param work resolves when the run has ended
 * @param readRequest another for a job that is started by more than schedules and operators
 */
export function createJobHandler<Given>(
  job: JobName,
  { telemetry, objects, clock, random }: JobHandlerDependencies,
  work: (run: JobRun, event: Given) => Promise<void>,
  readRequest: (event: Given) => JobRequest = readJobRequest,
) {
  return async (...[given]: undefined extends Given ? [event?: Given] : [event: Given]): Promise<JobReport> => {
    // The type above leaves it out only where `Given` may be undefined.
    const event = given as Given
    const request = readRequest(event)
    const draft = draftReport({ job, ...request }, clock)
    let line: Pick<LogLine, 'event' | 'count'> = { event: 'not-done' }
    const run: JobRun = {
      ...draft,
      dryRun: request.dryRun,
      telemetry: request.dryRun ? withoutFaults(telemetry, draft) : withFaults(telemetry, draft),
      done: (name, count) => {
        line = { event: name, count }
      },
    }
    const failure = await work(run, event).then(
      () => undefined,
      (error: unknown) => error ?? new Error('the job failed'),
    )
    const report = draft.end(failure)
    const level = line.event === 'not-done' ? 'error' : 'info'
    telemetry.log({ level, ...line, ...(isQuiet(report) ? {} : { report }) })
    await keepReport(objects, report, random)
    if (failure !== undefined) throw failure
    return report
  }
}

/** Whether a scheduled run found nothing to do and nothing wrong. */
function isQuiet({ startedBy, dryRun, changes, findings, outcome }: JobReport): boolean {
  return startedBy === 'schedule' && !dryRun && outcome === 'done' && changes.length === 0 && findings.length === 0
}

function withFaults(telemetry: Telemetry, draft: ReportDraft): Telemetry {
  return {
    add: (metric, value) => telemetry.add(metric, value),
    log(line) {
      note(draft, line)
      telemetry.log(line)
    },
  }
}

function withoutFaults(telemetry: Telemetry, draft: ReportDraft): Telemetry {
  return {
    add: () => {},
    log(line) {
      if (line.level === 'error') note(draft, line)
      else telemetry.log(line)
    },
  }
}

function note(draft: ReportDraft, { level, event, count = 1, controller, code, check }: LogLine): void {
  if (level !== 'error') return
  const more = { ...(controller && { controller }), ...(code && { code }), ...(check && { check }) }
  draft.found({ finding: event, count, ...more })
}
