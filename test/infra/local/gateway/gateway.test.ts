/** The local gateway over real sockets: what handlers get, what clients get, and what neither may see. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { APIGatewayProxyEventV2, APIGatewayProxyResultV2, Context } from 'aws-lambda'
import { afterEach, describe, expect, it, test } from 'vitest'
import { servedRoutes } from '../../../../functions/served-routes.ts'
import { handlersFor } from '../../../../infra/local/gateway/handlers.ts'
import type { Gateway, GatewayFault, Handler } from '../../../../infra/local/gateway/options.ts'
import { fallback, routeKey } from '../../../../shared/api/route-key.ts'
import type { Route } from '../../../../shared/api/routes.ts'
import { echo, endGateways, head, raw, returning, start } from '../../../support/raw-gateway.ts'
import { timeLimits } from '../../../support/time-limits.ts'

const table = servedRoutes
const epoch = Date.UTC(2026, 2, 5, 9, 8, 7, 654)
/** A limit of the gateway that a test would notice if it were waited for: it is longer than any test may take. */
const longerThanTests = 2 * timeLimits.testTimeout

afterEach(endGateways)

async function eventOf(gateway: Gateway, path: string, init?: RequestInit): Promise<APIGatewayProxyEventV2> {
  return JSON.parse(await (await fetch(gateway.url + path, init)).text())
}

async function rawEvent(gateway: Gateway, ...parts: string[]): Promise<APIGatewayProxyEventV2> {
  const answer = await (await raw(gateway, ...parts)).until('\r\n\r\n{')
  return JSON.parse(Buffer.from(answer.slice(answer.indexOf('\r\n\r\n{')), 'latin1').toString())
}

describe('the event', () => {
  it('is what API Gateway sends', async () => {
    const gateway = await start(echo, { clock: () => epoch, uuid: () => 'id-1' })
    const event = await rawEvent(
      gateway,
      head(
        'POST /v1/controllers/acme/policies/privacy%20%C3%A5/versions?a=1&b=x%26y+z&a=2&a=&c',
        'User-Agent: probe/1',
        'Content-Type: application/json; charset=utf-8',
        'X-Tag: one',
        'x-tag:  two ',
        'Cookie: s=1; t="a b"',
        'cookie: u=%20;',
        'X-Forwarded-For: 203.0.113.9',
        'Connection: keep-alive',
        'Content-Length: 10',
      ),
      '{"a":"\xc3\xa5"}',
    )
    const key = 'POST /v1/controllers/{controller}/policies/{policyId}/versions'
    expect(event).toEqual({
      version: '2.0',
      routeKey: key,
      rawPath: '/v1/controllers/acme/policies/privacy å/versions',
      rawQueryString: 'a=1&b=x%26y+z&a=2&a=&c',
      cookies: ['s=1', 't="a b"', 'u=%20'],
      headers: {
        host: 'ledger.test',
        'user-agent': 'probe/1',
        'content-type': 'application/json; charset=utf-8',
        'content-length': '10',
        'x-tag': 'one,two',
        'x-forwarded-for': '203.0.113.9, 127.0.0.1',
        'x-forwarded-port': String(gateway.port),
        'x-forwarded-proto': 'http',
      },
      queryStringParameters: { a: '1,2,', b: 'x&y z', c: '' },
      pathParameters: { controller: 'acme', policyId: 'privacy å' },
      requestContext: {
        accountId: '000000000000',
        apiId: 'local',
        domainName: '127.0.0.1',
        domainPrefix: '127',
        http: {
          method: 'POST',
          path: '/v1/controllers/acme/policies/privacy å/versions',
          protocol: 'HTTP/1.1',
          sourceIp: '127.0.0.1',
          userAgent: 'probe/1',
        },
        requestId: 'id-1',
        routeKey: key,
        stage: '$default',
        time: '05/Mar/2026:09:08:07 +0000',
        timeEpoch: epoch,
      },
      body: '{"a":"å"}',
      isBase64Encoded: false,
    })
  })

  it('leaves out absent parts', async () => {
    const event = await eventOf(await start(echo), '/openapi.json')
    for (const absent of ['body', 'cookies', 'queryStringParameters', 'pathParameters'])
      expect(event).not.toHaveProperty(absent)
    expect(event.rawQueryString).toBe('')
    expect(event.isBase64Encoded).toBe(false)
    expect(event.headers['content-length']).toBe('0')
  })

  it('takes the source address from the socket alone', async () => {
    const claims = { 'x-forwarded-for': '10.0.0.1', forwarded: 'for=10.0.0.1', 'x-real-ip': '10.0.0.1' }
    const event = await eventOf(await start(echo), '/openapi.json', { headers: claims })
    expect(event.requestContext.http.sourceIp).toBe('127.0.0.1')
  })

  it('writes an IPv4 address in IPv4 form on an IPv6 socket', async () => {
    const gateway = await start(echo, { host: '::' })
    const event = await rawEvent(gateway, head('GET /openapi.json'))
    expect(event.requestContext.http.sourceIp).toBe('127.0.0.1')
    expect(gateway.url).toBe(`http://[::1]:${gateway.port}`)
  })

  const bodies: [string, string | undefined, Uint8Array, string, boolean][] = [
    ['JSON', 'application/json', Buffer.from('{"å":1}'), '{"å":1}', false],
    ['JSON in capitals', 'Application/JSON;charset=UTF-8', Buffer.from('1'), '1', false],
    ['text', 'text/plain;charset=UTF-8', Buffer.from('\ufeffå'), '\ufeffå', false],
    ['XML', 'application/xml', Buffer.from('<a/>'), '<a/>', false],
    ['JSON that is not UTF-8', 'application/json', Buffer.from([0x22, 0xff, 0x22]), 'Iv8i', true],
    ['a surrogate in UTF-8', 'text/plain', Buffer.from([0xed, 0xa0, 0x80]), '7aCA', true],
    ['a form', 'application/x-www-form-urlencoded', Buffer.from('a=1'), 'YT0x', true],
    ['bytes', 'application/octet-stream', Buffer.from('abc'), 'YWJj', true],
    ['another type that ends in json', 'application/ld+json', Buffer.from('{}'), 'e30=', true],
    ['no type', undefined, Buffer.from('{}'), 'e30=', true],
  ]
  test.each(bodies)('holds a body of %s', async (_name, type, bytes, body, isBase64Encoded) => {
    const headers: Record<string, string> = type === undefined ? {} : { 'content-type': type }
    const event = await eventOf(await start(echo), '/v1/events', {
      method: 'POST',
      headers,
      body: new Uint8Array(bytes),
    })
    expect({ body: event.body, isBase64Encoded: event.isBase64Encoded }).toEqual({ body, isBase64Encoded })
  })

  it('holds a body that came in chunks, with its length', async () => {
    const line = head('POST /v1/events', 'Content-Type: text/plain', 'Transfer-Encoding: chunked')
    const event = await rawEvent(await start(echo), line, '3\r\nabc\r\n', '2\r\nde\r\n0\r\n\r\n')
    expect(event.body).toBe('abcde')
    expect(event.headers['content-length']).toBe('5')
    expect(event.headers).not.toHaveProperty('transfer-encoding')
  })

  it('keeps names such as `constructor` as own properties', async () => {
    const gateway = await start(async (event) => ({
      body: JSON.stringify([Object.entries(event.queryStringParameters ?? {}), event.headers.constructor]),
      statusCode: 200,
    }))
    const answer = await raw(gateway, head('GET /openapi.json?__proto__=1&constructor=2&__proto__=3', 'Constructor: c'))
    expect(await answer.until('["__proto__"')).toContain('[[["__proto__","1,3"],["constructor","2"]],"c"]')
  })
})

describe('routing', () => {
  const keyOf: Handler = async ({ routeKey: key }) => ({ statusCode: 200, headers: { 'x-route': key }, body: key })
  /** Method, path, and the route that answers. */
  const cases: [string, string, string][] = [
    ['POST', '/v1/events', 'POST /v1/events'],
    ['POST', '/v1/events?x=/v1/me/events', 'POST /v1/events'],
    ['GET', '/v1/notices/privacy', 'GET /v1/notices/{policyId}'],
    ['OPTIONS', '/v1/notices/privacy', 'OPTIONS /v1/notices/{policyId}'],
    ['OPTIONS', '/v1/events', 'OPTIONS /v1/events'],
    ['OPTIONS', '/v1/audit/proofs', '$default'],
    ['GET', '/v1/events', '$default'],
    ['DELETE', '/v1/notices/privacy', '$default'],
    ['HEAD', '/openapi.json', 'HEAD /openapi.json'],
    ['GET', '/openapi.json/', '$default'],
    ['GET', '/OpenAPI.json', '$default'],
    ['GET', '/v1/notices/', '$default'],
    ['GET', '/v1/notices/a/b', '$default'],
    ['GET', '/v1/notices/a%2Fb', '$default'],
    ['GET', '/%76%31/notices/x', 'GET /v1/notices/{policyId}'],
    ['GET', '//v1/notices/x', '$default'],
    ['GET', '/', 'GET /'],
    ['GET', '//', '$default'],
    ['GET', '/v1/controllers/a/policies/versions', 'GET /v1/controllers/{controller}/policies/{policyId}'],
    ['GET', '/v1/controllers/a/policies/p/versions', 'GET /v1/controllers/{controller}/policies/{policyId}/versions'],
    ['GET', '/v1/controllers/a/policies/p/diff', 'GET /v1/controllers/{controller}/policies/{policyId}/diff'],
    ['GET', '/v1/controllers//policies/p', '$default'],
  ]
  test('finds the route of each request', async () => {
    const gateway = await start(keyOf)
    const found = []
    for (const [method, path] of cases) {
      const answer = await raw(gateway, head(`${method} ${path}`, 'Connection: close'))
      found.push([method, path, /^x-route: (.*)$/m.exec(await answer.ended)?.[1]])
    }
    expect(found).toEqual(cases)
  })

  test('calls each route by its own handler', async () => {
    const called =
      (name: string): Handler =>
      async (event) => ({ statusCode: 200, body: `${name} ${event.routeKey}` })
    const gateway = await start(keyOf, { handlers: handlersFor(called) })
    for (const route of table.filter((r) => r.path !== '$default')) {
      const path = route.path.replaceAll(/\{\w+\+?\}/g, 'x')
      const answer = await fetch(gateway.url + path, { method: route.method })
      const text = `${route.handler} ${routeKey(route)}`
      expect(await answer.text()).toBe(route.method === 'HEAD' ? '' : text)
    }
  })

  const route = (method: Route['method'], path: string): Route => ({ ...fallback, id: path, method, path })
  const competing = [
    route('GET', '/a/{x}'),
    route('ANY', '/a/b'),
    route('GET', '/{y}/b/c'),
    route('GET', '/a/{x}/d'),
    route('POST', '/a/b'),
  ]
  test.each([
    ['GET', '/a/b', 'ANY /a/b'],
    ['POST', '/a/b', 'POST /a/b'],
    ['GET', '/a/c', 'GET /a/{x}'],
    ['GET', '/a/b/c', 'GET /{y}/b/c'],
    ['GET', '/a/b/d', 'GET /a/{x}/d'],
  ])('prefers what is literal: %s %s', async (method, path, key) => {
    const gateway = await start(keyOf, { routes: competing })
    expect(await (await fetch(gateway.url + path, { method })).text()).toBe(key)
  })

  test('answers 404 without a $default route', async () => {
    const answer = await fetch(`${(await start(keyOf, { routes: competing })).url}/nowhere`)
    expect([answer.status, await answer.text()]).toEqual([404, '{"message":"Not Found"}'])
  })

  test.each<[number, string, RequestInit, Handler]>([
    [400, '/v1/notices/%zz', {}, keyOf],
    [404, '/nowhere', {}, keyOf],
    [413, '/v1/events', { method: 'POST', body: 'more than ten bytes' }, keyOf],
    [500, '/v1/events', { method: 'POST' }, () => Promise.reject(new Error('it failed'))],
    [503, '/v1/events', { method: 'POST' }, () => new Promise(() => {})],
  ])('lets a page of any origin read its own refusal %i', async (status, path, init, handler) => {
    const limits = { bodyBytes: 10, handlerMs: 20, drainMs: 0 }
    const gateway = await start(handler, { routes: [route('POST', '/v1/events')], limits })
    const { headers, status: answered } = await fetch(gateway.url + path, {
      ...init,
      headers: { origin: 'https://a.example' },
    })
    expect([answered, headers.get('access-control-allow-origin')]).toEqual([status, 'https://a.example'])
    expect(headers.get('vary')).toBe('origin')
  })

  test('refuses a table in which two routes are one', async () => {
    const twice = [route('GET', '/a/{x}'), route('GET', '/a/{y}')]
    await expect(start(keyOf, { routes: twice })).rejects.toThrow('GET /a/{y}')
  })

  test.each(['/v1/notices/%', '/v1/notices/%zz', '/v1/notices/%C3', '/v1/notices/%ED%A0%80'])(
    'answers 400 to %s',
    async (path) => {
      let called = false
      const gateway = await start(async () => {
        called = true
        return ''
      })
      const answer = await (await raw(gateway, head(`GET ${path}`, 'Connection: close'))).ended
      expect(answer).toMatch(/^HTTP\/1.1 400 Bad Request\r\n/)
      expect(answer).toContain('{"message":"Bad Request"}')
      expect(called).toBe(false)
    },
  )

  test('takes the path from a target in absolute form, and no other form', async () => {
    const gateway = await start(keyOf)
    const absolute = await raw(gateway, head('GET http://elsewhere.test/v1/notices/x?y', 'Connection: close'))
    expect(await absolute.ended).toContain('GET /v1/notices/{policyId}')
    expect(await (await raw(gateway, head('OPTIONS *', 'Connection: close'))).ended).toMatch(/^HTTP\/1.1 400 /)
  })
})

describe('the answer', () => {
  const json = 'application/json'
  const text = 'text/plain; charset=utf-8'
  const cases: [string, unknown, number, string, string | null][] = [
    ['a string', 'hållo', 200, 'hållo', json],
    ['an object without status', { hello: 'å' }, 200, '{"hello":"å"}', json],
    ['an array', [1], 200, '[1]', json],
    ['a number', 7, 200, '7', json],
    ['a status alone', { statusCode: 202 }, 202, '', text],
    ['a body without type', { statusCode: 200, body: 'å' }, 200, 'å', text],
    ['a type of its own', { statusCode: 418, headers: { 'Content-Type': 'a/b' }, body: 'x' }, 418, 'x', 'a/b'],
    [
      'base64',
      { statusCode: 200, headers: { 'content-type': 'a/b' }, body: 'w6U=', isBase64Encoded: true },
      200,
      'å',
      'a/b',
    ],
    ['no content', { statusCode: 204, body: '' }, 204, '', text],
    ['an error of its own', { statusCode: 503, body: 'x' }, 503, 'x', text],
  ]
  test.each(cases)('of %s', async (_name, result, status, body, type) => {
    const answer = await fetch(`${(await start(returning(result))).url}/openapi.json`)
    expect([answer.status, answer.headers.get('content-type'), await answer.text()]).toEqual([status, type, body])
    expect(answer.headers.get('content-length')).toBe(status === 204 ? null : String(Buffer.byteLength(body)))
  })

  it('has the headers and each cookie', async () => {
    const result = {
      statusCode: 200,
      headers: {
        'X-A': 'a',
        'x-n': 1,
        'x-b': true,
        'Content-Length': '999',
        connection: 'upgrade',
        'transfer-encoding': 'x',
      },
      cookies: ['a=1; Path=/', 'b=2'],
      body: 'ok',
    }
    const answer = await fetch(`${(await start(returning(result), { uuid: () => 'id-1' })).url}/openapi.json`)
    expect(await answer.text()).toBe('ok')
    expect(answer.headers.getSetCookie()).toEqual(['a=1; Path=/', 'b=2'])
    const shown = ['x-a', 'x-n', 'x-b', 'content-length', 'connection', 'transfer-encoding', 'apigw-requestid']
    expect(shown.map((name) => answer.headers.get(name))).toEqual(['a', '1', 'true', '2', 'keep-alive', null, 'id-1'])
  })

  const loop: Record<string, unknown> = {}
  loop.self = loop
  const failures: [string, Handler][] = [
    ['throws', async () => Promise.reject(new Error('s3cr3t'))],
    [
      'throws at once',
      () => {
        throw new Error('s3cr3t')
      },
    ],
    ['returns nothing', returning(undefined)],
    ['returns null', returning(null)],
    ['returns a cycle', returning(loop)],
    ['returns a function', returning(() => 's3cr3t')],
    ['returns a status in words', returning({ statusCode: 'OK', body: 's3cr3t' })],
    ['returns a status as text', returning({ statusCode: '200', body: 's3cr3t' })],
    ['returns status 0', returning({ statusCode: 0 })],
    ['returns status 101', returning({ statusCode: 101 })],
    ['returns status 600', returning({ statusCode: 600 })],
    ['returns status NaN', returning({ statusCode: Number.NaN })],
    ['returns an object as body', returning({ statusCode: 200, body: { s3cr3t: 1 } })],
    ['returns headers with lists', returning({ statusCode: 200, headers: { a: ['s3cr3t'] } })],
    ['returns a header that would split', returning({ statusCode: 200, headers: { a: 's3cr3t\r\nX-Injected: 1' } })],
    ['returns a header name that is none', returning({ statusCode: 200, headers: { 'a b': 's3cr3t' } })],
    ['returns a cookie that would split', returning({ statusCode: 200, cookies: ['a=s3cr3t\r\nX-Injected: 1'] })],
    ['returns cookies that are no list', returning({ statusCode: 200, cookies: 's3cr3t=1' })],
    ['returns base64 that is none', returning({ statusCode: 200, body: 's3cr3t !', isBase64Encoded: true })],
    ['returns more than 6 MB', returning({ statusCode: 200, body: 'x'.repeat(6_291_556) })],
    ['returns more than 6 MB once escaped', returning({ statusCode: 200, body: '"'.repeat(3_200_000) })],
    ['returns an object of more than 6 MB', returning({ big: 'x'.repeat(6_291_556) })],
  ]
  test.each(failures)('is 500 if a handler %s', async (_name, handler) => {
    const faults: GatewayFault[] = []
    const gateway = await start(handler, { log: (fault) => faults.push(fault), uuid: () => 'id-1' })
    const answer = await raw(gateway, head('GET /openapi.json', 'Connection: close'))
    const received = await answer.ended
    expect(received).toMatch(/^HTTP\/1.1 500 Internal Server Error\r\n/)
    expect(received).toMatch(/\r\n\r\n\{"message":"Internal Server Error"\}$/)
    expect(received).not.toMatch(/s3cr3t|injected/i)
    expect(faults).toMatchObject([{ requestId: 'id-1', routeKey: 'GET /openapi.json', fault: 'failed' }])
    expect(faults[0]?.error).toBeInstanceOf(Error)
  })

  it('may have just under 6 MB', async () => {
    const answer = await fetch(`${(await start(returning({ statusCode: 200, body: 'x'.repeat(6_291_000) }))).url}/x`)
    expect((await answer.text()).length).toBe(6_291_000)
  })

  it('is 503 after the time limit, whatever the handler returns later', async () => {
    const faults: GatewayFault[] = []
    const late = Promise.withResolvers<APIGatewayProxyResultV2>()
    const gateway = await start(() => late.promise, { log: (fault) => faults.push(fault), limits: { handlerMs: 50 } })
    const answer = await fetch(`${gateway.url}/openapi.json`)
    expect([answer.status, await answer.text()]).toEqual([503, '{"message":"Service Unavailable"}'])
    expect(faults.map((f) => f.fault)).toEqual(['timed-out'])
    late.resolve('late')
    await sleep(10)
    expect(faults).toHaveLength(1)
  })

  it('is dropped when the client has left, and the next client is served', async () => {
    const result = Promise.withResolvers<APIGatewayProxyResultV2>()
    let calls = 0
    const gateway = await start(async () => (calls++ === 0 ? result.promise : 'second'))
    const gone = await raw(gateway, head('GET /openapi.json'))
    while (calls === 0) await sleep(5)
    gone.socket.destroy()
    await sleep(20)
    result.resolve('first')
    expect(await (await fetch(`${gateway.url}/openapi.json`)).text()).toBe('second')
  })

  it('keeps its order on one connection, also when requests are sent ahead', async () => {
    let calls = 0
    const gateway = await start(async (event) => {
      await sleep(calls++ === 0 ? 40 : 0)
      return { statusCode: 200, body: `[${event.rawQueryString}]` }
    })
    const answer = await raw(gateway, head('GET /x?1'), head('GET /x?2'), head('GET /x?3', 'Connection: close'))
    expect((await answer.ended).match(/\[\d\]/g)).toEqual(['[1]', '[2]', '[3]'])
  })
})

describe('the context', () => {
  it('describes the invocation', async () => {
    let now = epoch
    let seen: Context | undefined
    const gateway = await start(
      async (_event, context) => {
        seen = context
        now += 1_000
        const { getRemainingTimeInMillis } = context
        return { statusCode: 200, body: String(getRemainingTimeInMillis()) }
      },
      { clock: () => now },
    )
    const answer = await fetch(`${gateway.url}/v1/events`, { method: 'POST' })
    expect(await answer.text()).toBe('29000')
    expect(seen).toMatchObject({ functionName: 'consent-ledger-ingest', functionVersion: '$LATEST' })
    expect(seen?.invokedFunctionArn).toMatch(/:function:consent-ledger-ingest$/)
    expect(seen?.awsRequestId).toMatch(/^[0-9a-f-]{36}$/)
    expect(seen?.awsRequestId).not.toBe(answer.headers.get('apigw-requestid'))
    expect(Number(seen?.memoryLimitInMB)).toBeGreaterThan(0)
    now += 60_000
    expect(seen?.getRemainingTimeInMillis()).toBe(0)
    expect(() => seen?.done()).toThrow(/promise/)
  })
})

describe('the body limit', () => {
  const megabyte = 'x'.repeat(2 ** 20)
  const refusal = '{"message":"Request Entity Too Large"}'
  let calls = 0
  const count: Handler = async (event) => {
    calls++
    return { statusCode: 200, body: String(event.body?.length) }
  }
  /** A table whose routes allow as much as API Gateway does. */
  const roomy = { routes: table.map((route) => ({ ...route, maxBodyBytes: 10 * 2 ** 20 })) }

  it('lets 10 MB pass', async () => {
    const answer = await fetch(`${(await start(count, roomy)).url}/v1/events`, {
      method: 'POST',
      headers: { 'content-type': 'text/plain' },
      body: megabyte.repeat(10),
    })
    expect(await answer.text()).toBe(String(10 * 2 ** 20))
  })

  it('is applied to the declared length, before any of the body is read', async () => {
    calls = 0
    const answer = await raw(await start(count), head('POST /v1/events', `Content-Length: ${10 * 2 ** 20 + 1}`))
    const received = await answer.until(refusal)
    expect(received).toMatch(/^HTTP\/1.1 413 [\s\S]*\r\nconnection: close\r\n/i)
    expect(await answer.ended).toBe(received)
    expect(calls).toBe(0)
  })

  it('is applied before the body is asked for', async () => {
    const line = head('POST /v1/events', 'Content-Length: 99999999', 'Expect: 100-continue')
    const gateway = await start(count)
    expect(await (await raw(gateway, line)).until(refusal)).not.toContain('100 Continue')
    const small = head('POST /v1/events', 'Content-Type: text/plain', 'Content-Length: 3', 'Expect: 100-continue')
    const asked = await raw(gateway, small)
    await asked.until('100 Continue')
    asked.socket.write('abc')
    await asked.until('\r\n\r\n3')
  })

  it('is applied to a client that keeps sending chunks', async () => {
    calls = 0
    const gateway = await start(count, roomy)
    const answer = await raw(gateway, head('POST /v1/events', 'Transfer-Encoding: chunked'))
    const chunk = `100000\r\n${megabyte}\r\n`
    for (let i = 0; i < 10; i++) answer.socket.write(chunk)
    await sleep(50)
    expect(answer.received()).toBe('')
    for (let i = 0; i < 30; i++) answer.socket.write(chunk)
    answer.socket.write('0\r\n\r\n')
    expect(await answer.ended).toMatch(/^HTTP\/1.1 413 [\s\S]*"Request Entity Too Large"\}$/)
    expect(calls).toBe(0)
  })

  it('ends the body where it was declared to end', async () => {
    const gateway = await start(async (event) => ({ statusCode: 200, body: `[${event.routeKey} ${event.body}]` }))
    const first = head('POST /v1/events', 'Content-Type: text/plain', 'Content-Length: 3')
    const received = await (await raw(gateway, first, `abc${head('GET /openapi.json', 'Connection: close')}`)).ended
    expect(received.match(/\[.*\]/g)).toEqual(['[POST /v1/events abc]', '[GET /openapi.json undefined]'])
  })
})

describe('the head', () => {
  it('is refused beyond 10,240 bytes', async () => {
    let calls = 0
    const gateway = await start(async () => {
      calls++
      return 'ok'
    })
    const over = await raw(gateway, head('GET /openapi.json', `X: ${'x'.repeat(10_240)}`))
    expect(await over.ended).toMatch(/^HTTP\/1.1 431 /)
    expect(calls).toBe(0)
    const under = await raw(gateway, head('GET /openapi.json', `X: ${'x'.repeat(10_000)}`, 'Connection: close'))
    expect(await under.ended).toMatch(/^HTTP\/1.1 200 /)
  })

  it('keeps every header, however many', async () => {
    const many = [...new Array(2_500).keys()].map((i) => `x:${i % 10}`)
    const event = await rawEvent(await start(echo), head('GET /openapi.json', ...many))
    expect(event.headers.x?.split(',')).toHaveLength(2_500)
  })

  it('is refused when its length is ambiguous', async () => {
    const gateway = await start(echo)
    const both = head('POST /v1/events', 'Content-Length: 3', 'Transfer-Encoding: chunked')
    expect(await (await raw(gateway, both, '0\r\n\r\n')).ended).toMatch(/^HTTP\/1.1 400 /)
  })
})

describe('close', () => {
  it('lets a request in flight finish, and accepts no other', async () => {
    const release = Promise.withResolvers<void>()
    const started = Promise.withResolvers<void>()
    const gateway = await start(async () => {
      started.resolve()
      await release.promise
      return 'done'
    })
    const answer = await raw(gateway, head('GET /openapi.json'))
    await started.promise
    const closed = gateway.close()
    expect(gateway.close()).toBe(closed)
    await expect(fetch(`${gateway.url}/openapi.json`)).rejects.toThrow()
    release.resolve()
    await closed
    expect(await answer.ended).toMatch(/\r\nconnection: close\r\n[\s\S]*done$/i)
  })

  it('waits for a handler whose client has left', async () => {
    const started = Promise.withResolvers<void>()
    let finished = false
    const gateway = await start(async () => {
      started.resolve()
      await sleep(60)
      finished = true
      return ''
    })
    const answer = await raw(gateway, head('GET /openapi.json'))
    await started.promise
    answer.socket.destroy()
    await sleep(10)
    await gateway.close()
    expect(finished).toBe(true)
  })

  it('does not wait for a client that left within its body', async () => {
    const gateway = await start(async () => 'ok', { limits: { drainMs: longerThanTests } })
    const answer = await raw(gateway, head('POST /v1/events', 'Content-Length: 100', 'Expect: 100-continue'))
    await answer.until('100 Continue')
    answer.socket.destroy()
    await gateway.close()
  })

  it('cuts idle connections at once: kept alive, silent, and half a head', async () => {
    const gateway = await start(async () => 'ok', { limits: { drainMs: longerThanTests } })
    const kept = await raw(gateway, head('GET /openapi.json'))
    await kept.until('ok')
    const silent = await raw(gateway)
    const half = await raw(gateway, 'GET / HTTP/1.1\r\nHo')
    await sleep(20)
    await gateway.close()
    await Promise.all([kept.ended, silent.ended, half.ended])
  })

  it('waits no longer than its limit', async () => {
    const started = Promise.withResolvers<void>()
    const gateway = await start(
      () => {
        started.resolve()
        return new Promise(() => {})
      },
      { limits: { drainMs: 50, handlerMs: longerThanTests } },
    )
    const answer = await raw(gateway, head('GET /openapi.json'))
    await started.promise
    await gateway.close()
    expect(await answer.ended).toBe('')
  })
})

test('a port that is taken is an error', async () => {
  const gateway = await start(echo)
  await expect(start(echo, { port: gateway.port })).rejects.toThrow('EADDRINUSE')
})
