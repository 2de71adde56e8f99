/** Tables of an earlier release get the index that they lack, with the rows that are there; a second start changes nothing. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createTables } from '../../../functions/aws/create-tables.ts'
import { createDynamoClient, dynamoTable } from '../../../functions/aws/dynamodb.ts'
import { dynamoSubjectFinder } from '../../../functions/aws/subject-finder.ts'
import { startEngine } from '../../../infra/local/engine/engine.ts'
import type { Engine } from '../../../infra/local/engine/process.ts'
import { tables } from '../../../infra/tables.ts'

let engine: Engine
beforeAll(async () => {
  engine = await startEngine()
})
afterAll(() => engine?.stop())

it('adds an index to a table from before it', async () => {
  const client = createDynamoClient({ region: 'eu-north-1', endpoint: engine.endpoint })
  const old = tables.map((table) => ({ ...table, indexes: [] }))
  await createTables(client, old)
  const vault = dynamoTable(client, 'vault')
  const stating = { pk: 'one', sk: 'subject', values: { holder: 'h', year: 2026 } }
  await vault.insert([stating, { pk: 'old', sk: 'subject', values: { year: 2025 } }])
  const finder = dynamoSubjectFinder(client, 'vault')
  await expect(finder.find('h')).rejects.toMatchObject({ code: 'internal' })
  for (let start = 0; start < 2; start++) await createTables(client, tables)
  expect(await finder.find('h')).toEqual([{ pk: 'one', sk: 'subject' }])
  await vault.insert([{ pk: 'two', sk: 'subject', values: { holder: 'g' } }])
  expect(await finder.find('g')).toEqual([{ pk: 'two', sk: 'subject' }])
  expect(await vault.get([stating])).toEqual([stating])
  client.destroy()
})
