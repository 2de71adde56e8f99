/** Tokens of an identity provider whose keys are fetched over HTTP, as a real one's are. */
import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SignJWT } from 'jose'
import { afterEach, describe, expect, it } from 'vitest'
import { verifyToken } from '../../../functions/http/tokens.ts'
import type { IdentityProvider } from '../../../shared/consent/identity-provider.ts'

const issuer = 'https://id.example.org'
const audience = 'consent-ledger/acme'
const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

function keyPair(kid: string) {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  return { kid, privateKey, jwk: { ...publicKey.export({ format: 'jwk' }), kid, alg: 'EdDSA', use: 'sig' } }
}

async function providerOf(
  answer: () => { status: number; body: unknown },
): Promise<{ provider: IdentityProvider; fetches: () => number }> {
  let fetches = 0
  const server = createServer((_request, response) => {
    fetches++
    const { status, body } = answer()
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })
  servers.push(server.listen(0, '127.0.0.1'))
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return { provider: { issuer, audience, jwksUri: `http://127.0.0.1:${port}/jwks` }, fetches: () => fetches }
}

function token(
  key: KeyObject,
  kid: string,
  more: { claims?: Record<string, unknown>; audience?: string; expiresIn?: string } = {},
) {
  return new SignJWT({ scope: 'consent.audit', ...more.claims })
    .setProtectedHeader({ alg: 'EdDSA', kid })
    .setIssuer(issuer)
    .setAudience(more.audience ?? audience)
    .setSubject('auditor-1')
    .setIssuedAt()
    .setExpirationTime(more.expiresIn ?? '5m')
    .sign(key)
}

describe('keys fetched from the identity provider', () => {
  it('verify its tokens, and are fetched once', async () => {
    const key = keyPair('one')
    const { provider, fetches } = await providerOf(() => ({ status: 200, body: { keys: [key.jwk] } }))
    for (let i = 0; i < 5; i++) {
      const bearer = await verifyToken(provider, await token(key.privateKey, 'one'))
      expect(bearer).toMatchObject({ issuer, subject: 'auditor-1' })
      expect([...bearer.scopes]).toEqual(['consent.audit'])
    }
    expect(fetches()).toBe(1)
  })

  it('take scopes as a list too', async () => {
    const key = keyPair('one')
    const { provider } = await providerOf(() => ({ status: 200, body: { keys: [key.jwk] } }))
    const claims = { scope: undefined, scp: ['consent.audit', 'consent.write'] }
    const bearer = await verifyToken(provider, await token(key.privateKey, 'one', { claims }))
    expect([...bearer.scopes]).toEqual(['consent.audit', 'consent.write'])
  })

  it('refuse another key, another audience, and what has expired', async () => {
    const key = keyPair('one')
    const { provider } = await providerOf(() => ({ status: 200, body: { keys: [key.jwk] } }))
    const stranger = keyPair('one')
    await expect(verifyToken(provider, await token(stranger.privateKey, 'one'))).rejects.toMatchObject({
      code: 'unauthenticated',
    })
    const elsewhere = await token(key.privateKey, 'one', { audience: 'consent-ledger/other' })
    await expect(verifyToken(provider, elsewhere)).rejects.toMatchObject({ code: 'unauthenticated' })
    const old = await token(key.privateKey, 'one', { expiresIn: '-1m' })
    await expect(verifyToken(provider, old)).rejects.toMatchObject({ code: 'token-expired' })
  })

  it.each([500, 404])('that cannot be had (%i) leave the token undecided: try again', async (status) => {
    const key = keyPair('one')
    const { provider } = await providerOf(() => ({ status, body: {} }))
    await expect(verifyToken(provider, await token(key.privateKey, 'one'))).rejects.toMatchObject({
      code: 'unavailable',
    })
  })

  it('behind an address where nobody answers: the same', async () => {
    const key = keyPair('one')
    const provider = { issuer, audience, jwksUri: 'http://127.0.0.1:9/jwks' }
    await expect(verifyToken(provider, await token(key.privateKey, 'one'))).rejects.toMatchObject({
      code: 'unavailable',
    })
  })
})

describe('the person', () => {
  const key = keyPair('one')
  const provider: IdentityProvider = { issuer, audience, jwks: { keys: [key.jwk] } }
  const named = (sub: unknown) =>
    new SignJWT({ iss: issuer, aud: audience, sub: sub as string, exp: Math.floor(Date.now() / 1000) + 60 })
      .setProtectedHeader({ alg: 'EdDSA', kid: 'one' })
      .sign(key.privateKey)

  it('has a name of up to 256 characters, kept whole', async () => {
    const longest = 'x'.repeat(256)
    expect(await verifyToken(provider, await named(longest))).toMatchObject({ subject: longest })
  })

  it.each([['x'.repeat(257)], [''], [null], [{}], [['a']], [0], [true]])('is never read from %j', async (sub) => {
    await expect(verifyToken(provider, await named(sub))).rejects.toMatchObject({ code: 'unauthenticated' })
  })
})

describe('the audience', () => {
  const key = keyPair('one')
  const provider: IdentityProvider = { issuer, audience, jwks: { keys: [key.jwk] } }
  const sign = (claims: Record<string, unknown>) =>
    new SignJWT({ iss: issuer, sub: 'machine', exp: Math.floor(Date.now() / 1000) + 60, ...claims })
      .setProtectedHeader({ alg: 'EdDSA', kid: 'one' })
      .sign(key.privateKey)

  it.each<[string, Record<string, unknown>, string[] | undefined]>([
    ['named, alone', { aud: audience, scope: 'consent.audit' }, ['consent.audit']],
    ['named among others', { aud: ['x', audience], scope: 'consent.audit' }, ['consent.audit']],
    ['named, of another', { aud: 'consent-ledger/other', scope: 'consent.audit' }, undefined],
    ['named, of another, with our prefix', { aud: 'x', scope: `${audience}/consent.audit` }, undefined],
    ['named as none', { aud: [], scope: `${audience}/consent.audit` }, undefined],
    [
      'by its scopes',
      { scope: `${audience}/consent.audit ${audience}/consent.admin` },
      ['consent.audit', 'consent.admin'],
    ],
    ['by some of its scopes', { scope: `other/consent.admin ${audience}/consent.audit` }, ['consent.audit']],
    ['by scopes of another', { scope: 'consent-ledger/other/consent.audit' }, undefined],
    ['by scopes without a server', { scope: 'consent.audit' }, undefined],
    ['by a longer name', { scope: `${audience}-2/consent.audit` }, undefined],
    ['by a name that ends like ours', { scope: `x/${audience}/consent.audit` }, undefined],
    ['by a client', { client_id: audience, scope: 'consent.audit' }, undefined],
    ['nowhere', {}, undefined],
  ])('%s', async (_how, claims, scopes) => {
    const verified = verifyToken(provider, await sign(claims))
    if (scopes) expect([...(await verified).scopes]).toEqual(scopes)
    else
      await expect(verified).rejects.toMatchObject({
        code: 'unauthenticated',
        message: expect.stringContaining('"aud"'),
      })
  })
})
