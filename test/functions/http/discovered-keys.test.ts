/** The keys of an issuer that names none: found by discovery, asked for again after a failure, and never those of another issuer. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { verifyToken } from '../../../functions/http/tokens.ts'

let server: Server
let issuer: string
/** What the next requests are answered, by path. */
let answers: Record<string, { status?: number; body: unknown }>
let asked: string[]
let token: string

beforeEach(async () => {
  asked = []
  server = createServer((request, response) => {
    asked.push(request.url ?? '')
    const { status = 200, body } = answers[request.url ?? ''] ?? { status: 404, body: {} }
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const { publicKey, privateKey } = await generateKeyPair('ES256')
  answers = {
    '/.well-known/openid-configuration': { body: { issuer, jwks_uri: `${issuer}/keys` } },
    '/keys': { body: { keys: [await exportJWK(publicKey)] } },
  }
  token = await new SignJWT({ scope: 'ledger.admin' })
    .setProtectedHeader({ alg: 'ES256' })
    .setIssuer(issuer)
    .setAudience('ledger')
    .setSubject('engineer')
    .setExpirationTime('5m')
    .sign(privateKey)
})
afterEach(() => new Promise((closed) => server.close(closed)))

const verify = () => verifyToken({ issuer, audience: 'ledger' }, token)
const document = '/.well-known/openid-configuration'

it('are found once, and verify', async () => {
  for (const _ of [1, 2]) expect((await verify()).scopes).toEqual(new Set(['ledger.admin']))
  expect(asked).toEqual([document, '/keys'])
})

it.each<[string, (right: Record<string, unknown>) => { status?: number; body: unknown }]>([
  ['there is no document', () => ({ status: 503, body: {} })],
  ['the document is of another issuer', (right) => ({ body: { ...right, issuer: 'https://login.example.org' } })],
  ['the document names no keys', ({ issuer }) => ({ body: { issuer } })],
  ['the keys are a file', (right) => ({ body: { ...right, jwks_uri: 'file:///etc/passwd' } })],
])('are unavailable while %s, and asked for again', async (_, wrong) => {
  const right = answers[document] as { body: Record<string, unknown> }
  answers[document] = wrong(right.body)
  await expect(verify()).rejects.toMatchObject({ code: 'unavailable' })
  answers[document] = right
  expect((await verify()).subject).toBe('engineer')
})
