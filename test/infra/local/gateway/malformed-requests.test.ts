/** What the local gateway answers to input that is not a readable HTTP request, over real sockets. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it, test } from 'vitest'
import { answerMalformed } from '../../../../infra/local/gateway/malformed-requests.ts'
import { echo, endGateways, head, raw, start } from '../../../support/raw-gateway.ts'

afterEach(endGateways)

describe('input that is not a request', () => {
  const get = 'GET /openapi.json HTTP/1.1\r\n'
  test.each<[string, string, number, string]>([
    ['an unknown method', head('FOO /v1/events'), 400, 'malformed-request'],
    ['a method in lower case', head('get /openapi.json'), 400, 'malformed-request'],
    ['CONNECT', head('CONNECT ledger.test:443'), 400, 'malformed-request'],
    ['no HTTP at all', '\x16\x03\x01\x02\x00\r\n\r\n', 400, 'malformed-request'],
    ['another version', 'GET /openapi.json HTTP/9.9\r\n\r\n', 400, 'malformed-request'],
    ['no host', `${get}\r\n`, 400, 'malformed-request'],
    ['a header without a name', `${get}: x\r\n\r\n`, 400, 'malformed-request'],
    ['a length that is none', head('POST /v1/events', 'Content-Length: x'), 400, 'malformed-request'],
    [
      'a chunk that is none',
      `${head('POST /v1/events', 'Transfer-Encoding: chunked')}xyz\r\n`,
      400,
      'malformed-request',
    ],
    [
      'an endless chunk extension',
      `${head('POST /v1/events', 'Transfer-Encoding: chunked')}2;${'x'.repeat(20_000)}\r\n`,
      413,
      'body-too-large',
    ],
    ['an expectation that nobody knows', head('GET /openapi.json', 'Expect: 200-ok'), 417, 'expectation-failed'],
    ['headers that are too long', head('GET /openapi.json', `X: ${'x'.repeat(10_240)}`), 431, 'head-too-large'],
    ['a target that is too long', head(`GET /${'x'.repeat(10_240)}`), 431, 'head-too-large'],
  ])('is answered by a problem document: %s', async (_, sent, status, code) => {
    const refusals: unknown[] = []
    const gateway = await start(echo, { onRefusal: (kind) => refusals.push(kind) })
    const { socket, until, ended } = await raw(gateway, sent)
    await until('\r\n\r\n')
    socket.end()
    const [top = '', body = ''] = (await ended).split('\r\n\r\n')
    expect(top).toMatch(new RegExp(`^HTTP/1.1 ${status} \\w`))
    for (const header of [
      'content-type: application/problem+json',
      'x-content-type-options: nosniff',
      'cache-control: no-store',
    ])
      expect(top).toContain(`\r\n${header}`)
    expect(top).toContain(`\r\ncontent-length: ${body.length}`)
    expect(JSON.parse(body)).toMatchObject({ status, code, title: expect.any(String) })
    expect(refusals).toEqual([status])
  })

  it('is answered 408 when it does not come in time', async () => {
    const server = createServer({ headersTimeout: 20, connectionsCheckingInterval: 10 })
    answerMalformed(server, () => {})
    await once(server.listen(0, '127.0.0.1'), 'listening')
    const { port } = server.address() as AddressInfo
    const { ended } = await raw({ port }, 'GET /openapi.json HTTP/1.1\r\n')
    expect(await ended).toMatch(/^HTTP\/1.1 408 [\s\S]*"code":"request-timeout"\}$/)
    server.close()
  })

  it('ends its connection, and leaves the answer of the request before it whole', async () => {
    const finish = Promise.withResolvers<void>()
    const gateway = await start(async () => {
      await finish.promise
      return { statusCode: 200, body: 'whole' }
    })
    const { until, ended } = await raw(gateway, head('GET /openapi.json'), head('FOO /openapi.json'))
    finish.resolve()
    expect(await until('whole')).toMatch(/^HTTP\/1.1 200 /)
    expect(await ended).not.toContain('HTTP/1.1 400')

    const alone = await raw(gateway, head('FOO /openapi.json'), head('GET /openapi.json'))
    expect((await alone.ended).match(/HTTP\/1.1 \d+/g)).toEqual(['HTTP/1.1 400'])
  })
})
