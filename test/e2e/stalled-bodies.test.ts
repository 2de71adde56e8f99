/** Sixty callers without a token begin a large body and never end it: they hold no memory, and do not stop other callers. */
import { connect, type Socket } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { routes } from '../../functions/served-routes.ts'
import type { Route } from '../../shared/api/routes.ts'
import { administer, record, visitorEvent } from '../support/demo-calls.ts'
import { aDeviceSecret } from '../support/running-ledger.ts'
import { sharedLedger } from '../support/shared-ledger.ts'

const ledger = sharedLedger()
const sockets: Socket[] = []
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy()
})

const part = Buffer.alloc(200 * 1024, ' ')
const all: readonly Route[] = routes
const large = all.filter(({ maxBodyBytes }) => maxBodyBytes > 64 * 1024)

/** Begins a body as long as the route allows, and stops within it. Resolves with the head of the answer, if one comes. */
function stall({ method, path, maxBodyBytes }: Route, headers: readonly string[]): Promise<string> {
  const { hostname, port } = new URL(ledger.url)
  const socket = connect(Number(port), hostname).setEncoding('latin1')
  sockets.push(socket)
  const target = path.replace('{controller}', 'ljungsten').replace('{policyId}', 'cookie-policy')
  const length = headers.includes('transfer-encoding: chunked') ? [] : [`content-length: ${maxBodyBytes}`]
  socket.write(`${[`${method} ${target} HTTP/1.1`, 'host: x', ...length, ...headers].join('\r\n')}\r\n\r\n`)
  if (length.length === 0) socket.write(`${maxBodyBytes.toString(16)}\r\n`)
  const isAwaited = headers.includes('expect: 100-continue')
  for (let sent = 0; !isAwaited && sent + part.length < Math.min(maxBodyBytes, 2 ** 20); sent += part.length)
    socket.write(part)
  return new Promise((resolve) => {
    socket.once('data', (chunk) => resolve(String(chunk)))
    socket.on('error', () => {})
    socket.once('close', () => resolve(''))
  })
}

describe.each(large.map((route) => [route.id, route] as const))('%s', (_, route) => {
  const made = [{ alg: 'ES256' }, { sub: 'stranger' }].map((o) => Buffer.from(JSON.stringify(o)).toString('base64url'))
  test.each<[string, string[]]>([
    ['without a token', []],
    ['with a token of their own', [`authorization: Bearer ${made.join('.')}.AAAA`]],
    ['in chunks', ['transfer-encoding: chunked']],
    ['once they are asked for it', ['expect: 100-continue']],
  ])('is refused to strangers before their body is read: %s', async (_what, headers) => {
    expect(await stall(route, headers)).toMatch(/^HTTP\/1.1 401 /)
  })
})

test('sixty of them take nothing from those who have a token, nor from visitors', async () => {
  const publish = large.find(({ id }) => id === 'publishVersion')
  if (publish === undefined) throw new Error('no such route')
  const answers = Array.from({ length: 60 }, () => stall(publish, []))
  await Promise.all(sockets.map((socket) => new Promise((sent) => socket.write('x', sent))))

  const draft = { no: 'such field', padding: 'x'.repeat(2 ** 20) }
  const { status, json } = await administer(ledger, '/policies/cookie-policy/versions', draft)
  expect([status, json.code]).toEqual([400, 'invalid-request'])
  expect((await record(ledger, visitorEvent(ledger, aDeviceSecret()))).status).toBe(201)
  for (const answer of await Promise.all(answers)) expect(answer).toMatch(/^HTTP\/1.1 401 /)
})
