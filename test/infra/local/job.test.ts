/**
 * `npm run job` on a stopped ledger: a dry run leaves every row and object as it is, a real run makes the changes that it named, and
 * `npm run operations` then lists it.
 */
import { execFile } from 'node:child_process'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openStoppedLedger } from '../../../infra/local/fsck/stopped-ledger.ts'
import { reportLines } from '../../../infra/local/job/report-lines.ts'
import { runJob } from '../../../infra/local/job/run-job.ts'
import { openLocalLedger } from '../../../infra/local/local-ledger.ts'
import { newestOperations, reportsInFolder } from '../../../infra/operations/stored-operations.ts'
import type { JobReport } from '../../../shared/ledger/jobs/job-report.ts'
import { sequenceKeys } from '../../../shared/ledger/log/sequence-keys.ts'
import { recordEvents } from '../../../shared/ledger/recording/record-events.ts'
import { listDispositions } from '../../../shared/ledger/retention/list-dispositions.ts'
import type { Table } from '../../../shared/ledger/store.ts'
import { policyOfKeys, verifyFile } from '../../../shared/verify/verify.ts'
import { logEntry } from '../../support/kept-logs.ts'
import { seeded, submission } from '../../support/memory-ledger.ts'
import { scannedItems } from '../../support/scanned-items.ts'

const people = 3
let folder: string
let now = '2024-05-01T00:00:00.000Z'
const clock = () => Date.parse(now)
const progress = { show: () => undefined, end: () => undefined }

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'job-'))
  const local = await openLocalLedger({ dataFolder: folder, clock })
  const snapshot = await seeded(local.ledger)
  const decide = (n: number) =>
    recordEvents(local.ledger, snapshot, [
      submission({ eventId: `${now}-${n}`, occurredAt: now }, { identity: { type: 'email', id: `${n}` } }),
    ])
  for (let n = 0; n < people; n++) await decide(n)
  await local.runner.settle()
  // The log has to be at work for retention to trust the clock.
  for (const at of ['2031-12-30T00:00:00.000Z', '2031-12-31T00:00:00.000Z', '2032-01-01T00:00:00.000Z']) {
    now = at
    await decide(people)
    await local.runner.settle()
  }
  // As if it had been released each day: a release reads each day since the last one.
  await local.logWriter.log.insert([{ pk: '#released', sk: '2031-12-29', values: {} }])
  await local.close()
})
afterAll(() => rm(folder, { recursive: true }))

async function everything() {
  const { audited, close } = await openStoppedLedger(folder, clock)
  const all = {
    entries: await scannedItems(audited.entries),
    log: await scannedItems(audited.log),
    vault: await scannedItems(audited.vault),
  }
  await close()
  return { ...all, objects: (await readdir(join(folder, 'objects'), { recursive: true })).sort() }
}

const withoutTimes = ({ dryRun: _, startedAt: __, endedAt: ___, ...rest }: JobReport) => rest
const changesOf = ({ changes }: JobReport) => Object.fromEntries(changes.map(({ change, count }) => [change, count]))

it('says what retention and a release would do, does just that, and lists it', async () => {
  const before = await everything()
  const dry = await runJob('retain', folder, true, progress, clock)
  expect(await everything()).toEqual(before)
  expect(changesOf(dry)).toEqual({ 'subjects-erased': people })
  const real = await runJob('retain', folder, false, progress, clock)
  expect(withoutTimes(real)).toEqual(withoutTimes(dry))

  const erased = await everything()
  expect(before.vault.length - erased.vault.length).toBe(people)
  const wouldBe = await runJob('release', folder, true, progress, clock)
  expect(await everything()).toEqual(erased)
  const released = await runJob('release', folder, false, progress, clock)
  expect(withoutTimes(released)).toEqual(withoutTimes(wouldBe))
  expect(changesOf(released)).toEqual({ 'entries-sequenced': people, 'logs-published': 1 })

  const store = await reportsInFolder(folder)
  const kept = await newestOperations(store, 10, ['retain', 'release'])
  expect(kept.map(({ report }) => report)).toEqual(expect.arrayContaining([released, real]))
  expect(kept).toHaveLength(2)
})

it('records what went in a manifest, which gets its leaf when the server is started again', async () => {
  const local = await openLocalLedger({ dataFolder: folder, clock })
  const snapshot = await local.ledger.controllers.current('acme')
  if (snapshot === undefined) throw new Error('no controller')
  await local.runner.settle()
  const { manifests } = await listDispositions(local.ledger, snapshot, { limit: 5 })
  await local.close()
  expect(manifests).toHaveLength(1)
  const { disclosed } = await verifyFile(String(manifests[0]?.tlogProof), policyOfKeys(local.logKeys('acme')))
  expect(disclosed).toEqual({ 'field:manifest': manifests[0]?.manifest })
})

it('sweeps each log, since the local server marks none', async () => {
  // The release above marked it.
  now = '2032-01-03T01:00:00.000Z'
  const { logWriter, close } = await openStoppedLedger(folder, clock)
  const entry = logEntry('acme', 1)
  await (logWriter.entries as Table).insert([entry])
  await sequenceKeys(logWriter, 'acme', [entry])
  await close()
  const dry = await runJob('sweep', folder, true, progress, clock)
  expect(dry).toMatchObject({ outcome: 'done', findings: [] })
  expect(dry.counts).toEqual({ logs: 1 })
  expect(changesOf(dry)).toEqual({ 'logs-published': 1, 'receipt-key-certified': 1 })
  expect(withoutTimes(await runJob('sweep', folder, false, progress, clock))).toEqual(withoutTimes(dry))
  expect(changesOf(await runJob('sweep', folder, true, progress, clock))).toEqual({})
})

it('prints the report of a dry run, and needs no other answer than the exit code', async () => {
  const program = join(import.meta.dirname, '../../../infra/local/job/job.ts')
  const { stdout } = await promisify(execFile)(process.execPath, [program, 'retain', '--dry-run', '--data', folder])
  expect(stdout).toMatch(/^\S+Z {2}retain {6}by command {3}dry run, done, \d+ s\n {4}looked at \d+ subjects\n/)
})

it('prints how many subjects a legal hold kept', async () => {
  const report = await runJob('retain', folder, true, progress, clock)
  const [, looked] = reportLines({ ...report, counts: { subjects: 3, 'held-subjects': 1 } })
  expect(looked).toBe('    looked at 3 subjects, 1 held subjects')
})
