/** Sequencer and publisher on a real engine: the crew of the simulation, at the same time and with faults, and what a batch costs. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { DynamoCall } from '../../functions/aws/dynamodb.ts'
import type { Engine } from '../../infra/local/engine/process.ts'
import type { LogWriter } from '../../shared/ledger/ledger.ts'
import { batchPk } from '../../shared/ledger/log/log-items.ts'
import { publishCheckpoint } from '../../shared/ledger/log/publisher.ts'
import {
  type AnnouncedEntry,
  newSequencerMemory,
  sequenceEntries,
  sequencerRules,
} from '../../shared/ledger/log/sequencer.ts'
import { type LocalTable, openLocalTable } from '../support/local-table.ts'
import { memoryObjects } from '../support/memory-ledger.ts'
import { checkpointSigner, witnessSigner } from '../support/memory-log-writer.ts'
import { type Crew, type Employed, finish, work } from './crew.ts'
import { examine } from './examine.ts'
import { type FailingTable, failingTable } from './failing-table.ts'
import { type Actor, scheduler, seededRandom } from './scheduler.ts'

export function logOnEngine(name: string, startEngine: () => Promise<Engine>, runs: number): void {
  describe(`a log on ${name}`, () => {
    let engine: Engine
    let entries: LocalTable
    let log: LocalTable
    const calls: DynamoCall[] = []

    beforeAll(async () => {
      engine = await startEngine()
      entries = await openLocalTable(engine.endpoint, { name: 'entries' })
      log = await openLocalTable(engine.endpoint, { name: 'log', onCall: (call) => calls.push(call) })
    })
    afterAll(async () => {
      entries?.close()
      log?.close()
      await engine?.stop()
    })

    const logWriterOf = (objects = memoryObjects()): LogWriter => ({
      entries: entries.table,
      log: log.table,
      objects,
      clock: Date.now,
      random: (count) => crypto.getRandomValues(new Uint8Array(count)),
      host: 'ledger.example',
      checkpointSigner,
      witnessSigner,
    })

    async function announce(controller: string, count: number): Promise<AnnouncedEntry[]> {
      const all = Array.from({ length: count }, (_, n) => ({
        key: { pk: `${controller}#s${n % 5}`, sk: `event#${n}` },
        leaf: `{"kind":"event","n":${n}}`,
      }))
      await entries.table.insert(all.map(({ key, leaf }) => ({ ...key, values: { leaf } })))
      return all
    }

    test.each(Array.from({ length: runs }, (_, i) => i + 1))('is whole in the end, run %i', async (seed) => {
      const controller = `c${seed}`
      const random = seededRandom(seed)
      const logWriter = logWriterOf()
      const announced = await announce(controller, seed % 4 === 0 ? 280 : 5 + random.below(26))
      if (announced.length > 200)
        await sequenceEntries(logWriter, controller, announced.slice(0, 240), newSequencerMemory())
      const rates = random.pick([
        { failing: 0, crashing: 0 },
        { failing: 0.1, crashing: 0.01 },
        { failing: 0.2, crashing: 0.06 },
      ])
      const failing: FailingTable[] = []
      const employ = (): Employed => {
        const actor: Actor = scheduler(seed).actor()
        const table = failingTable(log.table, random, actor, rates)
        failing.push(table)
        const preparation = { ...sequencerRules, maxEntries: 6, maxBytes: 300 }
        const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))
        return { actor, logWriter: { ...logWriter, log: table }, preparation, sleep }
      }
      const crew: Crew = { controller, random, employ, errors: [] }
      await work(crew, announced.slice(-40))
      await Promise.all(failing.map((table) => table.settled()))
      const clean: Crew = { ...crew, employ: () => ({ ...employ(), logWriter }), errors: [] }
      await finish(clean, announced)
      expect(clean.errors).toEqual([])
      expect(crew.errors.map(({ code }) => code).filter((code) => code !== 'unavailable')).toEqual([])
      const keys = announced.map(({ key }) => key)
      expect(await examine({ ...logWriter, controller }, keys)).toEqual([])
    })

    test('a thousand entries cost 10 gets, 40 inserts of rows and one of the batch', async () => {
      const logWriter = logWriterOf()
      const worker = newSequencerMemory()
      const announced = await announce('cost', 3001)
      await sequenceEntries(logWriter, 'cost', announced.slice(0, 1), worker)
      calls.length = 0
      const began = performance.now()
      await sequenceEntries(logWriter, 'cost', announced.slice(1), worker)
      const ms = performance.now() - began
      const count = (operation: DynamoCall['operation']) => calls.filter((call) => call.operation === operation).length
      console.log(`${name}: 3,000 entries in ${calls.length} calls, ${ms.toFixed(0)} ms`)
      expect(count('BatchGetItem')).toBe(30)
      expect(count('BatchExecuteStatement')).toBe(120)
      expect(count('ExecuteStatement')).toBe(3)
      expect(calls).toHaveLength(153)
      calls.length = 0
      expect(await publishCheckpoint(logWriter, 'cost')).toEqual({ size: 3002, published: true })
      console.log(`${name}: published in ${calls.length} calls to the log`)
    })

    test('a batch of the greatest size fits an item', async () => {
      const all = Array.from({ length: 1000 }, (_, n) => {
        return { key: { pk: `wide#${'s'.repeat(180)}`, sk: String(n).padStart(250, '0') }, leaf: String(n) }
      })
      expect(await sequenceEntries(logWriterOf(), 'wide', all, newSequencerMemory())).toMatchObject({
        indexed: 1000,
        batches: 2,
      })
      expect((await log.table.query(batchPk('wide'))).items).toHaveLength(2)
    })
  })
}
