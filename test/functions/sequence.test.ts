/** The function that keeps the logs, on the real sequencer and publisher, with records as DynamoDB Streams hands them to Lambda. */
import { randomBytes } from 'node:crypto'
import type { DynamoDBRecord } from 'aws-lambda'
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, type MockInstance, vi } from 'vitest'
import { createKmsClient } from '../../functions/aws/kms-client.ts'
import { kmsSigner } from '../../functions/aws/kms-signer.ts'
import { createS3Client, s3Objects } from '../../functions/aws/s3-objects.ts'
import { provideKeeper } from '../../functions/instance.ts'
import { handler, redrive, release, tick } from '../../functions/sequence.ts'
import type { LogKeeper } from '../../shared/ledger/ledger.ts'
import { newestStored } from '../../shared/ledger/log/checkpoints.ts'
import { checkpointPk } from '../../shared/ledger/log/items.ts'
import type { Item, Signer, Table } from '../../shared/ledger/store.ts'
import { ed25519Key, type KmsDouble, startKmsDouble } from '../support/kms-double.ts'
import { memoryKeeper } from '../support/memory-keeper.ts'
import { memoryObjects } from '../support/memory-ledger.ts'
import { memoryTable } from '../support/memory-table.ts'
import { type S3Double, startS3Double } from '../support/s3-double.ts'

interface Bench extends LogKeeper {
  readonly entries: Table
}

/** Controllers whose log table does not answer; and whether anything can be signed. */
let down: Set<string>
let canSign: boolean
let bench: Bench
let written: MockInstance<typeof console.error>

function newBench(): Bench {
  const entries = memoryTable()
  const log = memoryTable({ fault: (_operation, { pk }) => (down.has(pk.split('#')[0] ?? '') ? 'before' : undefined) })
  const clock = () => Date.parse('2026-11-22T12:00:00.000Z')
  const host = 'ledger.example'
  const keeper = memoryKeeper({ entries, log, objects: memoryObjects(), clock, random: randomBytes, host })
  const guarded = (signer: Signer): Signer => ({
    publicKey: signer.publicKey,
    sign: async (message) => {
      if (canSign) return signer.sign(message)
      throw new TypeError('no key today')
    },
  })
  return { ...keeper, entries, checkpointSigner: guarded(keeper.checkpointSigner) }
}

beforeEach(() => {
  down = new Set()
  canSign = true
  bench = newBench()
  provideKeeper(bench)
  written = vi.spyOn(console, 'error').mockImplementation(() => {})
})
afterEach(() => written.mockRestore())

const lines = (): unknown[] => written.mock.calls.map(([line]) => JSON.parse(String(line)))

const entry = (controller: string, n: number): Item => ({
  pk: `${controller}#pseudonym-${n}`,
  sk: `event#${n}`,
  values: { leaf: `{"kind":"event","sub":"pseudonym-${n}","v":1}`, hour: '2026-11-22T12', payload: randomBytes(8) },
})

/** Sequence numbers have more digits than a number holds. */
const numberOf = (n: number): string => `44215845000000000174504390${String(n).padStart(2, '0')}`

function record(item: Item, n: number, more: Partial<DynamoDBRecord> = {}): DynamoDBRecord {
  const Keys = { pk: { S: item.pk }, sk: { S: item.sk } }
  const { leaf, payload } = item.values
  return {
    eventID: 'c4ca4238a0b923820dcc509a6f75849b',
    eventName: 'INSERT',
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: 'eu-north-1',
    dynamodb: {
      ApproximateCreationDateTime: 1795348800,
      Keys,
      NewImage: {
        ...Keys,
        ...(leaf !== undefined && { leaf: { S: String(leaf) } }),
        ...(payload instanceof Uint8Array && { payload: { B: Buffer.from(payload).toString('base64') } }),
      },
      SequenceNumber: numberOf(n),
      SizeBytes: 1126,
      StreamViewType: 'NEW_IMAGE',
    },
    eventSourceARN: 'arn:aws:dynamodb:eu-north-1:111122223333:table/entries/stream/2026-11-22T00:00:00.000',
    ...more,
  }
}

async function indexOf(item: Item): Promise<unknown> {
  return (await bench.log.get([item]))[0]?.values.index
}
async function published(controller: string): Promise<number> {
  const rows = await bench.log.query(checkpointPk(controller), { descending: true, limit: 1 })
  return Number(rows.items[0]?.sk ?? -1)
}
const failures = (...numbers: readonly number[]) => ({
  batchItemFailures: numbers.map((n) => ({ itemIdentifier: numberOf(n) })),
})

describe('the stream rings', () => {
  it('and each controller has its entries in its log, and a checkpoint of them', async () => {
    const [a, b, c] = [entry('acme', 1), entry('other', 2), entry('acme', 3)]
    expect(await handler({ Records: [record(a, 1), record(b, 2), record(c, 3)] })).toEqual(failures())
    expect([await indexOf(a), await indexOf(b), await indexOf(c)]).toEqual([1, 1, 2])
    expect([await published('acme'), await published('other')]).toEqual([3, 2])
    expect(lines()).toEqual([])
  })

  it('as often as it likes', async () => {
    const [a, b] = [entry('acme', 1), entry('acme', 2)]
    const event = { Records: [record(a, 1), record(b, 2), record(a, 1)] }
    for (const _ of [1, 2, 3]) expect(await handler(event)).toEqual(failures())
    expect(await handler({ Records: [record(b, 2)] })).toEqual(failures())
    expect([await indexOf(a), await indexOf(b), await published('acme')]).toEqual([1, 2, 3])
  })

  it('for nothing, when items have no leaf or there are none', async () => {
    const controller: Item = { pk: 'acme#controller', sk: 'controller', values: { secrets: randomBytes(8) } }
    expect(await handler({ Records: [record(controller, 1)] })).toEqual(failures())
    expect(await handler({ Records: [] })).toEqual(failures())
    expect(await published('acme')).toBe(-1)
    expect(lines()).toEqual([])
  })

  it('for another table, when another keeper is provided', async () => {
    await handler({ Records: [record(entry('acme', 1), 1), record(entry('acme', 2), 2)] })
    bench = newBench()
    provideKeeper(bench)
    await handler({ Records: [record(entry('acme', 3), 3)] })
    expect([await indexOf(entry('acme', 3)), await published('acme')]).toEqual([1, 2])
  })
})

describe('erasures', () => {
  const erased = (controller: string, sub: string): Item => ({
    pk: `${controller}#erased`,
    sk: sub,
    values: { leaf: `{"kind":"erased","sub":"${sub}","v":1}` },
  })

  it('are not sequenced when the stream rings for them, but in order once a day', async () => {
    const all = ['c', 'a', 'b'].map((sub) => erased('acme', sub))
    await bench.entries.insert(all)
    expect(await handler({ Records: all.map((item, n) => record(item, n)) })).toEqual(failures())
    expect(await published('acme')).toBe(-1)
    await release({ controllers: ['acme', 'nobody'] })
    expect(await Promise.all(all.map(indexOf))).toEqual([3, 1, 2])
    expect(await published('acme')).toBe(4)
    await release({ controllers: ['acme'] })
    expect(await published('acme')).toBe(4)
    expect(lines()).toEqual([])
  })

  it('of a log that fails are released the next time, and the others now', async () => {
    down.add('bad')
    const [bad, good] = [erased('bad', 's'), erased('good', 's')]
    await bench.entries.insert([bad, good])
    await expect(release({ controllers: ['bad', 'good'] })).rejects.toThrow('1 logs')
    expect(lines()).toEqual([
      { level: 'error', event: 'not-released', count: 1, controller: 'bad', code: 'unavailable' },
    ])
    down.clear()
    await release({ controllers: ['bad', 'good'] })
    expect([await indexOf(bad), await indexOf(good)]).toEqual([1, 1])
  })
})

describe('a controller that fails', () => {
  it('has all of its records reported, and the others are done', async () => {
    down.add('bad')
    const items = [entry('acme', 1), entry('bad', 2), entry('acme', 3), entry('bad', 4), entry('other', 5)]
    const Records = items.map((item, i) => record(item, i + 1))
    expect(await handler({ Records })).toEqual(failures(2, 4))
    expect(await Promise.all([items[0], items[2], items[4]].map((item) => item && indexOf(item)))).toEqual([1, 2, 1])
    expect(lines()).toEqual([
      { level: 'error', event: 'not-sequenced', controller: 'bad', count: 2, code: 'unavailable' },
    ])
    down.clear()
    expect(await handler({ Records: Records.slice(1) })).toEqual(failures())
    expect(await Promise.all(items.map(indexOf))).toEqual([1, 1, 2, 2, 1])
    expect(await Promise.all(['acme', 'bad', 'other'].map(published))).toEqual([3, 3, 2])
  })

  it('in publication only is no failure of the batch: the schedule publishes', async () => {
    await handler({ Records: [record(entry('acme', 1), 1)] })
    canSign = false
    expect(await handler({ Records: [record(entry('acme', 2), 2)] })).toEqual(failures())
    expect([await indexOf(entry('acme', 2)), await published('acme')]).toEqual([2, 2])
    expect(lines()).toEqual([
      { level: 'error', event: 'not-published', count: 1, controller: 'acme', code: 'TypeError' },
    ])
    canSign = true
    await tick({ controllers: ['acme'] })
    expect(await published('acme')).toBe(3)
  })

  it('leaves no record that is neither in the log nor reported', async () => {
    const controllers = ['acme', 'bad', 'other', 'worse']
    const batches = fc.array(fc.tuple(fc.constantFrom(...controllers), fc.nat({ max: 9 })), { maxLength: 20 })
    await fc.assert(
      fc.asyncProperty(batches, fc.subarray(controllers), async (picks, failing) => {
        bench = newBench()
        provideKeeper(bench)
        const items = picks.map(([controller, n]) => entry(controller, n))
        down = new Set(failing)
        const { batchItemFailures } = await handler({ Records: items.map((item, i) => record(item, i)) })
        down.clear()
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
    expect(await handler({ Records: [malformed, good, malformed] })).toEqual(failures())
    expect(await indexOf(entry('acme', 2))).toBe(1)
    expect(lines()).toEqual([{ level: 'error', event: 'malformed-records', count: 2 }])
  })

  it.each(['MODIFY', 'REMOVE'] as const)('%s: somebody changed an entry, and that is an alarm', async (eventName) => {
    const changed = record(entry('acme', 1), 1, { eventName })
    expect(await handler({ Records: [changed, good] })).toEqual(failures())
    expect(lines()).toEqual([{ level: 'error', event: 'entries-changed', count: 1 }])
    expect([await indexOf(entry('acme', 1)), await indexOf(entry('acme', 2))]).toEqual([undefined, 1])
  })

  it('and a leaf that is too long for the log is skipped and counted', async () => {
    const long = { ...entry('acme', 1), values: { leaf: 'x'.repeat(20_000) } }
    expect(await handler({ Records: [record(long, 1), good] })).toEqual(failures())
    expect(await indexOf(entry('acme', 2))).toBe(1)
    expect(lines()).toEqual([{ level: 'error', event: 'entries-skipped', count: 1, controller: 'acme' }])
  })

  it('is logged without a key, a value or a number of it', async () => {
    down.add('acme')
    await handler({ Records: [good, record(entry('acme', 1), 1, { eventName: 'REMOVE' }), {}] })
    await redrive({ keys: [entry('other', 7)] })
    expect(lines()).toHaveLength(4)
    const text = JSON.stringify(lines())
    for (const word of ['pseudonym', 'event#', 'leaf', 'kind', '442158']) expect(text).not.toContain(word)
  })
})

describe('the schedule', () => {
  it('publishes every log it is told of, and then says that one failed', async () => {
    await handler({ Records: [record(entry('acme', 1), 1), record(entry('bad', 2), 2), record(entry('other', 3), 3)] })
    down.add('bad')
    canSign = false
    await handler({ Records: [record(entry('acme', 4), 4), record(entry('other', 5), 5)] })
    canSign = true
    expect([await published('acme'), await published('other')]).toEqual([2, 2])
    await expect(tick({ controllers: ['bad', 'acme', 'other'] })).rejects.toMatchObject({ code: 'unavailable' })
    expect([await published('acme'), await published('other')]).toEqual([3, 3])
    await tick({ controllers: ['acme', 'other'] })
    await tick({ controllers: [] })
  })
})

describe('a redrive', () => {
  it('reads the entries of its keys, as often as it takes', async () => {
    const items = [entry('acme', 1), entry('other', 2), entry('acme', 3)]
    await bench.entries.insert(items)
    const keys = items.map(({ pk, sk }) => ({ pk, sk }))
    await redrive({ keys })
    await redrive({ keys: [...keys, ...keys] })
    expect(await Promise.all(items.map(indexOf))).toEqual([1, 1, 2])
    expect([await published('acme'), await published('other')]).toEqual([3, 2])
    expect(lines()).toEqual([])
  })

  it('counts keys of nothing, and fails only for logs that could not be extended', async () => {
    const items = [entry('acme', 1), entry('bad', 2)]
    await bench.entries.insert(items)
    await redrive({ keys: [entry('acme', 9), { pk: 'acme', sk: '' }] })
    expect(lines()).toEqual([
      { level: 'error', event: 'malformed-records', count: 1 },
      { level: 'error', event: 'entries-skipped', count: 1, controller: 'acme' },
    ])
    down.add('bad')
    await expect(redrive({ keys: items })).rejects.toMatchObject({ code: 'unavailable' })
    expect(await indexOf(entry('acme', 1))).toBe(1)
    down.clear()
    await redrive({ keys: items })
    expect(await indexOf(entry('bad', 2))).toBe(1)
  })
})

it('needs a keeper', async () => {
  vi.resetModules()
  const fresh = await import('../../functions/sequence.ts')
  await expect(fresh.tick({ controllers: [] })).rejects.toThrow('no keeper was provided')
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
    const objects = s3Objects(s3Client, s3.bucket, quick)
    bench = { ...bench, objects, checkpointSigner, witnessSigner }
    provideKeeper(bench)
    s3.decide = ({ earlier }) => (earlier % 3 === 1 ? { fault: 'lose-answer' } : undefined)
    kms.decide = ({ earlier }) =>
      earlier % 2 === 0 ? { fault: 'refuse', status: 400, code: 'ThrottlingException' } : undefined
    for (const batch of [0, 1, 2]) {
      const items = Array.from({ length: 200 }, (_, n) => entry('acme', batch * 200 + n))
      for (let at = 0; at < items.length; at += 25) await bench.entries.insert(items.slice(at, at + 25))
      expect(await handler({ Records: items.map((item, n) => record(item, n)) })).toEqual(failures())
    }
    expect(lines()).toEqual([])
    const newest = await newestStored(bench, 'acme')
    expect(newest?.size).toBe(601)
    const served = s3.stored.get('served/acme/checkpoint')
    expect(served?.bytes.toString()).toBe(newest?.note)
    expect(s3.stored.get('log/acme/tile/0/000')?.bytes).toHaveLength(256 * 32)
    expect([...s3.stored.keys()].filter((name) => name.includes('/checkpoints/'))).toHaveLength(4)
  })
})
