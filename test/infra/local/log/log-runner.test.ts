/** The sequencer of one machine: from an insert to a published checkpoint, through failures of every kind, and through a crash. */

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openAnnouncedKeys } from '../../../../infra/local/log/announced-keys.ts'
import { announcingTable } from '../../../../infra/local/log/announcing-table.ts'
import { type LogFault, type LogRunner, startLogRunner } from '../../../../infra/local/log/log-runner.ts'
import { erasureMark } from '../../../../shared/ledger/erasure/erasure-marks.ts'
import type { JobReport } from '../../../../shared/ledger/jobs/job-report.ts'
import { readReport, reportFolder } from '../../../../shared/ledger/jobs/stored-reports.ts'
import { openLog } from '../../../../shared/ledger/log/open-log.ts'
import type { Item, Objects, Table } from '../../../../shared/ledger/store.ts'
import { eventually } from '../../../support/eventually.ts'
import { memoryLedger } from '../../../support/memory-ledger.ts'
import { memoryLogWriter } from '../../../support/memory-log-writer.ts'
import type { ScriptedFault } from '../../../support/memory-table.ts'

const now = '2026-11-22T12:00:00.000Z'
/** The report of a release, without what it did. */
const released = {
  ...{ v: 1, job: 'release', dryRun: false, startedBy: 'schedule', startedAt: now, endedAt: now },
  counts: {},
}

let folder: string
let runners: LogRunner[]
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'log-runner-'))
  runners = []
})
afterEach(async () => {
  await Promise.all(runners.map((runner) => runner.close()))
  rmSync(folder, { recursive: true })
})

type Struck = (table: 'entries' | 'log', operation: string, pk: string) => ScriptedFault | undefined

/** A ledger in memory whose entries ring at a runner with a doorbell on disk. `start` again is a new life of the process. */
function bench(struck: Struck = () => undefined) {
  const ledger = memoryLedger(now, {
    entries: { fault: (operation, { pk }) => struck('entries', operation, pk) },
    log: { fault: (operation, { pk }) => struck('log', operation, pk) },
  })
  const reports: (JobReport | undefined)[] = []
  const objects: Objects = {
    ...ledger.objects,
    async put(name, bytes) {
      await ledger.objects.put(name, bytes)
      if (name.startsWith(reportFolder('release'))) reports.push(readReport(bytes))
    },
  }
  const logWriter = memoryLogWriter({ ...ledger, objects })
  const faults: LogFault[] = []
  const start = (): { runner: LogRunner; table: Table } => {
    const options = { cycleMs: 1, unsureMs: 5, onFault: (fault: LogFault) => faults.push(fault) }
    const runner = startLogRunner(logWriter, openAnnouncedKeys(folder), options)
    runners.push(runner)
    return { runner, table: announcingTable(ledger.entries, runner) }
  }
  const indexOf = async (item: Item) => (await ledger.log.get([item]))[0]?.values.index
  return { ledger, logWriter, faults, reports, start, indexOf }
}

const entry = (n: number): Item => ({ pk: 'acme#sub', sk: `event#${n}`, values: { leaf: `{"n":${n}}` } })
const announced = () => readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'))

async function until(isSo: () => Promise<boolean> | boolean): Promise<void> {
  await eventually(async () => expect(await isSo()).toBe(true))
}

it('sequences and publishes an inserted entry, and removes its announced key', async () => {
  const { ledger, start, indexOf } = bench()
  const { runner, table } = start()
  const outcomes = await Promise.all([table.insert([entry(0), entry(1)]), table.insert([entry(2)])])
  expect(outcomes.flat().map(({ outcome }) => outcome)).toEqual(['inserted', 'inserted', 'inserted'])
  expect(await runner.settle()).toBe(true)
  // The `time` leaf of the hour comes first.
  expect(await Promise.all([0, 1, 2].map((n) => indexOf(entry(n))))).toEqual([1, 2, 3])
  expect((await ledger.objects.readServed('served/acme/checkpoint'))?.bytes.toString()).toContain('\n4\n')
  expect(announced()).toEqual([''])
})

it('announces an entry’s key on disk before the insert, and never that of configuration', async () => {
  const { ledger, start } = bench()
  const { runner } = start()
  const seen: string[] = []
  const watched: Table = {
    ...ledger.entries,
    insert(items) {
      seen.push(announced().join(''))
      return ledger.entries.insert(items)
    },
  }
  const table = announcingTable(watched, runner)
  await table.insert([{ pk: 'acme#controller', sk: 'site#web', values: { record: '{}' } }])
  await table.insert([entry(1)])
  expect(seen).toEqual(['', 'acme#sub\tevent#1\n'])
})

it('continues after a crash with the announced keys, whether their entries were stored or not', async () => {
  let isDown = true
  const { start, indexOf } = bench((table, operation) =>
    isDown && table === 'log' && operation === 'insert' ? 'before' : undefined,
  )
  const first = start()
  await first.table.insert([entry(1)])
  first.runner.announce([{ pk: 'acme#sub', sk: 'event#never-inserted' }])
  expect(await first.runner.settle()).toBe(false)
  isDown = false
  const second = start()
  expect(await second.runner.settle()).toBe(true)
  expect(await indexOf(entry(1))).toBe(1)
  expect(await indexOf({ ...entry(0), sk: 'event#never-inserted' })).toBeUndefined()
})

it.each(['before', 'after'] as const)('an insert that fails (%s it was done) is checked later', async (when) => {
  let isDown = true
  const { start, indexOf } = bench((table, operation) =>
    isDown && table === 'entries' && operation === 'insert' ? when : undefined,
  )
  const { table } = start()
  expect((await table.insert([entry(1)]))[0]?.outcome).toBe('error')
  isDown = false
  await until(() => announced().join('') === '')
  expect(await indexOf(entry(1))).toBe(when === 'after' ? 1 : undefined)
})

it('retries until the log can be written, and reports each failure', async () => {
  let failures = 3
  const { start, faults, indexOf } = bench((table, operation, pk) =>
    table === 'log' && operation === 'insert' && pk === 'acme#log' && failures-- > 0 ? 'before' : undefined,
  )
  const { runner, table } = start()
  await table.insert([entry(1)])
  while (!(await runner.settle()));
  expect(await indexOf(entry(1))).toBe(1)
  expect(faults.length).toBeGreaterThanOrEqual(3)
  expect(faults.every(({ controller, fault }) => controller === 'acme' && fault === 'sequencer')).toBe(true)
})

it('a broken log of one controller does not block the others', async () => {
  const { ledger, logWriter, start, indexOf } = bench()
  await openLog(logWriter, 'broken')
  await ledger.log.insert([{ pk: 'broken#log', sk: '0000000000000000', values: { id: 'not a batch' } }])
  const { runner, table } = start()
  const broken = { ...entry(1), pk: 'broken#sub' }
  await table.insert([broken, entry(2)])
  expect(await runner.settle()).toBe(false)
  expect(await indexOf(broken)).toBeUndefined()
  await until(async () => (await indexOf(entry(2))) === 1)
})

it('reports an entry that cannot become a leaf, and skips it', async () => {
  const { start, faults, indexOf } = bench()
  const { runner, table } = start()
  const unfit = { ...entry(1), values: { leaf: 'x'.repeat(16_385) } }
  await table.insert([unfit, entry(2)])
  expect(await runner.settle()).toBe(true)
  expect(await indexOf(unfit)).toBeUndefined()
  expect(await indexOf(entry(2))).toBe(1)
  expect(faults).toEqual([{ controller: 'acme', fault: 'skipped', count: 1 }])
  expect(announced()).toEqual([''])
})

it('does not announce erasures: those of all controllers are released at the start and once a day', async () => {
  const { ledger, logWriter, start, indexOf, faults, reports } = bench()
  const erased = (sub: string): Item => ({ pk: 'acme#erased', sk: sub, values: { leaf: `{"erased":"${sub}"}` } })
  const mark = (sub: string) => erasureMark('acme', sub, new Date(logWriter.clock()).toISOString().slice(0, 10))
  await ledger.entries.insert([{ pk: '#identity-providers', sk: 'x', values: { record: '{"controller":"acme"}' } }])
  const first = start()
  expect(await first.runner.release()).toBe(true)
  await first.table.insert([mark('b'), mark('a'), erased('b'), erased('a')])
  expect(announced().join('')).toBe('')
  await first.table.insert([entry(1)])
  expect(await first.runner.settle()).toBe(true)
  expect(await indexOf(erased('a'))).toBeUndefined()
  expect(await first.runner.release()).toBe(true)
  expect(await Promise.all(['a', 'b'].map((sub) => indexOf(erased(sub))))).toEqual([2, 3])
  expect((await logWriter.objects.readServed('served/acme/checkpoint'))?.bytes.toString()).toContain('\n4\n')
  expect(reports).toEqual([
    {
      ...{ ...released, outcome: 'done' },
      changes: [
        { change: 'entries-sequenced', count: 2, controller: 'acme' },
        { change: 'logs-published', count: 1, controller: 'acme' },
      ],
      findings: [],
    },
  ])
  await first.table.insert([mark('c'), erased('c')])
  await Promise.all(runners.splice(0).map((runner) => runner.close()))
  start()
  await until(async () => (await indexOf(erased('c'))) === 4)
  expect(faults).toEqual([])
})

it('reports an erasure that cannot become a leaf', async () => {
  const { ledger, start, faults, reports } = bench()
  await ledger.entries.insert([
    { pk: '#identity-providers', sk: 'x', values: { record: '{"controller":"acme"}' } },
    { pk: 'acme#erased', sk: 's', values: { leaf: '' } },
  ])
  await start().runner.release()
  expect(faults).toEqual([{ controller: 'acme', fault: 'skipped', count: 1 }])
  const findings = [{ finding: 'entries-skipped', count: 1, controller: 'acme' }]
  expect(reports).toEqual([{ ...{ ...released, outcome: 'done' }, changes: [], findings }])
})

it('names the controller whose erasures could not be released, and releases the others', async () => {
  let isDown = true
  const { ledger, start, indexOf, faults, reports } = bench((table, operation, pk) =>
    isDown && table === 'entries' && operation === 'query' && pk === 'acme#erased' ? 'before' : undefined,
  )
  const claim = (controller: string): Item => ({
    ...{ pk: '#identity-providers', sk: controller },
    values: { record: JSON.stringify({ controller }) },
  })
  const erased = (controller: string): Item => ({ pk: `${controller}#erased`, sk: 's', values: { leaf: '{}' } })
  await ledger.entries.insert([claim('acme'), claim('other'), erased('acme'), erased('other')])
  const { runner } = start()
  expect(await runner.release()).toBe(false)
  // At the start, and when it was asked for.
  const fault = { controller: 'acme', fault: 'release', error: expect.any(Error) }
  expect(faults).toEqual([fault, fault])
  const inPart = {
    ...{ ...released, outcome: 'in-part' },
    findings: [{ finding: 'not-released', count: 1, controller: 'acme', code: 'unavailable' }],
    left: { count: 1, of: 'logs', next: 'the next release takes them' },
  }
  const others = [
    { change: 'entries-sequenced', count: 1, controller: 'other' },
    { change: 'logs-published', count: 1, controller: 'other' },
  ]
  expect(reports).toEqual([
    { ...inPart, changes: others },
    { ...inPart, changes: [] },
  ])
  expect(await Promise.all(['acme', 'other'].map((each) => indexOf(erased(each))))).toEqual([undefined, 1])
  isDown = false
  expect(await runner.release()).toBe(true)
  expect(await indexOf(erased('acme'))).toBe(1)
})
