/** The meter in front of a real engine, by items of known sizes: what it counts, and that the engine agrees. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createTables } from '../../../functions/aws/create-tables.ts'
import { createDynamoClient, dynamoTable } from '../../../functions/aws/dynamodb.ts'
import { dynamoScan } from '../../../functions/aws/scan.ts'
import { startEngine } from '../../../infra/local/engine/engine.ts'
import { tables } from '../../../infra/tables.ts'
import type { Item, Table, TableScan } from '../../../shared/ledger/store.ts'
import { type DynamoMeter, startDynamoMeter } from './dynamodb-meter.ts'

let meter: DynamoMeter
let table: Table & TableScan
let stop: () => Promise<void>

beforeAll(async () => {
  const engine = await startEngine()
  const client = createDynamoClient({ region: 'eu-north-1', endpoint: engine.endpoint })
  await createTables(client, tables)
  meter = await startDynamoMeter(engine.endpoint)
  const metered = createDynamoClient({ region: 'eu-north-1', endpoint: meter.endpoint })
  table = { ...dynamoTable(metered, 'log'), ...dynamoScan(metered, 'log') }
  stop = async () => {
    for (const each of [client, metered]) each.destroy()
    await meter.stop()
    await engine.stop()
  }
})
afterAll(() => stop?.())

/** Names and keys take `pk` + `sk` + `b` = 5 bytes, and two characters of keys. */
const sized = (sk: string, bytes: number): Item => ({ pk: 'p', sk, values: { b: new Uint8Array(bytes - 7) } })

it.each<
  [what: string, work: () => Promise<unknown>, calls: number, writes: number, reads: number, storedBytes: number]
>([
  ['an item of 1 KB', () => table.insert([sized('a', 1_024)]), 1, 1, 0, 1_124],
  ['one byte more', () => table.insert([sized('b', 1_025)]), 1, 2, 0, 1_125],
  ['three in one call', () => table.insert(['c', 'd', 'e'].map((sk) => sized(sk, 2_000))), 1, 6, 0, 6_300],
  ['a key that is taken', () => table.insert([sized('b', 1_025)]), 1, 2, 0, 0],
  ['a strong read', () => table.get([{ pk: 'p', sk: 'a' }]), 1, 0, 1, 0],
  ['what is not there', () => table.get([{ pk: 'p', sk: 'z' }]), 1, 0, 1, 0],
  ['three reads in one call, one absent', () => table.get(['a', 'b', 'z'].map((sk) => ({ pk: 'p', sk }))), 1, 0, 3, 0],
  ['a page, rounded up as a whole: 8,049 bytes', () => table.query('p'), 1, 0, 2, 0],
  ['a page of nothing', () => table.query('nobody'), 1, 0, 1, 0],
  ['a scan', () => table.scan(), 1, 0, 2, 0],
])('%s', async (_, work, calls, writeUnits, readUnits, storedBytes) => {
  const before = meter.tally()
  await work()
  const after = meter.tally()
  expect({
    calls: after.calls - before.calls,
    writeUnits: after.writeUnits - before.writeUnits,
    readUnits: after.readUnits - before.readUnits,
    storedBytes: after.storedBytes - before.storedBytes,
  }).toEqual({ calls, writeUnits, readUnits, storedBytes })
})
