import { describe, expect, it, test } from 'vitest'
import { batchEnd, batchPk, indexItem, numberSk, timeKey, timeLeaf } from '../../../../shared/ledger/log/log-items.ts'
import { openLog } from '../../../../shared/ledger/log/open-log.ts'
import { publishCheckpoint } from '../../../../shared/ledger/log/publisher.ts'
import {
  type AnnouncedEntry,
  newSequencerMemory,
  sequenceEntries,
  sequencerRules,
} from '../../../../shared/ledger/log/sequencer.ts'
import type { Item, Table } from '../../../../shared/ledger/store.ts'
import { naiveLog } from '../../../support/naive-log.ts'
import { controller, entryKey, entryLeaf, type SampleLog, sampleLog } from '../../../support/sample-log.ts'

const hour = '2026-11-22T12'

async function indexesOf(sample: SampleLog, numbers: readonly number[]): Promise<unknown[]> {
  return (await sample.log.get(numbers.map(entryKey))).map((row) => row?.values.index)
}

/** Everything that must hold of the log whenever nobody is at work. */
async function expectSound(sample: SampleLog): Promise<void> {
  const batches = await sample.batches()
  const leaves = await sample.leaves()
  const naive = naiveLog(leaves)
  let end = 0
  for (const batch of batches) {
    expect(batch.first).toBe(end)
    end = batchEnd(batch)
    expect(Buffer.from(batch.root)).toEqual(naive.root(end))
  }
  const keys = batches.flatMap((batch) => batch.entries.map((entry) => entry.key))
  expect(new Set(keys.map((key) => JSON.stringify([key.pk, key.sk]))).size).toBe(keys.length)
  expect((await sample.log.get(keys)).map((row) => row?.values.index)).toEqual(keys.map((_, i) => i))
}

describe('a run', () => {
  it('gives entries the indexes behind the time leaf, in the order of announcement, each once', async () => {
    const sample = sampleLog()
    const [a, b, c] = await sample.store(0, 3)
    const announced = [c, a, c, b, a].filter((each) => each !== undefined)
    expect(await sequenceEntries(sample, controller, announced, newSequencerMemory())).toEqual({
      indexed: 3,
      batches: 1,
      skipped: [],
    })
    expect(await sample.leaves()).toEqual([timeLeaf(hour), entryLeaf(2), entryLeaf(0), entryLeaf(1)])
    expect(await indexesOf(sample, [0, 1, 2])).toEqual([2, 3, 1])
    expect((await sample.batches())[0]?.at).toBe('2026-11-22T12:00:00.000Z')
    await expectSound(sample)
  })

  it('opens the log first', async () => {
    const sample = sampleLog()
    await sequenceEntries(sample, controller, await sample.store(0, 1), newSequencerMemory())
    expect((await sample.checkpoints()).map(({ sk }) => sk)).toEqual([numberSk(0)])
    await openLog(sample, controller)
    expect(await sample.checkpoints()).toHaveLength(1)
  })

  it('has nothing to do for what was sequenced before, whoever announces it', async () => {
    const sample = sampleLog()
    const announced = await sample.store(0, 5)
    const worker = newSequencerMemory()
    await sequenceEntries(sample, controller, announced, worker)
    for (const other of [worker, newSequencerMemory()]) {
      expect(await sequenceEntries(sample, controller, announced, other)).toEqual({
        indexed: 0,
        batches: 0,
        skipped: [],
      })
    }
    expect(await sample.batches()).toHaveLength(1)
    expect(await sequenceEntries(sample, controller, [], newSequencerMemory())).toEqual({
      indexed: 0,
      batches: 0,
      skipped: [],
    })
  })

  it('hashes the announced leaf without reading the entry', async () => {
    const sample = sampleLog()
    const announced = [{ key: entryKey(0) }, { key: entryKey(0), leaf: entryLeaf(0) }]
    const refuse = () => Promise.reject(new Error('read'))
    const unread = { ...sample, entries: { get: refuse, query: refuse } }
    expect(await sequenceEntries(unread, controller, announced, newSequencerMemory())).toMatchObject({ indexed: 1 })
    await sample.store(0, 1)
    await expectSound(sample)
  })

  it.each<[string, Item['values'] | undefined, string]>([
    ['is not there', undefined, 'no-such-entry'],
    ['has no leaf', { record: '{}' }, 'no-valid-leaf'],
    ['has a leaf that is no text', { leaf: new Uint8Array(3) }, 'no-valid-leaf'],
    ['has an empty leaf', { leaf: '' }, 'no-valid-leaf'],
    ['has a leaf of more than 16 KB', { leaf: 'å'.repeat(8193) }, 'no-valid-leaf'],
  ])('skips an entry that %s, and nothing else', async (_, values, reason) => {
    const sample = sampleLog()
    const bad = { pk: `${controller}#bad`, sk: 'event#bad' }
    if (values) await sample.entries.insert([{ ...bad, values }])
    const announced = [{ key: bad }, ...(await sample.store(0, 2))]
    const skipped = [{ key: bad, reason }]
    expect(await sequenceEntries(sample, controller, announced, newSequencerMemory())).toEqual({
      indexed: 2,
      batches: 1,
      skipped,
    })
    expect(await sequenceEntries(sample, controller, [{ key: bad }], newSequencerMemory())).toEqual({
      indexed: 0,
      batches: 0,
      skipped,
    })
    await expectSound(sample)
  })

  it('takes a leaf of exactly 16 KB, and skips a key that fits no batch', async () => {
    const sample = sampleLog()
    const whole = { key: { pk: `${controller}#s`, sk: 'x'.repeat(255) }, leaf: 'å'.repeat(8192) }
    const long = { key: { pk: `${controller}#s`, sk: 'x'.repeat(256) }, leaf: 'x' }
    expect(await sequenceEntries(sample, controller, [whole, long], newSequencerMemory())).toEqual({
      indexed: 1,
      batches: 1,
      skipped: [{ key: long.key, reason: 'no-valid-leaf' }],
    })
  })

  it('refuses entries of another log', async () => {
    const stray = [{ key: { pk: 'acme2#sub', sk: 'event#1' }, leaf: 'x' }]
    await expect(sequenceEntries(sampleLog(), controller, stray, newSequencerMemory())).rejects.toMatchObject({
      code: 'internal',
    })
  })
})

describe('batches', () => {
  it('end at a thousand entries, the time leaf among them', async () => {
    const sample = sampleLog()
    const announced = await sample.store(0, 2500)
    expect(await sequenceEntries(sample, controller, announced, newSequencerMemory())).toMatchObject({
      indexed: 2500,
      batches: 3,
    })
    expect((await sample.batches()).map(({ entries }) => entries.length)).toEqual([1000, 1000, 501])
    await expectSound(sample)
  })

  it('end at 300 KB of keys and hashes', async () => {
    const sample = sampleLog()
    const announced = Array.from({ length: 1500 }, (_, n): AnnouncedEntry => {
      return { key: { pk: `${controller}#${'s'.repeat(200)}`, sk: `${n}`.padStart(250, '0') }, leaf: `${n}` }
    })
    expect(await sequenceEntries(sample, controller, announced, newSequencerMemory())).toMatchObject({
      indexed: 1500,
      batches: 3,
    })
    const sizes = (await sample.batches()).map(({ entries }) =>
      entries.reduce((sum, { key: { pk, sk } }) => sum + pk.length - controller.length - 1 + sk.length + 34, 0),
    )
    expect(Math.max(...sizes)).toBeLessThanOrEqual(300_000)
    expect(Math.max(...sizes)).toBeGreaterThan(299_000)
  })

  it('cost one query at first and none later: two gets and two inserts of the port for a thousand entries', async () => {
    const sample = sampleLog()
    const worker = newSequencerMemory()
    await sequenceEntries(sample, controller, await sample.store(0, 10), worker)
    const calls: string[] = []
    const log: Table = {
      insert: (items) => {
        calls.push(`insert ${items.length}`)
        return sample.log.insert(items)
      },
      get: (keys) => {
        calls.push(`get ${keys.length}`)
        return sample.log.get(keys)
      },
      query: (pk, options) => {
        calls.push('query')
        return sample.log.query(pk, options)
      },
    }
    await sequenceEntries({ ...sample, log }, controller, await sample.store(10, 2010), worker)
    expect(calls).toEqual(['get 2000', 'insert 1', 'insert 1000', 'insert 1', 'insert 1000'])
  })
})

describe('time', () => {
  it('puts the hour first in the first batch of each hour, once', async () => {
    const sample = sampleLog()
    const worker = newSequencerMemory()
    const at = ['12:00:00', '12:59:59', '13:00:00', '13:30:00', '15:00:00']
    for (const [n, clock] of at.entries()) {
      sample.setNow(`2026-11-22T${clock}.000Z`)
      await sequenceEntries(sample, controller, await sample.store(n, n + 1), n % 2 ? worker : newSequencerMemory())
    }
    expect(await sample.leaves()).toEqual([
      timeLeaf('2026-11-22T12'),
      entryLeaf(0),
      entryLeaf(1),
      timeLeaf('2026-11-22T13'),
      entryLeaf(2),
      entryLeaf(3),
      timeLeaf('2026-11-22T15'),
      entryLeaf(4),
    ])
    expect((await sample.log.get([timeKey(controller, '2026-11-22T13')]))[0]?.values.index).toBe(3)
    await expectSound(sample)
  })

  it('never goes back with a clock that does', async () => {
    const sample = sampleLog('2026-11-22T13:00:10.000Z')
    await sequenceEntries(sample, controller, await sample.store(0, 1), newSequencerMemory())
    sample.setNow('2026-11-22T12:59:00.000Z')
    await sequenceEntries(sample, controller, await sample.store(1, 2), newSequencerMemory())
    expect((await sample.batches()).map(({ at }) => at)).toEqual(Array(2).fill('2026-11-22T13:00:10.000Z'))
    expect(await sample.leaves()).toHaveLength(3)
  })

  it('has an hour begin between two batches of one run', async () => {
    const sample = sampleLog('2026-11-22T12:59:59.000Z')
    const insert: Table['insert'] = async (items) => {
      const outcomes = await sample.log.insert(items)
      if (items[0]?.pk === batchPk(controller)) sample.setNow('2026-11-22T13:00:00.000Z')
      return outcomes
    }
    const announced = await sample.store(0, 6)
    const bounds = { ...sequencerRules, maxEntries: 3 }
    await sequenceEntries(
      { ...sample, log: { ...sample.log, insert } },
      controller,
      announced,
      newSequencerMemory(),
      bounds,
    )
    expect((await sample.leaves()).map((leaf) => JSON.parse(leaf).hour ?? 'event')).toEqual([
      '2026-11-22T12',
      'event',
      'event',
      '2026-11-22T13',
      'event',
      'event',
      'event',
      'event',
    ])
    await expectSound(sample)
  })
})

describe('faults', () => {
  const isBatch = (key: { pk: string }) => key.pk === batchPk(controller)
  const once = (
    sample: SampleLog,
    fault: 'before' | 'after',
    applies: (key: { pk: string; sk: string }) => boolean,
  ) => {
    sample.fault = (operation, key) => {
      if (operation !== 'insert' || !applies(key)) return undefined
      sample.fault = () => undefined
      return fault
    }
  }

  it('a commit whose answer was lost is read back, and is ours', async () => {
    const sample = sampleLog()
    once(sample, 'after', isBatch)
    expect(await sequenceEntries(sample, controller, await sample.store(0, 3), newSequencerMemory())).toMatchObject({
      batches: 1,
    })
    await expectSound(sample)
  })

  it('a commit that failed is thrown; the next run does it', async () => {
    const sample = sampleLog()
    const worker = newSequencerMemory()
    const announced = await sample.store(0, 3)
    await sequenceEntries(sample, controller, await sample.store(3, 4), worker)
    once(sample, 'before', isBatch)
    await expect(sequenceEntries(sample, controller, announced, worker)).rejects.toMatchObject({ code: 'unavailable' })
    expect(await sequenceEntries(sample, controller, announced, worker)).toMatchObject({ indexed: 3, batches: 1 })
    await expectSound(sample)
  })

  it.each(['before', 'after'] as const)(
    'an index row that failed (%s) is thrown when all were tried',
    async (fault) => {
      const sample = sampleLog()
      const worker = newSequencerMemory()
      const announced = await sample.store(0, 5)
      once(sample, fault, ({ sk }) => sk === 'event#1')
      await expect(sequenceEntries(sample, controller, announced, worker)).rejects.toMatchObject({
        code: 'unavailable',
      })
      expect(await indexesOf(sample, [0, 1, 2, 3, 4])).toEqual([1, fault === 'before' ? undefined : 2, 3, 4, 5])
      // Another worker, which never got their announcement, completes them before its own.
      await sequenceEntries(sample, controller, await sample.store(5, 6), newSequencerMemory())
      await expectSound(sample)
      expect(await sequenceEntries(sample, controller, announced, worker)).toMatchObject({ indexed: 0, batches: 0 })
      await expectSound(sample)
    },
  )

  it('a worker that remembers an old tail finds its place taken, and starts over', async () => {
    const sample = sampleLog()
    const workers = [newSequencerMemory(), newSequencerMemory(), newSequencerMemory()]
    for (let n = 0; n < 12; n++) {
      await sequenceEntries(
        sample,
        controller,
        await sample.store(n, n + 1),
        workers[(n * n) % 3] ?? newSequencerMemory(),
      )
    }
    expect(await sample.batches()).toHaveLength(12)
    await expectSound(sample)
  })

  it('sequencers at once share the work without doing any of it twice', async () => {
    const sample = sampleLog()
    const announced = await sample.store(0, 300)
    const runs = Array.from({ length: 6 }, (_, i) =>
      sequenceEntries(sample, controller, announced.slice(i * 40, i * 40 + 100), newSequencerMemory(), {
        ...sequencerRules,
        maxEntries: 30,
      }),
    )
    const results = await Promise.all(runs)
    expect(results.reduce((sum, { indexed }) => sum + indexed, 0)).toBe(300)
    await expectSound(sample)
  })
})

describe('a log that contradicts itself stops the sequencer', () => {
  const forked = { code: 'log-forked' }

  test('an entry with another index than its batch says', async () => {
    const sample = sampleLog()
    await sample.log.insert([indexItem(entryKey(2), 77, '2026-11-22T12:00:00.000Z')])
    const announced = await sample.store(0, 5)
    // Rule 3 takes it for sequenced; only a batch that has it too is a contradiction.
    expect(await sequenceEntries(sample, controller, announced, newSequencerMemory())).toMatchObject({ indexed: 4 })
    const [batch] = await sample.batches()
    if (!batch) throw new Error('no batch')
    const blind = { ...sequencerRules, pending: async () => [entryKey(2)] }
    await expect(sequenceEntries(sample, controller, announced, newSequencerMemory(), blind)).rejects.toMatchObject(
      forked,
    )
    await expect(
      sequenceEntries(sample, controller, await sample.store(5, 6), newSequencerMemory()),
    ).rejects.toMatchObject(forked)
  })

  test.each<[string, Record<string, Uint8Array>]>([
    ['has another root than its range', { root: new Uint8Array(32) }],
    ['has a range that does not fit its size', { range: new Uint8Array(96) }],
  ])('a last batch that %s', async (_, values) => {
    const source = sampleLog()
    await sequenceEntries(source, controller, await source.store(0, 5), newSequencerMemory())
    const item = (await source.log.query(batchPk(controller))).items[0]
    if (!item) throw new Error('no batch')
    const sample = sampleLog()
    await sample.log.insert([{ ...item, values: { ...item.values, ...values } }])
    await expect(
      sequenceEntries(sample, controller, await sample.store(5, 6), newSequencerMemory()),
    ).rejects.toMatchObject(forked)
  })

  test('a table without batches behind a published size', async () => {
    const sample = sampleLog()
    await sequenceEntries(sample, controller, await sample.store(0, 5), newSequencerMemory())
    await publishCheckpoint(sample, controller)
    const { objects } = sample
    const restored = { ...sampleLog(), objects }
    await expect(
      sequenceEntries(restored, controller, await restored.store(0, 5), newSequencerMemory()),
    ).rejects.toMatchObject(forked)
    await expect(openLog(restored, controller)).rejects.toMatchObject(forked)
    expect(await restored.batches()).toEqual([])
  })

  test('batches without any checkpoint', async () => {
    const sample = sampleLog()
    await sequenceEntries(sample, controller, await sample.store(0, 5), newSequencerMemory())
    const { objects } = sampleLog()
    await expect(openLog({ ...sample, objects }, controller)).rejects.toMatchObject(forked)
  })
})

it('extends no table that was restored behind what is published', async () => {
  const sample = sampleLog()
  await sequenceEntries(sample, controller, await sample.store(0, 10), newSequencerMemory())
  await publishCheckpoint(sample, controller)
  const restored = { ...sampleLog(), objects: sample.objects }
  const announced = await restored.store(10, 11)
  await expect(sequenceEntries(restored, controller, announced, newSequencerMemory())).rejects.toMatchObject({
    code: 'log-forked',
  })
  expect(await restored.batches()).toEqual([])
})

it('opens no log for an entry that never came to be', async () => {
  const sample = sampleLog()
  const { skipped } = await sequenceEntries(sample, controller, [{ key: entryKey(1) }], newSequencerMemory())
  expect(skipped).toEqual([{ key: entryKey(1), reason: 'no-such-entry' }])
  expect(await sample.checkpoints()).toEqual([])
  expect(await publishCheckpoint(sample, controller)).toEqual({ size: 0, published: false })
})
