import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { LedgerError } from '../../../../shared/errors.ts'
import { logKey, witnessKey } from '../../../../shared/ledger/log/checkpoint-store.ts'
import {
  batchPk,
  checkpointFolder,
  checkpointObject,
  numberSk,
  servedCheckpoint,
} from '../../../../shared/ledger/log/log-items.ts'
import { openLog } from '../../../../shared/ledger/log/open-log.ts'
import { publishCheckpoint } from '../../../../shared/ledger/log/publisher.ts'
import { newSequencerMemory, sequenceEntries, sequencerRules } from '../../../../shared/ledger/log/sequencer.ts'
import type { Item, Objects } from '../../../../shared/ledger/store.ts'
import { parseNote } from '../../../../shared/tlog/note.ts'
import { parsePolicy, verifyCheckpoint } from '../../../../shared/tlog/tlog-policy.ts'
import { formatVerifierKey } from '../../../../shared/tlog/verifier-key.ts'
import { memoryObjects } from '../../../support/memory-ledger.ts'
import { checkpointSigner, testSigner, witnessSigner } from '../../../support/memory-log-writer.ts'
import { naiveLog } from '../../../support/naive-log.ts'
import { controller, entryKey, type SampleLog, sampleLog } from '../../../support/sample-log.ts'

const host = 'ledger.example'
const policy = parsePolicy(
  [
    `log ${formatVerifierKey(logKey(host, controller, checkpointSigner.publicKey))} https://ledger.example/log/acme`,
    `witness own ${formatVerifierKey(witnessKey(host, witnessSigner.publicKey))}`,
    'quorum own',
    '',
  ].join('\n'),
)

/** Entries [from, to) with an index each, in batches of at most so many. */
async function grow(sample: SampleLog, from: number, to: number, maxEntries = 1000): Promise<void> {
  await sequenceEntries(sample, controller, await sample.store(from, to), newSequencerMemory(), {
    ...sequencerRules,
    maxEntries,
  })
}

async function object(sample: SampleLog, name: string): Promise<Buffer | undefined> {
  const bytes = await sample.objects.get(name)
  return bytes && Buffer.from(bytes)
}

/** Every tile that a tree of this size has, but for partial ones of level 0, which are not objects. */
async function expectTiles(sample: SampleLog, size: number): Promise<number> {
  const naive = naiveLog(await sample.leaves())
  let tiles = 0
  const named = (n: number): string =>
    n < 1000 ? String(n).padStart(3, '0') : `x${String(Math.floor(n / 1000)).padStart(3, '0')}/${named(n % 1000)}`
  for (let level = 0, count = size; count > 0; level++, count = Math.floor(count / 256)) {
    for (let index = 0; index * 256 < count; index++) {
      const width = Math.min(256, count - index * 256)
      const partial = width < 256 ? `.p/${width}` : ''
      if (level === 0 && width < 256) continue
      const tile = await object(sample, `log/acme/tile/${level}/${named(index)}${partial}`)
      if (!tile?.equals(naive.tile(level, index, width))) throw new Error(`tile ${level}/${index} of ${width}`)
      tiles++
      if (level > 0) continue
      const bundle = await object(sample, `log/acme/tile/entries/${named(index)}`)
      if (!bundle?.equals(naive.bundle(index, width))) throw new Error(`bundle ${index}`)
    }
  }
  return tiles
}

describe('a publication', () => {
  it('is a checkpoint that any client verifies, of the tree of all leaves', async () => {
    const sample = sampleLog('2026-11-22T12:00:05.900Z')
    await grow(sample, 0, 9)
    expect(await publishCheckpoint(sample, controller)).toEqual({ size: 10, published: true })
    const note = String(await object(sample, checkpointObject(controller, 10)))
    const { checkpoint, witnessed } = await verifyCheckpoint(note, policy, 'ledger.example/acme')
    expect(checkpoint).toMatchObject({ origin: 'ledger.example/acme', size: 10, extensions: [] })
    expect(Buffer.from(checkpoint.root)).toEqual(naiveLog(await sample.leaves()).root(10))
    expect(witnessed).toEqual([{ name: 'own', timeSeconds: 1795348805 }])
    expect(await sample.checkpoints()).toMatchObject([{ sk: numberSk(0) }, { sk: numberSk(10), values: { note } }])
    expect(String(await object(sample, servedCheckpoint(controller)))).toBe(note)
  })

  it('of nothing new is none', async () => {
    const sample = sampleLog()
    await openLog(sample, controller)
    expect(await publishCheckpoint(sample, controller)).toEqual({ size: 0, published: false })
    await grow(sample, 0, 3)
    await publishCheckpoint(sample, controller)
    sample.setNow('2026-11-22T12:10:00.000Z')
    expect(await publishCheckpoint(sample, controller)).toEqual({ size: 4, published: false })
    expect(await sample.checkpoints()).toHaveLength(2)
  })

  it('of the empty log has the root of nothing', async () => {
    const sample = sampleLog()
    await openLog(sample, controller)
    const note = String(await object(sample, checkpointObject(controller, 0)))
    const { checkpoint } = await verifyCheckpoint(note, policy)
    expect(Buffer.from(checkpoint.root).toString('hex')).toMatch(/^e3b0c44298fc1c149afbf4c8996fb924/)
  })

  it('never has an earlier time than the one before', async () => {
    const sample = sampleLog('2026-11-22T12:00:05.000Z')
    await grow(sample, 0, 3)
    await publishCheckpoint(sample, controller)
    sample.setNow('2026-11-22T12:00:01.000Z')
    await grow(sample, 3, 4)
    await publishCheckpoint(sample, controller)
    const note = String(await object(sample, checkpointObject(controller, 5)))
    expect((await verifyCheckpoint(note, policy)).witnessed[0]?.timeSeconds).toBe(1795348805)
  })
})

describe('tiles', () => {
  it('are those of the tree at each published size, however the log grew and was published', async () => {
    const steps = fc.array(
      fc.record({
        count: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 200, max: 600 }), fc.constant(256)),
        maxEntries: fc.constantFrom(1000, 256, 100, 17),
        isPublished: fc.boolean(),
      }),
      { minLength: 1, maxLength: 6 },
    )
    await fc.assert(
      fc.asyncProperty(steps, async (all) => {
        const sample = sampleLog()
        let count = 0
        for (const step of [...all, { count: 1, maxEntries: 1000, isPublished: true }]) {
          await grow(sample, count, count + step.count, step.maxEntries)
          count += step.count
          if (step.isPublished) await publishCheckpoint(sample, controller)
        }
        for (const { sk } of await sample.checkpoints()) await expectTiles(sample, Number(sk))
      }),
      { numRuns: 25 },
    )
  })

  it('above level 0 are written at each width, also where nothing was published', async () => {
    const sample = sampleLog()
    await grow(sample, 0, 1300)
    await publishCheckpoint(sample, controller)
    for (const width of [1, 2, 3, 4, 5])
      expect(await object(sample, `log/acme/tile/1/000.p/${width}`)).toHaveLength(width * 32)
    expect(await object(sample, 'log/acme/tile/1/000.p/6')).toBeUndefined()
    expect(await expectTiles(sample, 1301)).toBe(6)
  })

  it('of level 1 and 2 fill up', async () => {
    const sample = sampleLog()
    await grow(sample, 0, 65_400)
    await publishCheckpoint(sample, controller)
    await grow(sample, 65_400, 65_500, 30)
    await publishCheckpoint(sample, controller)
    await grow(sample, 65_500, 66_200)
    expect(await publishCheckpoint(sample, controller)).toEqual({ size: 66_201, published: true })
    expect(await expectTiles(sample, 66_201)).toBe(258 + 2 + 1)
    await expectTiles(sample, 65_401)
  })
})

describe('a crash', () => {
  /** The objects of a publisher that stops at the n-th put. */
  const stopping = (objects: Objects, n: number, isStored: boolean): Objects => {
    let puts = 0
    return {
      ...objects,
      put: async (name, bytes) => {
        if (++puts < n || isStored) await objects.put(name, bytes)
        if (puts >= n) throw new LedgerError('unavailable', 'stopped')
      },
    }
  }

  it.each(Array.from({ length: 14 }, (_, i) => [Math.floor(i / 2) + 1, i % 2 === 0] as const))(
    'at put %i (stored: %s) leaves what the next run completes',
    async (n, isStored) => {
      const sample = sampleLog()
      await grow(sample, 0, 599)
      const failing = { ...sample, objects: stopping(sample.objects, n, isStored) }
      await expect(publishCheckpoint(failing, controller)).rejects.toMatchObject({ code: 'unavailable' })
      const name = await sample.objects.first(checkpointFolder(controller))
      expect(name).toBe(checkpointObject(controller, n === 7 && isStored ? 600 : 0))
      expect(await publishCheckpoint(sample, controller)).toMatchObject({ size: 600 })
      expect(await sample.checkpoints()).toHaveLength(2)
      await expectTiles(sample, 600)
    },
  )

  it('between checkpoint and row leaves a row that the next run inserts, also when the log has grown', async () => {
    const sample = sampleLog()
    await grow(sample, 0, 4)
    sample.fault = (operation, key) => (operation === 'insert' && key.sk === numberSk(5) ? 'before' : undefined)
    await expect(publishCheckpoint(sample, controller)).rejects.toMatchObject({ code: 'unavailable' })
    sample.fault = () => undefined
    await grow(sample, 4, 6)
    await publishCheckpoint(sample, controller)
    expect((await sample.checkpoints()).map(({ sk }) => Number(sk))).toEqual([0, 5, 7])
  })
})

describe('the served copy', () => {
  it('may fail, and is made up by the next run', async () => {
    const sample = sampleLog()
    await grow(sample, 0, 4)
    const objects = { ...sample.objects, readServed: () => Promise.reject(new Error('no')) }
    expect(await publishCheckpoint({ ...sample, objects }, controller)).toEqual({ size: 5, published: true })
    const served = async () => String(await object(sample, servedCheckpoint(controller))).split('\n')[1]
    expect(await served()).toBe('0')
    await publishCheckpoint(sample, controller)
    expect(await served()).toBe('5')
  })

  it('is never replaced by a smaller size, and always by one that is no checkpoint', async () => {
    const sample = sampleLog()
    await grow(sample, 0, 4)
    await publishCheckpoint(sample, controller)
    const name = servedCheckpoint(controller)
    const greater = String(await object(sample, name)).replace('\n5\n', '\n99\n')
    await sample.objects.replaceServed(name, Buffer.from(greater), (await sample.objects.readServed(name))?.tag)
    await grow(sample, 4, 5)
    await publishCheckpoint(sample, controller)
    expect(String(await object(sample, name))).toBe(greater)
    await sample.objects.replaceServed(name, Buffer.from('nothing'), (await sample.objects.readServed(name))?.tag)
    await publishCheckpoint(sample, controller)
    expect(String(await object(sample, name))).toContain('\n6\n')
  })
})

it('of publishers of one size the first one stands, and all show its note', async () => {
  const sample = sampleLog()
  await grow(sample, 0, 300)
  let ms = Date.parse('2026-11-22T12:00:00.000Z')
  const clock = () => {
    ms += 7_000
    return ms
  }
  const results = await Promise.all(
    Array.from({ length: 5 }, () => publishCheckpoint({ ...sample, clock }, controller)),
  )
  expect(results.filter(({ published }) => published)).toHaveLength(1)
  const note = String(await object(sample, checkpointObject(controller, 301)))
  expect((await sample.checkpoints())[1]?.values.note).toBe(note)
  expect(String(await object(sample, servedCheckpoint(controller)))).toBe(note)
})

it('a publisher that read the log earlier and signs later signs nothing: times grow with sizes', async () => {
  const sample = sampleLog('2026-11-22T12:00:09.900Z')
  await grow(sample, 0, 5)
  const [first] = await sample.batches()
  sample.setNow('2026-11-22T12:00:09.960Z')
  await grow(sample, 5, 6)
  await publishCheckpoint(sample, controller)
  const opened = checkpointObject(controller, 0)
  let asked = 0
  const slow = {
    ...sample,
    clock: () => Date.parse('2026-11-22T12:00:19.000Z'),
    objects: {
      ...sample.objects,
      first: (prefix: string) => (asked++ === 0 ? Promise.resolve(opened) : sample.objects.first(prefix)),
    },
    log: {
      ...sample.log,
      query: async (pk: string, options = {}) => {
        const page = await sample.log.query(pk, { ...options, limit: undefined })
        return { items: page.items.filter(({ sk }) => pk !== batchPk(controller) || Number(sk) === first?.first) }
      },
    },
  }
  expect(await publishCheckpoint(slow, controller)).toEqual({ size: 7, published: false })
  expect((await sample.checkpoints()).map(({ sk }) => Number(sk))).toEqual([0, 7])
})

describe('refuses, and signs nothing', () => {
  const forked = { code: 'log-forked' }

  async function expectRefusal(sample: SampleLog): Promise<void> {
    const before = await sample.objects.first(checkpointFolder(controller))
    await expect(publishCheckpoint(sample, controller)).rejects.toMatchObject(forked)
    expect(await sample.objects.first(checkpointFolder(controller))).toBe(before)
  }

  /** A log with 300 leaves published, in a copy whose table is what this makes of the batches. */
  async function restored(change: (batches: Item[]) => readonly Item[]): Promise<SampleLog> {
    const source = sampleLog()
    await grow(source, 0, 199, 100)
    await publishCheckpoint(source, controller)
    await grow(source, 199, 299, 100)
    await publishCheckpoint(source, controller)
    await grow(source, 299, 600, 100)
    const batches = (await source.log.query(batchPk(controller))).items
    const copy = sampleLog()
    await copy.store(0, 600)
    await copy.log.insert(change([...batches]))
    return { ...copy, objects: source.objects }
  }

  it('but not when nothing was changed', async () => {
    const sample = await restored((batches) => batches)
    expect(await publishCheckpoint(sample, controller)).toEqual({ size: 601, published: true, copies: 1 })
    await expectTiles(sample, 601)
  })

  test.each<[string, (batches: Item[]) => readonly Item[]]>([
    ['a table that ends before the published size', (batches) => batches.slice(0, 2)],
    ['a table without batches', () => []],
    ['a table that lacks a batch', (batches) => batches.filter((_, i) => i !== 4)],
    ['a table that lacks the batch before the published size', (batches) => batches.filter((_, i) => i !== 2)],
  ])('%s', async (_, change) => {
    await expectRefusal(await restored(change))
  })

  test('a table that was restored and has grown past the published size, beside it', async () => {
    const sample = await restored((batches) => batches.slice(0, 2))
    await grow({ ...sample, objects: memoryObjects() }, 400, 600)
    await expectRefusal(sample)
  })

  test('a table that was restored and has grown to exactly the published size', async () => {
    const sample = await restored((batches) => batches.slice(0, 2))
    await grow({ ...sample, objects: memoryObjects() }, 400, 500)
    await expectRefusal(sample)
  })

  test.each<[string, (item: Item) => Item]>([
    ['the root', (item) => ({ ...item, values: { ...item.values, root: new Uint8Array(32) } })],
    ['the range', (item) => ({ ...item, values: { ...item.values, range: new Uint8Array(32 * 4) } })],
    [
      'a leaf hash',
      (item) => {
        const entries = new Uint8Array(item.values.entries as Uint8Array)
        entries[entries.length - 1] = (entries.at(-1) ?? 0) ^ 1
        return { ...item, values: { ...item.values, entries } }
      },
    ],
  ])('a batch with another %s', async (_, change) => {
    // The last batch but one: its root is not the one that is signed.
    await expectRefusal(await restored((batches) => batches.map((item, i) => (i === 5 ? change(item) : item))))
    await expectRefusal(await restored((batches) => batches.map((item, i) => (i === 6 ? change(item) : item))))
  })

  test.each([
    ['has another leaf', { leaf: '{}' }],
    ['has lost its leaf', {}],
  ])('an entry that %s, and names its place but nothing of it', async (_, values) => {
    const sample = sampleLog()
    await grow(sample, 0, 300)
    const get: SampleLog['entries']['get'] = async (keys) =>
      (await sample.entries.get(keys)).map((item) => (item?.sk === entryKey(42).sk ? { ...item, values } : item))
    const altered = { ...sample, entries: { ...sample.entries, get } }
    const error = await publishCheckpoint(altered, controller).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'log-forked', facts: { given: 43 } })
    expect(JSON.stringify(error) + String(error)).not.toContain('event#42')
    expect(await sample.objects.first(checkpointFolder(controller))).toBe(checkpointObject(controller, 0))
  })

  test('a log with batches and without a checkpoint', async () => {
    const sample = sampleLog()
    await grow(sample, 0, 10)
    await expectRefusal({ ...sample, objects: memoryObjects() })
  })

  test.each([
    ['another key', { checkpointSigner: testSigner(9) }],
    ['another origin', { host: 'other.example' }],
  ])('a newest checkpoint of %s', async (_, other) => {
    const sample = sampleLog()
    await grow(sample, 0, 4)
    await publishCheckpoint(sample, controller)
    await grow(sample, 4, 5)
    await expect(publishCheckpoint({ ...sample, ...other }, controller)).rejects.toMatchObject(forked)
  })

  test('a newest checkpoint that is no note, or is under the name of another size', async () => {
    const sample = sampleLog()
    await grow(sample, 0, 4)
    await publishCheckpoint(sample, controller)
    const note = await object(sample, checkpointObject(controller, 5))
    for (const bytes of [Buffer.from('nothing'), note ?? Buffer.alloc(0)]) {
      const other = sampleLog()
      await grow(other, 0, 4)
      await other.objects.put(checkpointObject(controller, 6), bytes)
      await expectRefusal(other)
    }
  })

  test.each(['tile/0/000', 'tile/entries/000', 'tile/1/000.p/1'])('other bytes under the name of %s', async (path) => {
    const sample = sampleLog()
    await grow(sample, 0, 300)
    await sample.objects.put(`log/acme/${path}`, Buffer.from('other'))
    await expectRefusal(sample)
  })

  test('a partial tile that is gone, or not of this tree', async () => {
    for (const bytes of [undefined, Buffer.alloc(32, 7)]) {
      const sample = sampleLog()
      await grow(sample, 0, 300)
      await publishCheckpoint(sample, controller)
      await grow(sample, 300, 600)
      const get: Objects['get'] = async (name) => (name.endsWith('/1/000.p/1') ? bytes : sample.objects.get(name))
      await expectRefusal({ ...sample, objects: { ...sample.objects, get } })
    }
  })

  test('another tree of this size, published by another', async () => {
    const sample = sampleLog()
    await grow(sample, 0, 4)
    const other = sampleLog()
    await grow(other, 1, 5)
    await publishCheckpoint(other, controller)
    const theirs = await object(other, checkpointObject(controller, 5))
    const get: Objects['get'] = async (name) =>
      name === checkpointObject(controller, 5) ? theirs : sample.objects.get(name)
    const put: Objects['put'] = async (name, bytes) => {
      if (name === checkpointObject(controller, 5)) throw new LedgerError('already-exists', 'other bytes')
      await sample.objects.put(name, bytes)
    }
    await expectRefusal({ ...sample, objects: { ...sample.objects, get, put } })
  })
})

it('reads no further than the batch that it signs', async () => {
  const sample = sampleLog()
  await grow(sample, 0, 300)
  let grown = false
  const query: SampleLog['log']['query'] = async (pk, options) => {
    const page = await sample.log.query(pk, options)
    if (!grown && pk === batchPk(controller)) {
      grown = true
      await grow(sample, 300, 700)
    }
    return page
  }
  expect(await publishCheckpoint({ ...sample, log: { ...sample.log, query } }, controller)).toEqual({
    size: 301,
    published: true,
  })
  const note = String(await object(sample, checkpointObject(controller, 301)))
  expect(parseNote(note).text).toContain('\n301\n')
})
