/** What strangers can make the gateway hold: bodies by route, large bodies together, connections; and whom it takes them for. */
import { connect, type Socket } from 'node:net'
import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { afterEach, describe, expect, it, test } from 'vitest'
import { routes } from '../../../../functions/served-routes.ts'
import { clientAddress } from '../../../../infra/local/gateway/client-address.ts'
import { startGateway } from '../../../../infra/local/gateway/gateway.ts'
import { handlersFor } from '../../../../infra/local/gateway/handlers.ts'
import type { Gateway, GatewayOptions, GatewayRefusal } from '../../../../infra/local/gateway/options.ts'
import { fallback, routeKey } from '../../../../shared/api/route-key.ts'
import type { Route } from '../../../../shared/api/routes.ts'

const kib = 1024
const open: { gateways: Gateway[]; sockets: Socket[] } = { gateways: [], sockets: [] }
afterEach(async () => {
  for (const socket of open.sockets.splice(0)) socket.destroy()
  await Promise.all(open.gateways.splice(0).map((gateway) => gateway.close()))
})

interface Seen {
  readonly gateway: Gateway
  readonly events: APIGatewayProxyEventV2[]
  readonly refusals: GatewayRefusal[]
}

/** Its handler answers 413 as the chain does: by the declared length. */
async function start(options: Partial<GatewayOptions> = {}, until?: Promise<void>): Promise<Seen> {
  const events: APIGatewayProxyEventV2[] = []
  const refusals: GatewayRefusal[] = []
  const handler = async (event: APIGatewayProxyEventV2) => {
    events.push(event)
    await until
    const { maxBodyBytes = 0 } = routes.find((route) => routeKey(route) === event.routeKey) ?? {}
    const isTooLong = Number(event.headers['content-length']) > maxBodyBytes && maxBodyBytes > 0
    return { statusCode: isTooLong ? 413 : 200, body: isTooLong ? 'too long' : 'ok' }
  }
  const gateway = await startGateway({
    routes: [...routes, fallback],
    handlers: handlersFor(() => handler),
    host: '127.0.0.1',
    port: 0,
    onRefusal: (kind) => refusals.push(kind),
    ...options,
  })
  open.gateways.push(gateway)
  return { gateway, events, refusals }
}

/** Sends the parts, and resolves with all that came back when the connection has ended or the wanted text is there. */
function exchange(gateway: Gateway, parts: readonly string[], wanted = '\r\n\r\n'): Promise<string> {
  const socket = connect(gateway.port, '127.0.0.1').setEncoding('latin1')
  open.sockets.push(socket)
  for (const part of parts) socket.write(part)
  return new Promise((resolve) => {
    let text = ''
    socket.on('data', (chunk) => {
      text += chunk
      if (text.includes(wanted)) resolve(text)
    })
    socket.on('error', () => {})
    socket.on('close', () => resolve(text))
  })
}

const concrete = (path: string) => path.replaceAll(/\{\w+\+?\}/g, 'x')
const head = (route: Pick<Route, 'method' | 'path'>, ...headers: string[]) =>
  `${[`${route.method} ${concrete(route.path)} HTTP/1.1`, 'host: x', ...headers].join('\r\n')}\r\n\r\n`
const chunked = (bytes: number) => `${bytes.toString(16)}\r\n${'x'.repeat(bytes)}\r\n`

const publish = routes.find((route) => route.id === 'publishVersion') as Route
const record = routes.find((route) => route.id === 'recordEvents') as Route

describe('a body', () => {
  test.each(routes.map((route) => [routeKey(route), route] as const))(
    'that is declared too long for %s is refused unread',
    async (_, route) => {
      const { gateway, events } = await start()
      const declared = Math.max(route.maxBodyBytes, 8 * kib) + 1
      const answer = await exchange(gateway, [head(route, `content-length: ${declared}`)], '\r\n\r\n')
      expect(answer).toMatch(route.maxBodyBytes > 0 ? /^HTTP\/1.1 413 / : /^HTTP\/1.1 200 /)
      expect(answer).toMatch(/\r\nconnection: close\r\n/i)
      expect(events.map(({ body, headers }) => [body, headers['content-length']])).toEqual([
        [undefined, String(declared)],
      ])
    },
  )

  it('that grows slowly beyond its limit is refused where it passes it, and the rest is never asked for', async () => {
    const { gateway, events } = await start()
    const parts = [head(record, 'transfer-encoding: chunked'), chunked(40 * kib), chunked(30 * kib)]
    expect(await exchange(gateway, parts, 'too long')).toMatch(/^HTTP\/1.1 413 /)
    expect(events[0]?.body).toBeUndefined()
    expect(Number(events[0]?.headers['content-length'])).toBeGreaterThan(record.maxBodyBytes)
  })

  it('that has exactly its limit is read', async () => {
    const { gateway, events } = await start()
    const body = 'x'.repeat(record.maxBodyBytes)
    const sent = [head(record, 'content-type: text/plain', `content-length: ${body.length}`), body]
    expect(await exchange(gateway, sent, 'ok')).toMatch(/^HTTP\/1.1 200 /)
    expect(events[0]?.body).toBe(body)
  })
})

describe('large bodies', () => {
  const half = 512 * kib
  const begun = (bytes: number) => [head(publish, 'content-length: 1000000'), 'x'.repeat(bytes)]

  it('share one budget: what does not fit is 503 at once, small bodies are read, and what was held is given back', async () => {
    const finish = Promise.withResolvers<void>()
    const { gateway, events, refusals } = await start({ limits: { largeBodiesBytes: 700 * kib } }, finish.promise)
    const whole = [head(publish, `content-length: ${half}`), 'x'.repeat(half)]
    const first = exchange(gateway, whole, 'ok')
    while (events.length === 0) await new Promise((resolve) => setImmediate(resolve))

    const second = await exchange(gateway, begun(half), 'Unavailable"')
    expect(second).toMatch(/^HTTP\/1.1 503 [\s\S]*\r\nretry-after: 1\r\n/)
    const small = exchange(gateway, [head(record, 'content-length: 2'), '{}'], 'ok')
    finish.resolve()
    expect(await small).toMatch(/^HTTP\/1.1 200 /)
    expect(await first).toMatch(/^HTTP\/1.1 200 /)
    expect(refusals).toEqual([503])

    expect(await exchange(gateway, whole, 'ok')).toMatch(/^HTTP\/1.1 200 /)
  })

  it('whose clients leave return their share of the budget', async () => {
    const { gateway } = await start({ limits: { largeBodiesBytes: 700 * kib } })
    for (let i = 0; i < 5; i++) {
      const socket = connect(gateway.port, '127.0.0.1')
      for (const part of begun(half)) socket.write(part)
      await new Promise((resolve) => socket.once('drain', resolve))
      socket.destroy()
    }
    const whole = [head(publish, `content-length: ${half}`), 'x'.repeat(half)]
    let answer = ''
    while (!answer.startsWith('HTTP/1.1 200')) answer = await exchange(gateway, whole, '\r\n\r\n')
    expect(answer).toContain(' 200 ')
  })
})

describe('connections', () => {
  const get = { method: 'GET', path: '/openapi.json' } as const

  it.each([
    ['of one address', { connectionsOfAddress: 3 }],
    ['of all', { connections: 3 }],
  ])('%s are bounded, and one that ends makes room', async (_, limits) => {
    const { gateway, refusals } = await start({ limits })
    const kept = await Promise.all([1, 2, 3].map(() => exchange(gateway, [head(get)], 'ok')))
    expect(kept.every((answer) => answer.startsWith('HTTP/1.1 200'))).toBe(true)
    expect(await exchange(gateway, [head(get)])).toBe('')
    expect(refusals).toEqual(['connection'])
    open.sockets[0]?.destroy()
    let answer = ''
    while (answer === '') answer = await exchange(gateway, [head(get)], 'ok')
    expect(answer).toMatch(/^HTTP\/1.1 200 /)
  })

  it('of a trusted proxy are not limited, because they carry many clients', async () => {
    const { gateway } = await start({ limits: { connectionsOfAddress: 1 }, trustedProxies: ['127.0.0.1'] })
    const answers = await Promise.all([1, 2, 3].map(() => exchange(gateway, [head(get)], 'ok')))
    expect(answers.map((answer) => answer.slice(0, 12))).toEqual(new Array(3).fill('HTTP/1.1 200'))
  })
})

describe('the address of the client', () => {
  const trusted = new Set(['127.0.0.1', '10.0.0.2'])
  const from = (remoteAddress: string, forwarded?: string) =>
    clientAddress({ socket: { remoteAddress } as Socket, headers: { 'x-forwarded-for': forwarded } }, trusted)

  test.each([
    ['the peer, where nothing is said', '203.0.113.7', undefined, '203.0.113.7'],
    ['the peer, if it is no proxy of ours', '203.0.113.7', '198.51.100.1', '203.0.113.7'],
    ['what our proxy says', '127.0.0.1', '198.51.100.1', '198.51.100.1'],
    ['what our proxy says, over a socket of IPv6', '::ffff:127.0.0.1', '2001:db8::1', '2001:db8::1'],
    ['the last that is no proxy of ours', '127.0.0.1', '198.51.100.9, 198.51.100.1, 10.0.0.2', '198.51.100.1'],
    ['the nearest proxy, if what it says is no address', '127.0.0.1', '198.51.100.1, unknown', '127.0.0.1'],
    ['our proxy itself, if it says nothing', '127.0.0.1', undefined, '127.0.0.1'],
    ['the first proxy, if all are ours', '127.0.0.1', '10.0.0.2', '10.0.0.2'],
  ])('is %s', (_, peer, forwarded, expected) => {
    expect(from(peer, forwarded)).toBe(expected)
  })
})
