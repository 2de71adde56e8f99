/** Calls and write units that the log adds to an event, counted on the embedded engine. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type EngineLog, openEngineLog } from './engine-log.ts'
import { type LogSample, takeSample } from './log-sample.ts'
import { runSequencer } from './log-sequencer.ts'

let folder: string
let sample: LogSample
let log: EngineLog

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'consent-ledger-log-'))
  sample = await takeSample()
  log = await openEngineLog(folder, sample)
}, 30_000)

afterAll(async () => {
  await log?.close()
  await rm(folder, { recursive: true, force: true })
})

it('is less than a tenth of a call in batches of 1,000, and a write unit for the index row', async () => {
  const run = await runSequencer(log, sample, {
    controller: 'large',
    events: 2_000,
    eventsPerCycle: 2_000,
    asDeployed: true,
  })
  expect(run.callsPerEvent).toBeLessThan(0.1)
  expect(run.writeUnitsPerEvent).toBeGreaterThan(1)
  expect(run.writeUnitsPerEvent).toBeLessThan(1.2)
}, 30_000)

it('is at most 2.2 write units in cycles of ten', async () => {
  const run = await runSequencer(log, sample, {
    controller: 'small',
    events: 200,
    eventsPerCycle: 10,
    asDeployed: true,
  })
  expect(run.writeUnitsPerEvent).toBeGreaterThan(1)
  expect(run.writeUnitsPerEvent).toBeLessThanOrEqual(2.2)
  expect(run.callsPerEvent).toBeLessThan(1.5)
}, 30_000)
