/** A handler around a log job: a dry run gets a log writer that writes and signs nothing. */

import type { JobName } from '../../shared/ledger/jobs/job-report.ts'
import { dryLogWriter } from '../../shared/ledger/log/dry-log-writer.ts'
import type { LogJobDependencies } from './extend-logs.ts'
import { createJobHandler, type JobRun } from './job-handler.ts'
import type { JobRequest } from './job-request.ts'

export function createLogJobHandler<Given>(
  name: JobName,
  job: LogJobDependencies,
  work: (forRun: LogJobDependencies, run: JobRun, event: Given) => Promise<void>,
  readRequest?: (event: Given) => JobRequest,
) {
  const { logWriter, telemetry } = job
  return createJobHandler<Given>(
    name,
    { ...logWriter, telemetry },
    (run, event) => {
      const reported = { ...job, telemetry: run.telemetry, changed: run.changed }
      if (!run.dryRun) return work(reported, run, event)
      const dry = dryLogWriter(logWriter)
      return work({ ...reported, logWriter: dry.logWriter, publishCheckpoint: dry.publish }, run, event)
    },
    readRequest,
  )
}
