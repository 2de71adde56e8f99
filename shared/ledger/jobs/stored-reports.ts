/**
 * Reports of jobs as write-once objects:
 *
 *   operations/<job>/<13 digits>-<16 hex digits>     JSON, a `job-report`
 *
 * The digits are the milliseconds from the run's start to a far end, so that names sort newest first. A run stores its report when it ends,
 * so one that was killed leaves none; Lambda's own lines show it.
 */
import { conforms } from '../../consent/schema.ts'
import type { Objects, Randomness } from '../store.ts'
import { type JobName, type JobReport, jobReport } from './job-report.ts'

const farEndMs = 9_999_999_999_999

/** Folder of the reports of a job; it ends in a slash. */
export const reportFolder = (job: JobName): string => `operations/${job}/`

/** Stores the report of a run, where it is worth an object. */
export async function keepReport(objects: Pick<Objects, 'put'>, report: JobReport, random: Randomness): Promise<void> {
  if (!isWorthKeeping(report)) return
  const place = String(farEndMs - Date.parse(report.startedAt)).padStart(13, '0')
  const name = `${reportFolder(report.job)}${place}-${Buffer.from(random(8)).toString('hex')}`
  await objects.put(name, Buffer.from(JSON.stringify(report)))
}

/**
 * Whether a report is worth an object: that of a run which changed something, had findings, did not do all of its work, or was started by
 * hand. A dry run stores nothing. What a sweep does every minute is not worth one, because the checkpoints record its publications and the
 * alarms what it could not do. Each self-audit that had something to do is worth one, because its report shows that it was done and found nothing.
 */
function isWorthKeeping({ job, dryRun, startedBy, outcome, counts, changes, findings }: JobReport): boolean {
  if (dryRun) return false
  if (startedBy !== 'schedule') return true
  // It runs each hour, and a run without counts had nothing to do.
  if (job === 'self-audit') return Object.keys(counts).length > 0 || outcome === 'failed'
  if (job === 'sweep') return changes.some(({ change }) => change !== 'logs-published')
  return changes.length > 0 || findings.length > 0 || outcome !== 'done'
}

/** `undefined` for bytes that are no report that this version can read. */
export function readReport(bytes: Uint8Array): JobReport | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes).toString())
    return conforms(jobReport, value) && value.v === 1 ? value : undefined
  } catch {
    return undefined
  }
}
