/** Hand-overs: each entry gets its place once, without a batch prepared in vain, whoever gets what, and nothing is lost when something fails. */
import type { PutItemCommand } from '@aws-sdk/client-dynamodb'
import type { DynamoDBRecord } from 'aws-lambda'
import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import type { CallSender } from '../../../functions/aws/dynamodb.ts'
import { dynamoPutHandover } from '../../../functions/aws/put-handover.ts'
import { handedOverKeys, handsOver } from '../../../functions/jobs/hand-over.ts'
import { createRedriveHandler } from '../../../functions/jobs/redrive.ts'
import { createSelfAuditHandler } from '../../../functions/jobs/self-audit.ts'
import { createSequenceHandler } from '../../../functions/jobs/sequence.ts'
import { LedgerError } from '../../../shared/errors.ts'
import type { LogWriter } from '../../../shared/ledger/ledger.ts'
import { recordEvents } from '../../../shared/ledger/recording/record-events.ts'
import type { Item, Key, PutHandover, Table } from '../../../shared/ledger/store.ts'
import { logEntry as entry, type KeptLogs, keptLogs } from '../../support/kept-logs.ts'
import { memoryLedger, seeded, submission } from '../../support/memory-ledger.ts'
import { checkpointSigner, memoryLogWriter, witnessSigner } from '../../support/memory-log-writer.ts'
import type { MemoryTable } from '../../support/memory-table.ts'
import { recordedTelemetry } from '../../support/recorded-telemetry.ts'
import { sequenceNumber as numberOf, streamRecord as record } from '../../support/stream-records.ts'

let logs: KeptLogs
/** The stream of hand-overs: a record of each put. */
let handedOver: DynamoDBRecord[]
/** Batches whose place was taken: work in vain. */
let collisions: number

beforeEach(() => {
  logs = keptLogs()
  handedOver = []
  collisions = 0
})

const put: PutHandover = async (controller, values) => {
  handedOver.push(handoverRecord(controller, String(values.keys), handedOver.length))
}

const noAnswer: PutHandover = async () => {
  throw new LedgerError('unavailable', 'no answer')
}

function handoverRecord(controller: string, keys: string, n: number): DynamoDBRecord {
  const Keys = { pk: { S: controller } }
  return {
    eventName: n === 0 ? 'INSERT' : 'MODIFY',
    dynamodb: { Keys, NewImage: { ...Keys, keys: { S: keys } }, SequenceNumber: numberOf(n) },
  }
}

/** An instance with a memory of its own. */
function instance(putHandover: PutHandover = put) {
  return createSequenceHandler({ ...logs.dependencies(countingWriter()), putHandover })
}

/** An instance of a ledger that hands over no more. */
const withoutPut = () => createSequenceHandler(logs.dependencies(countingWriter()))

function countingWriter(): LogWriter {
  const log: Table = {
    ...logs.log,
    async insert(items) {
      const outcomes = await logs.log.insert(items)
      if (items[0]?.pk.endsWith('#log') && outcomes[0]?.outcome === 'exists') collisions++
      return outcomes
    },
  }
  return { ...logs.logWriter, log }
}

const announce = (...items: Item[]) => ({ Records: items.map((item, n) => record(item, n)) })
const failures = (...numbers: readonly number[]) => ({
  batchItemFailures: numbers.map((n) => ({ itemIdentifier: numberOf(n) })),
})
/** The stream's records until now, once. */
const taken = () => ({ Records: handedOver.splice(0) })
const indexes = (items: readonly Item[]) => Promise.all(items.map(logs.indexOf))

async function stored(controller: string, count: number, from = 0): Promise<Item[]> {
  const items = Array.from({ length: count }, (_, n) => entry(controller, from + n))
  await logs.entries.insert(items)
  return items
}

describe('a ledger that hands over', () => {
  it('puts the keys of each log, and whoever gets them gives each entry its place', async () => {
    const [mine, other] = [await stored('acme', 30), await stored('other', 2)]
    expect(await instance()(announce(...mine, ...other))).toEqual(failures())
    expect(await indexes([...mine, ...other])).toEqual([...mine, ...other].map(() => undefined))
    expect(handedOver).toHaveLength(2)
    expect(await instance()(taken())).toEqual(failures())
    expect(await indexes(mine)).toEqual(mine.map((_, n) => n + 1))
    expect(await indexes(other)).toEqual([1, 2])
    expect([await logs.published('acme'), collisions, logs.telemetry.errors()]).toEqual([31, 0, []])
  })

  it('prepares no batch in vain, whichever instances get a log one after the other', async () => {
    const instances = [instance(), instance(), instance()]
    const all: Item[] = []
    for (let n = 0; n < 9; n++) {
      const items = await stored('acme', 5, 5 * n)
      all.push(...items)
      await instances[n % 3]?.(announce(...items))
      expect(await instances[(n * n) % 3]?.(taken())).toEqual(failures())
    }
    expect(await indexes(all)).toEqual(all.map((_, n) => n + 1))
    expect(collisions).toBe(0)
  })

  it('compares the table with the checkpoints each time, since an instance does not know what others published', async () => {
    const items = await stored('acme', 3)
    const [first, second] = [instance(), instance()]
    for (const [i, taker] of [first, second].entries()) {
      await taker(announce(...items.slice(i, i + 1)))
      await taker(taken())
    }
    // The table is restored to a state from before the last checkpoint.
    const { items: batches } = await logs.log.query('acme#log')
    const last = batches.at(-1)
    if (last) logs.log.remove(last)
    await first(announce(...items.slice(2)))
    await first(taken())
    expect(logs.telemetry.errors()).toMatchObject([{ event: 'not-sequenced', code: 'log-forked' }])
    expect((await logs.log.query('acme#log')).items).toHaveLength(batches.length - 1)
  })
})

describe('when something fails', () => {
  it('what could not be handed over is announced again, and no other log waits for it', async () => {
    const [bad, good] = [await stored('bad', 1), await stored('good', 1)]
    const some: PutHandover = (controller, values) => (controller === 'bad' ? noAnswer : put)(controller, values)
    expect(await instance(some)(announce(...bad, ...good))).toEqual(failures(0))
    expect(logs.telemetry.errors()).toMatchObject([{ event: 'not-sequenced', controller: 'bad', count: 1 }])
    await instance()(taken())
    expect(await indexes(good)).toEqual([1])
  })

  it('a log that fails keeps no other waiting, and goes on when it can', async () => {
    const [bad, good] = [await stored('bad', 2), await stored('good', 1)]
    await instance()(announce(...bad, ...good))
    const records = taken()
    logs.down.add('bad')
    expect(await instance()(records)).toEqual(failures(0))
    logs.down.clear()
    expect(await indexes([...bad, ...good])).toEqual([undefined, undefined, 1])
    expect(await instance()(records)).toEqual(failures())
    expect(await indexes([...bad, ...good])).toEqual([1, 2, 1])
  })

  it('a hand-over that comes twice, or late, changes nothing', async () => {
    const items = await stored('acme', 2)
    await instance()(announce(...items))
    const { Records } = taken()
    for (const _ of [1, 2]) expect(await instance()({ Records: [...Records, ...Records] })).toEqual(failures())
    expect(await indexes(items)).toEqual([1, 2])
    expect((await logs.log.query('acme#log')).items).toHaveLength(1)
  })

  it('what the stream of hand-overs gives up is redriven', async () => {
    const items = [...(await stored('acme', 2)), ...(await stored('other', 1))]
    await instance()(announce(...items))
    const failure = Buffer.from(JSON.stringify({ payload: taken() }))
    await createRedriveHandler(
      logs.dependencies(),
      async () => failure,
    )({ detail: { object: { key: 'aws/lambda/failure' } } })
    expect(await indexes(items)).toEqual([1, 2, 1])
    expect(logs.telemetry.errors()).toEqual([])
  })

  it('nothing is lost or logged twice, whoever gets what, however often, and while it is turned on or off', async () => {
    const step = fc.record({
      by: fc.nat(2),
      from: fc.nat(20),
      count: fc.integer({ min: 1, max: 8 }),
      puts: fc.boolean(),
      kept: fc.nat(3),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        logs = keptLogs()
        handedOver = []
        const items = await stored('acme', 24)
        let canPut = true
        const flaky: PutHandover = (...given) => (canPut ? put : noAnswer)(...given)
        const instances = [instance(flaky), instance(flaky), withoutPut()]
        const failed = async (by: number, Records: DynamoDBRecord[]) =>
          (await instances[by]?.({ Records }))?.batchItemFailures.length ?? 0
        const announced = new Set<Item>()
        for (const { by, from, count, puts, kept } of steps) {
          const some = items.slice(from, from + count)
          for (const item of some) announced.add(item)
          canPut = puts
          const { Records } = announce(...some)
          const left = await failed(by, Records)
          canPut = true
          // Lambda sends again what was reported, to any instance.
          if (left > 0) expect(await failed((by + 1) % 3, Records)).toBe(0)
          await Promise.all(handedOver.splice(kept, 1).map((each) => failed((by + 2) % 3, [each])))
        }
        for (const each of taken().Records) expect(await failed(2, [each, each])).toBe(0)
        const found = await indexes([...announced])
        expect(new Set(found).size).toBe(announced.size)
        expect(found.every((index) => typeof index === 'number' && index <= announced.size)).toBe(true)
      }),
      { numRuns: 40 },
    )
  })
})

describe('turned off', () => {
  it('the new instances take what was handed over before, and sequence what is announced themselves', async () => {
    const [before, after] = [await stored('acme', 3), await stored('acme', 2, 3)]
    await instance()(announce(...before))
    const taker = withoutPut()
    expect(await taker(announce(...after))).toEqual(failures())
    expect(await taker(taken())).toEqual(failures())
    expect(await indexes([...after, ...before])).toEqual([1, 2, 3, 4, 5])
    expect([handedOver, collisions, logs.telemetry.errors()]).toEqual([[], 0, []])
  })

  it('a hand-over that is destroyed with its stream is found by the self-audit, and redriven', async () => {
    const ledger = memoryLedger('2026-11-22T12:00:00.000Z')
    const tables = { entries: ledger.entries as MemoryTable, log: ledger.log as MemoryTable }
    await recordEvents(ledger, await seeded(ledger), [submission({ eventId: 'b5f9f1b6-5d3c-4c5e-8a3f-2f1f6a1f0c11' })])
    const { items } = await tables.entries.scan()
    const entries = items.filter(({ values }) => values.leaf !== undefined)
    const [policies, [event]] = [entries.filter(isNoEvent), entries.filter((item) => !isNoEvent(item))]
    if (!event) return expect.unreachable()
    const job = { ...logs.dependencies(), logWriter: memoryLogWriter(ledger) }
    await createSequenceHandler(job)(announce(...policies))
    const destroyed: Item['values'][] = []
    const putAndLose: PutHandover = async (_, values) => void destroyed.push(values)
    await createSequenceHandler({ ...job, putHandover: putAndLose })(announce(event))
    expect(destroyed).toHaveLength(1)

    ledger.setNow('2026-11-22T14:00:00.000Z')
    const audit = async () => {
      const telemetry = recordedTelemetry()
      const keys = { checkpointKey: checkpointSigner.publicKey, witnessKey: witnessSigner.publicKey }
      const audited = { ...ledger, ...tables, ...keys, vault: ledger.vault as MemoryTable }
      await createSelfAuditHandler({ ledger: audited, telemetry })()
      return telemetry.errors().map(({ check }) => check)
    }
    expect(await audit()).toEqual(['entry-unsequenced'])
    const { pk, sk } = event
    await createRedriveHandler(job, async () => expect.unreachable())({ keys: [{ pk, sk }] })
    expect(await audit()).toEqual([])
  })
})

function isNoEvent({ sk }: Item): boolean {
  return !sk.startsWith('event#')
}

describe('records of the stream', () => {
  it.each(['', '{}', '[[1,2]]', '[["a"]]', '[["","b"]]', '[["erased","b"]]', 'x'])(
    'that have keys of another form are counted: %s',
    async (text) => {
      expect(await instance()({ Records: [handoverRecord('acme', text, 1)] })).toEqual(failures())
      expect(logs.telemetry.errors()).toEqual([{ level: 'error', event: 'malformed-records', count: 1 }])
    },
  )

  it('of an entry are an entry’s, whatever its attributes', async () => {
    const [plain, other] = [entry('acme', 1), entry('acme', 2)]
    const item = { ...plain, values: { ...plain.values, keys: '[["pseudonym-2","event#2"]]' } }
    await logs.entries.insert([item, other])
    await withoutPut()(announce(item))
    expect(await indexes([item, other])).toEqual([1, undefined])
    await withoutPut()({ Records: [record(item, 1, { eventName: 'MODIFY' })] })
    expect(logs.telemetry.errors()).toEqual([{ level: 'error', event: 'entries-changed', count: 1 }])
  })
})

describe('a hand-over', () => {
  const text = fc.string({ minLength: 1, maxLength: 20 })
  const keysOf = fc.array(fc.record({ pk: text.map((rest) => `acme#${rest}`), sk: text }), { maxLength: 30 })

  it('has all keys in their order, of any form, a thousand an item at most', async () => {
    await fc.assert(
      fc.asyncProperty(keysOf, fc.nat({ max: 80 }), async (keys, copies) => {
        const all: Key[] = Array.from({ length: copies }, () => keys).flat()
        const texts: string[] = []
        const keep: PutHandover = async (_, values) => void texts.push(String(values.keys))
        await handsOver(logs.dependencies(), keep)(all.map((key) => ({ key })))
        const read = texts.map((each) => handedOverKeys('acme', each) ?? [])
        expect(read.flat()).toEqual(all)
        for (const each of read) expect(each.length).toBeLessThanOrEqual(1_000)
      }),
      { numRuns: 30 },
    )
  })

  it('is deleted after a day, and is no copy of the one before, which would have no record', async () => {
    const all: Item['values'][] = []
    const keep: PutHandover = async (_, values) => void all.push(values)
    for (const _ of [1, 2]) await handsOver(logs.dependencies(), keep)([{ key: entry('acme', 1) }])
    expect(all[0]?.until).toBe(Date.parse(logs.now) / 1000 + 86_400)
    expect(all[0]).not.toEqual(all[1])
  })

  it('is one put, tried again while DynamoDB is busy', async () => {
    const sent: PutItemCommand[] = []
    const send = async (command: PutItemCommand) => {
      sent.push(command)
      if (sent.length === 1) throw Object.assign(new Error('busy'), { name: 'ThrottlingException' })
    }
    const client = { send: send as unknown as CallSender['send'] }
    await dynamoPutHandover(client, 'handovers', { sleep: async () => {} })('acme', { keys: '[]', until: 7 })
    expect(sent.map(({ input }) => input)).toEqual(
      [1, 2].map(() => ({ TableName: 'handovers', Item: { pk: { S: 'acme' }, keys: { S: '[]' }, until: { N: '7' } } })),
    )
  })
})
