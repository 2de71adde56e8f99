/** DynamoDB Local listens on all interfaces. It answers programs at 127.0.0.1, and refuses other addresses. */
import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startDynamoDbLocal } from '../../infra/local/engine/dynamodb-local.ts'
import type { Engine } from '../../infra/local/engine/process.ts'

let engine: Engine
beforeAll(async () => {
  engine = await startDynamoDbLocal()
})
afterAll(() => engine.stop())

/** 127.0.0.2 is this machine as well; to Java it is as foreign as any other address. */
async function ask(localAddress: string, origin?: string): Promise<IncomingMessage> {
  const asked = get(engine.endpoint, { localAddress, agent: false, headers: origin === undefined ? {} : { origin } })
  const [response] = (await once(asked, 'response')) as [IncomingMessage]
  response.resume()
  return response
}

it('answers 127.0.0.1 and refuses others', async () => {
  expect((await ask('127.0.0.1')).statusCode).toBe(400)
  await expect(ask('127.0.0.2')).rejects.toThrow(/socket hang up|ECONNRESET/)
  expect((await ask('127.0.0.1')).statusCode).toBe(400)
})

it.each(['http://localhost:8787', 'https://evil.example', 'null'])(
  'lets no page of %s read its answer',
  async (origin) => {
    expect((await ask('127.0.0.1', origin)).headers).not.toHaveProperty('access-control-allow-origin')
  },
)
