/** Several sequencers of one log: who works when, and that nothing depends on it. */
import { describe, expect, it } from 'vitest'
import { batchEnd, numberSk, turnPk } from '../../../../shared/ledger/log/log-items.ts'
import { newSequencerMemory, type SequencerMemory, sequenceEntries } from '../../../../shared/ledger/log/sequencer.ts'
import { batchesUntilTurn, mayPublish, type Sleep } from '../../../../shared/ledger/log/turns.ts'
import type { Item, Table } from '../../../../shared/ledger/store.ts'
import { controller, type SampleLog, sampleLog } from '../../../support/sample-log.ts'

const turnAt = (size: number): Item => ({ pk: turnPk(controller), sk: numberSk(size), values: {} })

/** A memory that has seen another process in the log. */
function sharing(sample: SampleLog, sleep: Sleep = async () => {}): SequencerMemory {
  const memory = newSequencerMemory(sleep)
  memory.sharedUntil.set(controller, sample.clock() + 60_000)
  return memory
}

/** Lets the callers of a table's inserts see which of them found a batch's place taken. */
function collisionsOf(log: Table): { readonly table: Table; readonly count: () => number } {
  let count = 0
  const insert: Table['insert'] = async (items) => {
    const outcomes = await log.insert(items)
    if (items[0]?.pk === `${controller}#log` && outcomes[0]?.outcome === 'exists') count++
    return outcomes
  }
  return { table: { ...log, insert }, count: () => count }
}

describe('several sequencers of one log', () => {
  it('commit one after the other and never prepare a batch in vain', async () => {
    const sample = sampleLog()
    const announced = await sample.store(0, 60)
    await sequenceEntries(sample, controller, announced.slice(0, 1), newSequencerMemory())
    const { table, count } = collisionsOf(sample.log)
    const writer = { ...sample, log: table }
    // The clock stands still, so nobody's patience ends.
    const sleep: Sleep = () => new Promise((resolve) => setImmediate(resolve))
    const done = await Promise.all(
      [1, 16, 31, 46].map((from) =>
        sequenceEntries(writer, controller, announced.slice(from, from + 15), sharing(sample, sleep)),
      ),
    )
    expect(done.map(({ indexed, batches }) => [indexed, batches])).toEqual([15, 15, 15, 14].map((n) => [n, 1]))
    expect(count()).toBe(0)
    const batches = await sample.batches()
    expect(batches.map(batchEnd).at(-1)).toBe(61)
    const keys = batches.flatMap(({ entries }) => entries.map(({ key }) => key))
    expect((await sample.log.get(keys)).map((row) => row?.values.index)).toEqual(keys.map((_, i) => i))
  })

  it('give each entry one index, when all of them have the same ones', async () => {
    const sample = sampleLog()
    const announced = await sample.store(0, 20)
    const sleep: Sleep = async () => {
      sample.setNow(new Date(sample.clock() + 500).toISOString())
    }
    const done = await Promise.all(
      [1, 2, 3].map(() => sequenceEntries(sample, controller, announced, sharing(sample, sleep))),
    )
    expect(done.reduce((sum, { indexed }) => sum + indexed, 0)).toBe(20)
    expect(await sample.leaves()).toHaveLength(21)
  })

  it('do not wait forever for an owner that died', async () => {
    const sample = sampleLog()
    const announced = await sample.store(0, 2)
    await sequenceEntries(sample, controller, announced.slice(0, 1), newSequencerMemory())
    await sample.log.insert([turnAt(2)])
    let waitedMs = 0
    const sleep: Sleep = async (ms) => {
      waitedMs += ms
      sample.setNow(new Date(sample.clock() + Math.ceil(ms)).toISOString())
    }
    expect(await sequenceEntries(sample, controller, announced, sharing(sample, sleep))).toMatchObject({ indexed: 1 })
    expect(waitedMs).toBeGreaterThan(900)
    expect(waitedMs).toBeLessThan(3_100)
  })

  it('begin anew at the end of the log when they are far behind', async () => {
    const sample = sampleLog()
    const announced = await sample.store(0, 80)
    const memory = sharing(sample)
    await sequenceEntries(sample, controller, announced.slice(0, 1), memory)
    const other = newSequencerMemory()
    for (const each of announced.slice(1, 79)) await sequenceEntries(sample, controller, [each], other)
    expect(await batchesUntilTurn(sample, controller, 2, async () => {})).toBeUndefined()
    expect(await sequenceEntries(sample, controller, announced, memory)).toMatchObject({ indexed: 1, batches: 1 })
    expect(await sample.leaves()).toHaveLength(81)
  })
})

it('one process publishes, and the same size is extended by nobody else', async () => {
  const sample = sampleLog()
  expect(await mayPublish(sample, controller, 7)).toBe(true)
  expect(await mayPublish(sample, controller, 7)).toBe(false)
  expect(await mayPublish(sample, controller, 8)).toBe(true)
})
