/** The function that the stream rings, on the real sequencer and publisher, with records as DynamoDB Streams hands them to Lambda. */
import { randomBytes } from 'node:crypto'
import type { DynamoDBRecord } from 'aws-lambda'
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createKmsClient } from '../../../functions/aws/kms-client.ts'
import { kmsSigner } from '../../../functions/aws/kms-signer.ts'
import { createS3Client, s3Objects } from '../../../functions/aws/s3-objects.ts'
import { newestStoredCheckpoint } from '../../../shared/ledger/log/checkpoint-store.ts'
import type { Item } from '../../../shared/ledger/store.ts'
import { logEntry as entry, type KeptLogs, keptLogs } from '../../support/kept-logs.ts'
import { ed25519Key, type KmsDouble, startKmsDouble } from '../../support/kms-double.ts'
import { type S3Double, startS3Double } from '../../support/s3-double.ts'
import { sequenceNumber as numberOf, streamRecord as record, streamEvent } from '../../support/stream-records.ts'

let logs: KeptLogs
beforeEach(() => {
  logs = keptLogs()
})

const lines = () => logs.telemetry.errors()
const indexOf = (item: Item) => logs.indexOf(item)
const published = (controller: string) => logs.published(controller)
const failures = (...numbers: readonly number[]) => ({
  batchItemFailures: numbers.map((n) => ({ itemIdentifier: numberOf(n) })),
})

describe('the stream rings', () => {
  it('and each controller has its entries in its log, and a checkpoint of them', async () => {
    const [a, b, c] = [entry('acme', 1), entry('other', 2), entry('acme', 3)]
    expect(await logs.sequence({ Records: [record(a, 1), record(b, 2), record(c, 3)] })).toEqual(failures())
    expect([await indexOf(a), await indexOf(b), await indexOf(c)]).toEqual([1, 1, 2])
    expect([await published('acme'), await published('other')]).toEqual([3, 2])
    expect(lines()).toEqual([])
  })

  it('and what was done is counted', async () => {
    await logs.sequence({
      Records: [record(entry('acme', 1), 1), record(entry('other', 2), 2), record(entry('acme', 1), 3)],
    })
    expect(logs.telemetry.logged.at(-1)?.line).toEqual({ level: 'info', event: 'sequenced', count: 3 })
    expect([logs.telemetry.sum('EntriesSequenced'), logs.telemetry.sum('EntriesSkipped')]).toEqual([2, 0])
    expect(logs.telemetry.sum('LogFaults')).toBeUndefined()
  })

  it('as often as it likes', async () => {
    const [a, b] = [entry('acme', 1), entry('acme', 2)]
    const event = { Records: [record(a, 1), record(b, 2), record(a, 1)] }
    for (const _ of [1, 2, 3]) expect(await logs.sequence(event)).toEqual(failures())
    expect(await logs.sequence({ Records: [record(b, 2)] })).toEqual(failures())
    expect([await indexOf(a), await indexOf(b), await published('acme')]).toEqual([1, 2, 3])
  })

  it('for nothing, when items have no leaf or there are none', async () => {
    const controller: Item = { pk: 'acme#controller', sk: 'controller', values: { secrets: randomBytes(8) } }
    expect(await logs.sequence({ Records: [record(controller, 1)] })).toEqual(failures())
    expect(await logs.sequence({ Records: [] })).toEqual(failures())
    expect(await published('acme')).toBe(-1)
    expect(lines()).toEqual([])
  })

  it('for another table, when another log writer is provided', async () => {
    await logs.sequence({ Records: [record(entry('acme', 1), 1), record(entry('acme', 2), 2)] })
    logs = keptLogs()
    await logs.sequence({ Records: [record(entry('acme', 3), 3)] })
    expect([await indexOf(entry('acme', 3)), await published('acme')]).toEqual([1, 2])
  })
})

describe('leaves from the stream', () => {
  const items = Array.from({ length: 300 }, (_, n) => entry('acme', n))
  const Records = items.map((item, n) => record(item, n))

  it('are bundled without reading their entries again', async () => {
    expect(await logs.sequence({ Records })).toEqual(failures())
    expect(await published('acme')).toBe(301)
    const bundle = await logs.objects.get('log/acme/tile/entries/000')
    expect(Buffer.from(bundle ?? []).includes(String(items[0]?.values.leaf))).toBe(true)
    expect(lines()).toEqual([])
  })

  it('that are not in the table stop the next instance that bundles them', async () => {
    logs.publishEveryMs = 60_000
    logs.start()
    await logs.sequence({ Records: [record(entry('acme', 0), 0)] })
    const forged = items.map((item, n) => (n === 7 ? { ...item, values: { leaf: '{"forged":true}' } } : item))
    await logs.entries.insert(items)
    await logs.sequence({ Records: forged.map((item, n) => record(item, n)) })
    expect(await published('acme')).toBe(2)
    logs.publishEveryMs = 0
    logs.start()
    await logs.sequence({ Records: [record(entry('acme', 300), 300)] })
    expect(await published('acme')).toBe(2)
    expect(lines().at(-1)).toMatchObject({ event: 'not-published', code: 'log-forked' })
  })
})

describe('a controller that fails', () => {
  it('has all of its records reported, and the others are done', async () => {
    logs.down.add('bad')
    const items = [entry('acme', 1), entry('bad', 2), entry('acme', 3), entry('bad', 4), entry('other', 5)]
    const Records = items.map((item, i) => record(item, i + 1))
    expect(await logs.sequence({ Records })).toEqual(failures(2, 4))
    expect(await Promise.all([items[0], items[2], items[4]].map((item) => item && indexOf(item)))).toEqual([1, 2, 1])
    expect(lines()).toEqual([
      { level: 'error', event: 'not-sequenced', controller: 'bad', count: 2, code: 'unavailable' },
    ])
    logs.down.clear()
    expect(await logs.sequence({ Records: Records.slice(1) })).toEqual(failures())
    expect(await Promise.all(items.map(indexOf))).toEqual([1, 1, 2, 2, 1])
    expect(await Promise.all(['acme', 'bad', 'other'].map(published))).toEqual([3, 3, 2])
  })

  it('in publication only is no failure of the batch: the schedule publishes', async () => {
    await logs.sequence({ Records: [record(entry('acme', 1), 1)] })
    logs.canSign = false
    expect(await logs.sequence({ Records: [record(entry('acme', 2), 2)] })).toEqual(failures())
    expect([await indexOf(entry('acme', 2)), await published('acme')]).toEqual([2, 2])
    expect(lines()).toEqual([
      { level: 'error', event: 'not-published', count: 1, controller: 'acme', code: 'TypeError' },
    ])
    logs.canSign = true
    expect(await logs.sequence({ Records: [record(entry('acme', 2), 2)] })).toEqual(failures())
    expect(await published('acme')).toBe(3)
  })

  it('leaves no record that is neither in the log nor reported', async () => {
    const controllers = ['acme', 'bad', 'other', 'worse']
    const batches = fc.array(fc.tuple(fc.constantFrom(...controllers), fc.nat({ max: 9 })), { maxLength: 20 })
    await fc.assert(
      fc.asyncProperty(batches, fc.subarray(controllers), async (picks, failing) => {
        logs = keptLogs()
        const items = picks.map(([controller, n]) => entry(controller, n))
        for (const controller of failing) logs.down.add(controller)
        const { batchItemFailures } = await logs.sequence({ Records: items.map((item, i) => record(item, i)) })
        logs.down.clear()
        const reported = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier))
        for (const [i, item] of items.entries()) {
          expect((await indexOf(item)) !== undefined).toBe(!reported.has(numberOf(i)))
        }
      }),
      { numRuns: 40 },
    )
  })
})

describe('a record that is none', () => {
  const good = record(entry('acme', 2), 2)
  const { pk, sk } = { pk: { S: 'acme#secret-pseudonym' }, sk: { S: 'event#1' } }
  const leaf = { S: '{"sub":"secret-pseudonym"}' }
  const insert = (dynamodb: DynamoDBRecord['dynamodb']): DynamoDBRecord => ({ eventName: 'INSERT', dynamodb })
  const SequenceNumber = numberOf(1)

  it.each<[string, DynamoDBRecord]>([
    ['empty', {}],
    ['without content', { eventName: 'INSERT' }],
    ['without an image', insert({ Keys: { pk, sk }, SequenceNumber })],
    ['without keys', insert({ NewImage: { pk, sk, leaf }, SequenceNumber })],
    ['with half a key', insert({ Keys: { pk }, NewImage: { leaf }, SequenceNumber })],
    ['without a number', insert({ Keys: { pk, sk }, NewImage: { leaf } })],
    ['of no controller', insert({ Keys: { pk: { S: 'secret-pseudonym' }, sk }, NewImage: { leaf }, SequenceNumber })],
    ['of a controller that cannot be', insert({ Keys: { pk: { S: 'A!#x' }, sk }, NewImage: { leaf }, SequenceNumber })],
    ['with binary keys', insert({ Keys: { pk: { B: 'YQ==' }, sk }, NewImage: { leaf }, SequenceNumber })],
    ['with a leaf of bytes', insert({ Keys: { pk, sk }, NewImage: { leaf: { B: 'YQ==' } }, SequenceNumber })],
    ['of no kind', { dynamodb: { Keys: { pk, sk }, NewImage: { leaf }, SequenceNumber } }],
  ])('is counted, and stands in nobody’s way: %s', async (_what, malformed) => {
    expect(await logs.sequence({ Records: [malformed, good, malformed] })).toEqual(failures())
    expect(await indexOf(entry('acme', 2))).toBe(1)
    expect(lines()).toEqual([{ level: 'error', event: 'malformed-records', count: 2 }])
  })

  it.each(['MODIFY', 'REMOVE'] as const)('%s: somebody changed an entry, and that is an alarm', async (eventName) => {
    const changed = record(entry('acme', 1), 1, { eventName })
    expect(await logs.sequence({ Records: [changed, good] })).toEqual(failures())
    expect(lines()).toEqual([{ level: 'error', event: 'entries-changed', count: 1 }])
    expect([await indexOf(entry('acme', 1)), await indexOf(entry('acme', 2))]).toEqual([undefined, 1])
  })

  it('and a leaf that is too long for the log is skipped and counted', async () => {
    const long = { ...entry('acme', 1), values: { leaf: 'x'.repeat(20_000) } }
    expect(await logs.sequence({ Records: [record(long, 1), good] })).toEqual(failures())
    expect(await indexOf(entry('acme', 2))).toBe(1)
    expect(lines()).toEqual([{ level: 'error', event: 'entries-skipped', count: 1, controller: 'acme' }])
  })

  it('reports that the log’s clock or its own is wrong, until an entry shows which', async () => {
    logs.now = '2026-11-23T12:00:00.000Z'
    await logs.sequence({ Records: [good] })
    logs.now = '2026-11-22T12:00:00.000Z'
    const refuting = entry('acme', 4)
    const values = { ...refuting.values, refuted: '2026-11-23T12:00:00.000Z' }
    await logs.entries.insert([entry('acme', 3), { ...refuting, values }])
    for (const [n, item] of [entry('acme', 3), refuting].entries()) await logs.sequence({ Records: [record(item, n)] })
    expect(lines().map(({ event }) => event)).toEqual(['clock-disagrees', 'clock-set-back'])
  })

  it('is logged without a key, a value or a number of it', async () => {
    logs.down.add('acme')
    await logs.sequence({ Records: [good, record(entry('acme', 1), 1, { eventName: 'REMOVE' }), {}] })
    expect(lines()).toHaveLength(3)
    const text = JSON.stringify(lines())
    for (const word of ['pseudonym', 'event#', 'leaf', 'kind', '442158']) expect(text).not.toContain(word)
  })
})

describe('on S3 and KMS, by doubles of their protocols', () => {
  let s3: S3Double
  let kms: KmsDouble
  const clients: { destroy(): void }[] = []
  beforeAll(async () => {
    ;[s3, kms] = await Promise.all([startS3Double(), startKmsDouble()])
    kms.keys.set('checkpoint', ed25519Key())
    kms.keys.set('witness', ed25519Key())
  })
  afterAll(async () => {
    for (const client of clients) client.destroy()
    await Promise.all([s3.stop(), kms.stop()])
  })

  it('a log grows and is served, whatever they fail at on the way', async () => {
    const s3Client = createS3Client({ region: 'eu-north-1', endpoint: s3.endpoint })
    const kmsClient = createKmsClient({ region: 'eu-north-1', endpoint: kms.endpoint })
    clients.push(s3Client, kmsClient)
    const quick = { sleep: async () => {} }
    const [checkpointSigner, witnessSigner] = await Promise.all([
      kmsSigner(kmsClient, 'checkpoint', quick),
      kmsSigner(kmsClient, 'witness', quick),
    ])
    const objects = s3Objects(s3Client, s3.names, quick)
    const logWriter = { ...logs.logWriter, objects, checkpointSigner, witnessSigner }
    logs.start(logWriter)
    s3.decide = ({ earlier }) => (earlier % 3 === 1 ? { fault: 'lose-answer' } : undefined)
    kms.decide = ({ earlier }) =>
      earlier % 2 === 0 ? { fault: 'refuse', status: 400, code: 'ThrottlingException' } : undefined
    for (const batch of [0, 1, 2]) {
      const items = Array.from({ length: 200 }, (_, n) => entry('acme', batch * 200 + n))
      for (let at = 0; at < items.length; at += 25) await logs.entries.insert(items.slice(at, at + 25))
      expect(await logs.sequence({ Records: items.map((item, n) => record(item, n)) })).toEqual(failures())
    }
    expect(lines()).toEqual([])
    const newest = await newestStoredCheckpoint(logWriter, 'acme')
    expect(newest?.size).toBe(601)
    const served = s3.served.get('served/acme/checkpoint')
    expect(served?.bytes.toString()).toBe(newest?.note)
    expect(s3.stored.get('log/acme/tile/0/000')?.bytes).toHaveLength(256 * 32)
    expect([...s3.stored.keys()].filter((name) => name.includes('/checkpoints/'))).toHaveLength(4)
  })
})

describe('checkpoints', () => {
  const second = (seconds: number) => new Date(Date.parse('2026-11-22T12:00:00.000Z') + seconds * 1000).toISOString()

  it.each([
    ['each batch, when no time is set', 0, [2, 3, 4, 5]],
    ['the first batch, and the first after the time', 30, [2, 2, 2, 5]],
    ['the first batch, and of no other before the time', 90, [2, 2, 2, 2]],
  ])('are of %s', async (_what, seconds, sizes) => {
    logs.publishEveryMs = seconds * 1000
    logs.start()
    for (const [n, at] of [0, 10, 29, 30].entries()) {
      logs.now = second(at)
      await logs.sequence(streamEvent([entry('acme', n)]))
      expect([n, await logs.published('acme')]).toEqual([n, sizes[n]])
    }
    logs.controllers = ['acme']
    await logs.sweep()
    expect(await logs.published('acme')).toBe(sizes.at(-1))
    logs.now = second(90)
    await logs.sweep()
    expect(await logs.published('acme')).toBe(5)
  })

  it('are also of a clock that went back', async () => {
    logs.publishEveryMs = 90_000
    logs.start()
    await logs.sequence(streamEvent([entry('acme', 1)]))
    logs.now = second(-60)
    await logs.sequence(streamEvent([entry('acme', 2)]))
    expect(await logs.published('acme')).toBe(3)
  })

  it('that cannot be looked up are the sweep’s, and their entries have their places', async () => {
    logs.publishEveryMs = 90_000
    logs.start({
      ...logs.logWriter,
      log: {
        ...logs.log,
        query: async (pk, options) => {
          if (pk === 'acme#checkpoint') throw new TypeError('no answer')
          return logs.log.query(pk, options)
        },
      },
    })
    expect(await logs.sequence(streamEvent([entry('acme', 1)]))).toEqual(failures())
    expect([await indexOf(entry('acme', 1)), await published('acme')]).toEqual([1, 0])
    expect(lines()).toEqual([
      { level: 'error', event: 'not-published', count: 1, controller: 'acme', code: 'TypeError' },
    ])
  })
})
