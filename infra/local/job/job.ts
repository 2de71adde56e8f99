/**
 * `npm run job`: runs a job of a ledger on this machine by hand. Exit code 0: done, without findings. 1: findings, or not all was done. 2: it
 * could not be done, or misuse.
 */
import { couldNotBegin, Misuse, run } from '../../command-line.ts'
import { harmlessJson } from '../../terminal-text.ts'
import { readArguments } from '../arguments.ts'
import { defaultDataFolder } from '../data/data-folder.ts'
import { progressOn } from '../progress.ts'
import { reportLines } from './report-lines.ts'
import { type RunnableJob, runJob, runnableJobs } from './run-job.ts'

const usage = `npm run job -- JOB [options]

Runs a job of a ledger on this machine. Its server must be stopped: a running server does the same work by itself. Two jobs of a
deployed ledger are other commands here: self-audit is npm run fsck, redrive is npm run fsck -- --redrive.

  sweep     publishes what a crash or an outage left unpublished
  release   gives erasures their place in the log
  retain    destroys the keys whose retention has passed

Exit code 0: done, without findings. 1: findings, or not all was done. 2: it could not be done, or misuse.`

const options = {
  job: { placeholder: 'JOB', help: `one of ${runnableJobs.join(', ')}`, isOperand: true },
  'dry-run': { help: 'say what would be done, and write nothing' },
  data: { placeholder: 'DIR', help: 'folder of the data', env: 'LEDGER_DATA', default: defaultDataFolder },
  json: { help: 'the report as JSON' },
}

async function main(): Promise<void> {
  const given = readArguments(usage, options, process.argv.slice(2), process.env)
  if (given === undefined) return
  const { job = '', data = defaultDataFolder } = given
  if (!isRunnable(job)) throw new Misuse(refusal(job))
  const progress = progressOn(process.stderr)
  const report = await runJob(job, data, given['dry-run'] !== undefined, progress).finally(progress.end)
  console.log(given.json === undefined ? reportLines(report).join('\n') : harmlessJson(report))
  process.exitCode = report.outcome === 'done' && report.findings.length === 0 ? 0 : 1
}

function refusal(job: string): string {
  const instead = { redrive: 'npm run fsck -- --redrive', 'self-audit': 'npm run fsck' }[job]
  return instead === undefined
    ? `there is no job ${job}; there are ${runnableJobs.join(', ')}`
    : `on this machine ${job} is another command: ${instead}`
}

function isRunnable(name: string): name is RunnableJob {
  return (runnableJobs as readonly string[]).includes(name)
}

run(main, couldNotBegin)
