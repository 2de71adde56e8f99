/** The table adapter through the engine's own client answers as through the SDK's, on the same tables of one engine; and what fails is told apart. */

import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { GetItemCommand } from '@aws-sdk/client-dynamodb'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { createTables } from '../../../../functions/aws/create-tables.ts'
import { createDynamoClient, type DynamoCall, dynamoTable } from '../../../../functions/aws/dynamodb.ts'
import { startDynoxide } from '../../../../infra/local/engine/dynoxide.ts'
import { type EngineClient, engineClient } from '../../../../infra/local/engine/engine-client.ts'
import type { Engine } from '../../../../infra/local/engine/process.ts'
import { tables } from '../../../../infra/tables.ts'
import type { Item, Table } from '../../../../shared/ledger/store.ts'

let engine: Engine
let own: EngineClient
const sdk: { client?: ReturnType<typeof createDynamoClient> } = {}

beforeAll(async () => {
  engine = await startDynoxide()
  own = engineClient(engine.endpoint)
  sdk.client = createDynamoClient({ region: 'eu-north-1', endpoint: engine.endpoint })
  const [entries] = tables.filter(({ name }) => name === 'entries')
  for (const prefix of ['own-', 'sdk-']) await createTables(sdk.client, entries ? [entries] : [], prefix)
})
afterAll(async () => {
  own.destroy()
  sdk.client?.destroy()
  await engine.stop()
})

const values: Item['values'] = {
  bytes: Uint8Array.from({ length: 300 }, (_, n) => n),
  empty: new Uint8Array(0),
  text: 'å "quoted" \\ \u{1f512}',
  year: 2026,
}
const itemOf = (pk: string, n: number): Item => ({ pk, sk: `event#${n}`, values })

/** Everything that the port can be asked for, with what came of it and the calls that it took. */
async function story(table: Table): Promise<unknown> {
  const one = itemOf('one', 0)
  const many = Array.from({ length: 30 }, (_, n) => itemOf('many', n))
  return [
    await table.insert([one]),
    await table.insert([one]),
    await table.insert(many),
    // The transaction is cancelled, and the batches insert what is new.
    await table.insert([...many.slice(0, 3), itemOf('many', 99)]),
    await table.get([one]),
    await table.get([one, itemOf('absent', 0), ...many]),
    await table.query('many', { limit: 7 }),
    await table.query('many', { after: 'event#5', descending: true, limit: 3 }),
    await table.query('absent'),
  ]
}

it.each([true, false])('answers as the SDK’s client does; inserts in transactions: %s', async (inTransactions) => {
  const calls: Record<'own' | 'sdk', DynamoCall[]> = { own: [], sdk: [] }
  const answers = await Promise.all(
    (['own', 'sdk'] as const).map((name) => {
      const client = name === 'own' ? own : sdk.client
      if (client === undefined) throw new Error('not started')
      return story(dynamoTable(client, `${name}-entries`, { inTransactions, onCall: (call) => calls[name].push(call) }))
    }),
  )
  expect(answers[0]).toEqual(answers[1])
  // Calls that are under way at the same time may end in any order.
  const inOrder = (made: readonly DynamoCall[]) => made.map((call) => JSON.stringify(call)).sort()
  expect(inOrder(calls.own)).toEqual(inOrder(calls.sdk))
  expect(JSON.stringify(answers[0])).toContain('exists')
})

let server: Server | undefined
afterEach(() => {
  server?.closeAllConnections()
  server?.close()
})

async function tableOn(listener: RequestListener, { timeoutMs = 100 } = {}): Promise<Table> {
  server = createServer(listener)
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const fast = { retryMs: 2_000, sleep: async () => {} }
  return dynamoTable(engineClient(`http://127.0.0.1:${port}`, timeoutMs), 'entries', fast)
}

const refuse = (status: number, type: string) => (response: Parameters<RequestListener>[1]) => {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' })
  response.end(JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${type}`, message: 'no' }))
}

it.each<[string, (response: Parameters<RequestListener>[1]) => void]>([
  ['500', refuse(500, 'InternalServerError')],
  ['throttling', refuse(400, 'ThrottlingException')],
  [
    'an answer that breaks off',
    (response) => {
      response.writeHead(200, { 'content-length': '100' })
      response.write('{"Item"')
      setTimeout(() => response.destroy(), 5)
    },
  ],
  ['no answer', (response) => void response.destroy()],
  ['an answer that does not come in time', () => {}],
])('tries again after %s', async (_, fails) => {
  let calls = 0
  const table = await tableOn((_request, response) => {
    if (++calls === 1) fails(response)
    else response.end('{}')
  })
  expect(await table.get([itemOf('a', 1)])).toEqual([undefined])
  expect(calls).toBe(2)
})

it('does not try again what the engine calls wrong', async () => {
  let calls = 0
  const table = await tableOn((_request, response) => {
    calls++
    refuse(400, 'ValidationException')(response)
  })
  await expect(table.get([itemOf('a', 1)])).rejects.toThrow()
  expect(calls).toBe(1)
})

it('gives each of many reads under way its own answer, also when connections break in between', async () => {
  let calls = 0
  let [open, mostOpen] = [0, 0]
  const table = await tableOn(
    async (request, response) => {
      mostOpen = Math.max(mostOpen, ++open)
      response.on('close', () => open--)
      const asked = JSON.parse((await request.toArray()).join(''))
      if (++calls % 50 === 0) return void request.socket.destroy()
      const pk = Object.values<{ S?: string }>(asked.ExpressionAttributeValues).find(({ S }) => S?.startsWith('pk '))
      setTimeout(() => response.end(JSON.stringify({ Items: [{ pk, sk: { S: 'x' } }] })), 2 + (calls % 3))
    },
    { timeoutMs: 5_000 },
  )
  const asked = Array.from({ length: 300 }, (_, n) => `pk ${n}`)
  const found = await Promise.all(asked.map((pk) => table.query(pk)))
  expect(found.map(({ items }) => items[0]?.pk)).toEqual(asked)
  expect(calls).toBeGreaterThanOrEqual(306)
  // There are eight connections.
  expect(mostOpen).toBeGreaterThan(8)
})

it('gives up one read and leaves the others on its connection', async () => {
  server = createServer(
    (request, response) => void request.resume().on('end', () => setTimeout(() => response.end('{}'), 20)),
  )
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve))
  const client = engineClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  const stop = new AbortController()
  const get = (options = {}) => client.send(new GetItemCommand({ TableName: 'x', Key: {} }), options)
  const asked = Array.from({ length: 40 }, (_, n) => get(n % 5 === 0 ? { abortSignal: stop.signal } : {}))
  stop.abort()
  const settled = await Promise.allSettled(asked)
  expect(settled.map(({ status }) => status)).toEqual(asked.map((_, n) => (n % 5 === 0 ? 'rejected' : 'fulfilled')))
  await expect(get({ abortSignal: stop.signal })).rejects.toMatchObject({ name: 'AbortError' })
  client.destroy()
})
