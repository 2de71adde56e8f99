/** `npm run operations`: lists what the jobs of a ledger did, newest first. It reads the reports that they kept, and writes nothing. */

import { type JobName, jobNames } from '../../shared/ledger/jobs/job-report.ts'
import { couldNotBegin, Misuse, run } from '../command-line.ts'
import { readArguments } from '../local/arguments.ts'
import { defaultDataFolder } from '../local/data/data-folder.ts'
import { reportLines } from '../local/job/report-lines.ts'
import { harmless, harmlessJson } from '../terminal-text.ts'
import { newestOperations, type ReportStore, reportsInBucket, reportsInFolder } from './stored-operations.ts'

const usage = `npm run operations -- [options]

Lists what jobs did, newest first: those that changed something, failed, or were started by hand. A ledger on this machine may be running.
For a deployed one name its bucket of objects; the credentials are those that the AWS SDK finds.`

const options = {
  data: {
    placeholder: 'DIR',
    help: 'folder of the data of a ledger on this machine',
    env: 'LEDGER_DATA',
    default: defaultDataFolder,
  },
  bucket: { placeholder: 'NAME', help: 'bucket of the objects; makes the ledger a deployed one' },
  region: { placeholder: 'REGION', help: 'region of the bucket', env: 'AWS_REGION' },
  job: { placeholder: 'JOB', help: `only of ${jobNames.join(', ')}` },
  limit: { placeholder: 'N', help: 'how many, up to 1000', default: '20' },
  json: { help: 'the reports as JSON' },
}

async function main(): Promise<void> {
  const given = readArguments(usage, options, process.argv.slice(2), process.env)
  if (given === undefined) return
  const { job, limit } = given
  if (job !== undefined && !isJob(job)) throw new Misuse(`--job is one of ${jobNames.join(', ')}; not ${job}`)
  const most = /^\d{1,4}$/.test(limit ?? '') ? Number(limit) : 0
  if (most < 1 || most > 1000) throw new Misuse(`--limit is 1 to 1000; not ${limit}`)
  const store = await open(given)
  try {
    const operations = await newestOperations(store, most, job === undefined ? jobNames : [job])
    if (given.json !== undefined) {
      console.log(
        harmlessJson(operations.map(({ object, report }) => ({ object, ...(report ?? { unreadable: true }) }))),
      )
      return
    }
    if (operations.length === 0) console.log('No job has left a report.')
    for (const { object, report } of operations)
      console.log(report ? reportLines(report).join('\n') : harmless(`${object} is no report that can be read`))
  } finally {
    store.close()
  }
}

async function open(given: Readonly<Record<'data' | 'bucket' | 'region', string | undefined>>): Promise<ReportStore> {
  if (given.bucket === undefined) return reportsInFolder(given.data ?? defaultDataFolder)
  if (!given.region) throw new Misuse('a bucket also needs --region (or AWS_REGION)')
  return reportsInBucket(given.bucket, given.region, process.env.AWS_ENDPOINT_URL_S3)
}

function isJob(name: string): name is JobName {
  return (jobNames as readonly string[]).includes(name)
}

run(main, couldNotBegin)
