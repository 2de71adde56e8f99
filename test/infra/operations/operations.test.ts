/** `npm run operations`: what jobs left is listed newest first, from a data folder and from a bucket, whatever else is in the folder. */
import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { createS3Client, s3Objects } from '../../../functions/aws/s3-objects.ts'
import { directoryObjects } from '../../../infra/local/data/directory-objects.ts'
import { newestOperations, reportsInBucket, reportsInFolder } from '../../../infra/operations/stored-operations.ts'
import type { JobName, JobReport } from '../../../shared/ledger/jobs/job-report.ts'
import { draftReport } from '../../../shared/ledger/jobs/report-draft.ts'
import { keepReport, reportFolder } from '../../../shared/ledger/jobs/stored-reports.ts'
import type { Objects } from '../../../shared/ledger/store.ts'
import { type S3Double, startS3Double } from '../../support/s3-double.ts'

let folder: string
let s3: S3Double
const run = promisify(execFile)
const operations = (...options: string[]) =>
  run(process.execPath, ['infra/operations/operations.ts', '--data', folder, ...options])

function reportAt(job: JobName, startedAt: string, change = true): JobReport {
  const draft = draftReport({ job, dryRun: false, startedBy: 'command' }, () => Date.parse(startedAt))
  if (change) draft.changed('entries-sequenced', 1234, 'acme')
  draft.counted('logs', 2)
  return draft.end()
}

const reports = [
  reportAt('release', '2026-11-20T02:43:00.000Z'),
  reportAt('retain', '2026-11-21T01:13:00.000Z', false),
  reportAt('release', '2026-11-21T02:43:00.000Z'),
  reportAt('self-audit', '2026-11-22T03:17:00.000Z', false),
]
const newestFirst = [...reports].reverse()

async function storeAll(objects: Objects): Promise<void> {
  for (const report of [2, 0, 3, 1].flatMap((i) => reports[i] ?? [])) await keepReport(objects, report, randomBytes)
}

beforeAll(async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'none')
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'none')
  folder = await mkdtemp(join(tmpdir(), 'operations-'))
  s3 = await startS3Double()
  await writeFile(join(folder, 'ledger.db'), '')
  await storeAll(directoryObjects(join(folder, 'objects')))
  const client = createS3Client({ region: 'eu-north-1', endpoint: s3.endpoint })
  await storeAll(s3Objects(client, { objects: s3.names.objects }))
  client.destroy()
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await s3.stop()
  await rm(folder, { recursive: true })
})

const stores = {
  'a data folder': () => reportsInFolder(folder),
  'a bucket': async () => reportsInBucket(s3.names.objects, 'eu-north-1', s3.endpoint),
}

it.each(Object.entries(stores))('of %s, newest first, as many as asked for, and of one job', async (_, open) => {
  const store = await open()
  const of = async (limit: number, jobs?: readonly JobName[]) =>
    (await newestOperations(store, limit, jobs)).map(({ report }) => report)
  expect(await of(20)).toEqual(newestFirst)
  expect(await of(2)).toEqual(newestFirst.slice(0, 2))
  expect(await of(20, ['release'])).toEqual(newestFirst.filter(({ job }) => job === 'release'))
  expect(await of(20, ['fsck'])).toEqual([])
  store.close()
})

it('as text and as JSON; what is no report is named', async () => {
  const text = (await operations('--limit', '2')).stdout
  expect(text).toBe(
    [
      '2026-11-22T03:17:00.000Z  self-audit  by command   done, 0 s',
      '    looked at 2 logs',
      '2026-11-21T02:43:00.000Z  release     by command   done, 0 s',
      '    looked at 2 logs',
      '    1,234 entries sequenced, which had no leaf (acme)',
      '',
    ].join('\n'),
  )
  const json = JSON.parse((await operations('--json')).stdout)
  expect(json.map(({ object: _, ...report }: { object: string }) => report)).toEqual(newestFirst)
  expect(json[0].object).toMatch(/^operations\/self-audit\/\d{13}-[0-9a-f]{16}$/)

  const planted = join(folder, 'objects', reportFolder('sweep'))
  await mkdir(planted, { recursive: true })
  await writeFile(join(planted, '0-x'), '{"v":1,"job":"\u001b[2J"}')
  expect((await operations('--limit', '1')).stdout).toBe('operations/sweep/0-x is no report that can be read\n')
  expect(JSON.parse((await operations('--limit', '1', '--json')).stdout)).toEqual([
    { object: 'operations/sweep/0-x', unreadable: true },
  ])
})

it('of a folder that holds no ledger is an error', async () => {
  const elsewhere = run(process.execPath, ['infra/operations/operations.ts', '--data', join(folder, 'nowhere')])
  await expect(elsewhere).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining('there is no ledger in') })
})
