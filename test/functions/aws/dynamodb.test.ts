/** How many calls the adapter makes of what it is asked: the figures behind the cost of an event. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { DynamoCall } from '../../../functions/aws/dynamodb.ts'
import { startDynoxide } from '../../../infra/local/engine/dynoxide.ts'
import type { Engine } from '../../../infra/local/engine/process.ts'
import type { Item } from '../../../shared/ledger/store.ts'
import { type LocalTable, openLocalTable } from '../../support/local-table.ts'

let engine: Engine
let local: LocalTable
const calls: DynamoCall[] = []
const made = (): [string, number][] => calls.map(({ operation, items }) => [operation, items])

beforeAll(async () => {
  engine = await startDynoxide()
  local = await openLocalTable(engine.endpoint, { onCall: (call) => calls.push(call) })
})
afterAll(async () => {
  local.close()
  await engine.stop()
})

function items(count: number): Item[] {
  calls.length = 0
  const pk = `c1#${randomUUID()}`
  return Array.from({ length: count }, (_, n) => ({ pk, sk: `event#${n}`, values: { bytes: new Uint8Array(1_000) } }))
}

test('one item: one statement, one get, and their units', async () => {
  const one = items(1)
  await local.table.insert(one)
  await local.table.get(one)
  await local.table.query(one[0]?.pk ?? '')
  expect(calls).toEqual([
    { operation: 'ExecuteStatement', items: 1, consumedWriteUnits: 2 },
    { operation: 'GetItem', items: 1, consumedReadUnits: 1 },
    { operation: 'Query', items: 1, consumedReadUnits: 1 },
  ])
})

test('60 items in one call: three batches of at most 25', async () => {
  const many = items(60)
  await local.table.insert(many)
  expect(made().toSorted()).toEqual([
    ['BatchExecuteStatement', 10],
    ['BatchExecuteStatement', 25],
    ['BatchExecuteStatement', 25],
  ])
})

test('52 calls at once share three batches', async () => {
  const many = items(52)
  await Promise.all(many.map((item) => local.table.insert([item])))
  expect(made().toSorted()).toEqual([
    ['BatchExecuteStatement', 2],
    ['BatchExecuteStatement', 25],
    ['BatchExecuteStatement', 25],
  ])
})

test('150 keys in one call: two batches of at most 100', async () => {
  const many = items(150)
  await local.table.insert(many)
  calls.length = 0
  await local.table.get(many)
  expect(made().toSorted()).toEqual([
    ['BatchGetItem', 100],
    ['BatchGetItem', 50],
  ])
})

test('the same key asked for by 20 calls at once is read once', async () => {
  const one = items(1)
  await local.table.insert(one)
  calls.length = 0
  const answers = await Promise.all(Array.from({ length: 20 }, () => local.table.get(one)))
  expect(answers).toEqual(Array(20).fill(one))
  expect(made()).toEqual([['GetItem', 1]])
})

describe('a table that reads ranges', () => {
  let small: LocalTable

  beforeAll(async () => {
    small = await openLocalTable(engine.endpoint, { onCall: (call) => calls.push(call), readsRanges: true })
  })
  afterAll(() => small.close())

  test('two keys of one partition are one query of one unit, whether both are there or not', async () => {
    const pk = randomUUID()
    const [subject, year, later] = ['subject', 'year#2026', 'year#2027'].map((sk) => ({ pk, sk, values: { name: sk } }))
    if (!subject || !year || !later) throw new Error('three items')
    const read = async (...keys: readonly Item[]) => {
      calls.length = 0
      return [await small.table.get(keys), made(), calls.map(({ consumedReadUnits }) => consumedReadUnits)]
    }
    expect(await read(later, subject)).toEqual([[undefined, undefined], [['Query', 1]], [1]])
    await small.table.insert([subject])
    expect(await read(later, subject)).toEqual([[undefined, subject], [['Query', 1]], [1]])
    await small.table.insert([year, later])
    expect(await read(later, subject)).toEqual([[later, subject], [['Query', 1]], [1]])
    expect(await read(subject)).toEqual([[subject], [['GetItem', 1]], [1]])
  })

  test('keys of several partitions are one batch', async () => {
    const [one, other] = [...items(2), ...items(2)].filter(({ sk }) => sk === 'event#1')
    if (!one || !other) throw new Error('two items')
    await small.table.insert([one, other])
    calls.length = 0
    const first: Item = { ...one, sk: 'event#0' }
    expect(await small.table.get([first, other, one])).toEqual([undefined, other, one])
    expect(made()).toEqual([['BatchGetItem', 3]])
  })

  test('a range of more than one page is read by keys', async () => {
    const pk = randomUUID()
    const large = ['a', 'b', 'c', 'd'].map((sk) => ({ pk, sk, values: { bytes: new Uint8Array(390_000) } }))
    const [a, , , d] = large
    if (!a || !d) throw new Error('four items')
    await small.table.insert(large)
    calls.length = 0
    expect(await small.table.get([d, a])).toEqual([d, a])
    expect(made()).toEqual([
      ['Query', 1],
      ['BatchGetItem', 2],
    ])
  })
})
