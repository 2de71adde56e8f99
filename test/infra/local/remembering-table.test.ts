import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { rememberingTable } from '../../../infra/local/remembering-table.ts'
import type { Key, QueryOptions, Table } from '../../../shared/ledger/store.ts'
import { memoryTable } from '../../support/memory-table.ts'

const keys = fc.record({ pk: fc.constantFrom('a', 'b'), sk: fc.constantFrom('x', 'x#1', 'x#2', '\uff01', '\u{1f36a}') })
const options: fc.Arbitrary<QueryOptions> = fc.record(
  {
    prefix: fc.constantFrom('', 'x', 'x#', 'none'),
    after: fc.constantFrom('', 'x#1', 'x#15', '\u{1f36a}'),
    descending: fc.boolean(),
    limit: fc.integer({ min: 1, max: 3 }),
  },
  { requiredKeys: [] },
)
const steps = fc.array(
  fc.oneof(
    fc.record({ act: fc.constant('insert' as const), key: keys }),
    fc.record({ act: fc.constant('get' as const), key: keys }),
    fc.record({ act: fc.constant('query' as const), key: keys, options }),
  ),
  { maxLength: 40 },
)

describe('a table that remembers', () => {
  test('answers as the table below it does, whatever was there before', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(keys, { maxLength: 6 }), steps, async (before, acts) => {
        const [below, model] = [memoryTable(), memoryTable()]
        const table = rememberingTable(below)
        for (const key of before) for (const each of [below, model]) await each.insert([{ ...key, values: { n: -1 } }])
        for (const [n, step] of acts.entries()) {
          const run = (on: Table) => {
            if (step.act === 'insert') return on.insert([{ ...step.key, values: { n } }])
            return step.act === 'get' ? on.get([step.key]) : on.query(step.key.pk, step.options)
          }
          expect(await run(table)).toEqual(await run(model))
        }
      }),
      { numRuns: 200 },
    )
  })

  test('an insert that was not its own is found when its key is taken, and a failed read is tried again', async () => {
    let isDown = true
    const below = memoryTable({ fault: (act) => (act === 'query' && isDown ? 'before' : undefined) })
    const table = rememberingTable(below)
    const key: Key = { pk: 'a', sk: 'x' }
    await expect(table.get([key])).rejects.toThrow()
    isDown = false
    expect(await table.get([key])).toEqual([undefined])
    await below.insert([{ ...key, values: { by: 'another' } }])
    expect(await table.insert([{ ...key, values: { by: 'us' } }])).toEqual([{ outcome: 'exists' }])
    expect(await table.get([key])).toEqual([{ ...key, values: { by: 'another' } }])
  })

  test('reads a partition once', async () => {
    let reads = 0
    const below = memoryTable({
      fault(act) {
        if (act !== 'insert') reads++
        return undefined
      },
    })
    const table = rememberingTable(below)
    for (let n = 0; n < 3; n++) {
      await table.insert([{ pk: 'a', sk: `x#${n}`, values: {} }])
      expect((await table.query('a')).items).toHaveLength(n + 1)
      expect(await table.get([{ pk: 'a', sk: 'x#9' }])).toEqual([undefined])
    }
    expect(reads).toBe(1)
  })
})
