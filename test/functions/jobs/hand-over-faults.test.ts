/**
 * Hand-overs of two logs, on two instances at once, while a call to a table fails, an answer is lost, the clock goes back or ahead, and hand-overs
 * are turned on, ended and turned on again: each announced entry gets one leaf.
 */
import type { DynamoDBRecord } from 'aws-lambda'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createSequenceHandler } from '../../../functions/jobs/sequence.ts'
import { readBatch } from '../../../shared/ledger/log/log-items.ts'
import type { Item, PutHandover, Table } from '../../../shared/ledger/store.ts'
import { keptLogs, logEntry } from '../../support/kept-logs.ts'
import { sequenceNumber, streamRecord } from '../../support/stream-records.ts'

const step = fc.record({
  from: fc.nat(20),
  count: fc.integer({ min: 1, max: 6 }),
  /** Both instances hand over, or none does any more, or one of each during a deployment. */
  hands: fc.constantFrom([true, true], [false, false], [true, false]),
  fault: fc.record({ call: fc.nat(60), when: fc.constantFrom('before', 'after') }),
  /** The hand-over that is stored, and whose answer is lost. */
  lostPut: fc.nat(3),
  taken: fc.nat(3),
  clockMs: fc.constantFrom(0, 0, -600_000, 600_000),
})

it('gives each announced entry one leaf', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 10 }), async (steps) => {
      const world = faultyWorld()
      const items = Array.from({ length: 26 }, (_, n) => logEntry(n % 5 === 4 ? 'other' : 'acme', n))
      await world.logs.entries.insert(items)
      const announced = new Set<Item>()
      for (const [n, { from, count, hands, taken, clockMs, ...faults }] of steps.entries()) {
        const some = items.slice(from, from + count)
        for (const item of some) announced.add(item)
        world.begin(faults, clockMs)
        const records = some.map((item, i) => streamRecord(item, i))
        const instances = hands.map((hand, i) => world.instance(hand, i))
        const [one, other] = n % 2 === 0 ? instances : instances.toReversed()
        const again = world.unfinished.shift() ?? []
        await Promise.all([
          world.send(one, records),
          world.send(other, world.handedOver.splice(0, taken)),
          world.send(one, again),
        ])
      }
      world.begin(undefined, 0)
      for (let round = 0; round < 20; round++) {
        const left = [...world.unfinished.splice(0), ...world.handedOver.splice(0).map((each) => [each])]
        for (const records of left) await world.send(world.instance(false, round % 2), records)
      }
      expect([world.unfinished, world.handedOver]).toEqual([[], []])
      const logged = await world.logged()
      expect(logged.length).toBe(announced.size)
      expect(new Set(logged)).toEqual(new Set([...announced].map(({ pk, sk }) => `${pk} ${sk}`)))
    }),
    { numRuns: 60 },
  )
})

type Faults = Pick<typeof step extends fc.Arbitrary<infer Step> ? Step : never, 'fault' | 'lostPut'>
type Instance = ReturnType<typeof createSequenceHandler>

function faultyWorld() {
  const logs = keptLogs()
  const handedOver: DynamoDBRecord[] = []
  /** What Lambda sends again: all records of a call that crashed or reported a failure. */
  const unfinished: DynamoDBRecord[][] = []
  let faults: Faults | undefined
  let calls = 0
  let puts = 0

  const put: PutHandover = async (controller, { keys }) => {
    const Keys = { pk: { S: controller } }
    const dynamodb = { Keys, NewImage: { ...Keys, keys: { S: String(keys) } }, SequenceNumber: sequenceNumber(puts) }
    handedOver.push({ eventName: 'MODIFY', dynamodb })
    if (puts++ === faults?.lostPut) throw new Error('the answer was lost')
  }
  const failing = (table: Table): Table => {
    const fail = async <T>(call: () => Promise<T>): Promise<T> => {
      const when = calls++ === faults?.fault.call ? faults.fault.when : undefined
      if (when === 'before') throw new Error('scripted')
      const answer = await call()
      if (when === 'after') throw new Error('scripted')
      return answer
    }
    return {
      insert: (items) => fail(() => table.insert(items)),
      get: (keys) => fail(() => table.get(keys)),
      query: (pk, options) => fail(() => table.query(pk, options)),
    }
  }
  const logWriter = { ...logs.logWriter, log: failing(logs.log), entries: failing(logs.entries) }
  const job = { ...logs.dependencies(logWriter), sleep: async () => {} }
  const instances = [job, { ...job, putHandover: put }].map((each) => [0, 1].map(() => createSequenceHandler(each)))

  return {
    logs,
    handedOver,
    unfinished,
    instance: (handsOver: boolean, of: number): Instance | undefined => instances[handsOver ? 1 : 0]?.[of],
    begin(given: Faults | undefined, clockMs: number): void {
      faults = given
      calls = 0
      puts = 0
      logs.now = new Date(Date.parse(logs.now) + clockMs).toISOString()
    },
    async send(instance: Instance | undefined, Records: DynamoDBRecord[]): Promise<void> {
      if (Records.length === 0) return
      const answer = await instance?.({ Records }).catch(() => undefined)
      if (answer === undefined || answer.batchItemFailures.length > 0) unfinished.push(Records)
    },
    /** The entries in the batches of both logs, in order. */
    async logged(): Promise<string[]> {
      const found: string[] = []
      for (const controller of ['acme', 'other']) {
        const { items } = await logs.log.query(`${controller}#log`)
        for (const { key } of items.flatMap((item) => readBatch(controller, item).entries))
          if (!key.pk.endsWith('#time')) found.push(`${key.pk} ${key.sk}`)
      }
      return found
    },
  }
}
