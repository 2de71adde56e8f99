/** How many calls the adapter makes of what it is asked: the figures behind the cost of an event. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
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
