/** The call of the function `messages`, and the bus of messages, against a server that speaks AWS's protocols. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { eventBusMessages } from '../../../functions/aws/event-bus-messages.ts'
import { invokedMessages } from '../../../functions/aws/invoked-messages.ts'
import type { ReadyMessage } from '../../../shared/ledger/fan-out/message-source.ts'

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

interface Seen {
  readonly path: string | undefined
  readonly headers: IncomingMessage['headers']
  // biome-ignore lint/suspicious/noExplicitAny: JSON of any shape
  readonly body: any
}

async function service(
  answer: (seen: Seen, response: ServerResponse) => void,
): Promise<{ endpoint: string; seen: Seen[] }> {
  const seen: Seen[] = []
  const server = createServer(async (request, response) => {
    let text = ''
    for await (const chunk of request) text += chunk
    const one = { path: request.url, headers: request.headers, body: JSON.parse(text) }
    seen.push(one)
    answer(one, response)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  closing.push(() => server.close())
  return { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen }
}

const account = {
  region: 'eu-north-1',
  credentials: { accessKeyId: 'AKID', secretAccessKey: 'secret', sessionToken: 'session' },
}
const functionArn = 'arn:aws:lambda:eu-north-1:123456789012:function:messages:live'
const json = (response: ServerResponse, body: unknown, headers = {}) =>
  response.writeHead(200, headers).end(JSON.stringify(body))

describe('the function that makes messages', () => {
  it('is called by its ARN, signed, and its answer returned', async () => {
    const listed = [{ endpoint: 'crm', change: 1, isEnabled: true }]
    const { endpoint, seen } = await service((_, response) => json(response, listed))
    const source = invokedMessages({ ...account, functionArn, endpoint })
    expect(await source.endpoints('acme')).toEqual(listed)
    expect(seen[0]?.path).toBe(`/2015-03-31/functions/${encodeURIComponent(functionArn)}/invocations`)
    expect(seen[0]?.body).toEqual({ call: 'endpoints', controller: 'acme' })
    expect(seen[0]?.headers.authorization).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKID\/\d{8}\/eu-north-1\/lambda\/aws4_request/,
    )
    expect(seen[0]?.headers['x-amz-security-token']).toBe('session')
  })

  it('that threw makes the call unavailable, and its message is not repeated', async () => {
    const { endpoint } = await service((_, response) =>
      json(response, { errorMessage: 'kim@example.org' }, { 'x-amz-function-error': 'Unhandled' }),
    )
    const failing = invokedMessages({ ...account, functionArn, endpoint }).endpoints('acme')
    await expect(failing).rejects.toMatchObject({ code: 'unavailable' })
    await expect(failing).rejects.not.toThrow('kim')
  })

  it('is asked again when Lambda is busy', async () => {
    let calls = 0
    const { endpoint } = await service((_, response) =>
      calls++ === 0
        ? response.writeHead(429, { 'x-amzn-errortype': 'TooManyRequestsException:' }).end('{}')
        : json(response, []),
    )
    expect(
      await invokedMessages({ ...account, functionArn, endpoint, sleep: async () => {} }).endpoints('acme'),
    ).toEqual([])
    expect(calls).toBe(2)
  })
})

const message = (leaf: number): ReadyMessage => ({
  ...{ leaf, part: 0, id: `acme_bus_${leaf}_0`, lane: 'x', headers: {} },
  body: JSON.stringify({ type: 'consent.withdrawn', timestamp: '', data: { leaf } }),
})

describe('the bus', () => {
  it('takes ten at a time, and each succeeds or fails by itself', async () => {
    const { endpoint, seen } = await service(({ body }, response) =>
      json(response, {
        FailedEntryCount: 1,
        Entries: body.Entries.map(({ Detail }: { Detail: string }) =>
          JSON.parse(Detail).data.leaf === 3 ? { ErrorCode: 'InternalFailure' } : { EventId: 'e' },
        ),
      }),
    )
    const send = eventBusMessages({ ...account, bus: 'ours', endpoint })
    const attempts = await Promise.all(Array.from({ length: 23 }, (_, leaf) => send('bus:', message(leaf))))
    expect(seen.map(({ body }) => body.Entries.length)).toEqual([10, 10, 3])
    expect(attempts.flatMap(({ isDelivered }, leaf) => (isDelivered ? [] : [leaf]))).toEqual([3])
    expect(seen[0]?.body.Entries[0]).toMatchObject({
      ...{ EventBusName: 'ours', Source: 'consent-ledger', DetailType: 'consent.withdrawn' },
    })
  })

  it('that refuses or cannot be reached leaves the messages undelivered', async () => {
    const { endpoint } = await service((_, response) => response.writeHead(400).end('{}'))
    expect(await eventBusMessages({ ...account, bus: 'ours', endpoint })('bus:', message(1))).toMatchObject({
      ...{ isDelivered: false, status: 400 },
    })
    const nowhere = eventBusMessages({ ...account, bus: 'ours', endpoint: 'http://127.0.0.1:9' })
    expect(await nowhere('bus:', message(1))).toEqual({ isDelivered: false, error: 'bus-unreachable' })
  })
})
