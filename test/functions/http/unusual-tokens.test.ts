/** Key sets and tokens that the standards allow though few use them, and what a refusal says of the check that failed. */
import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { type JWTPayload, SignJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import { parseWith } from '../../../functions/http/call.ts'
import { verifyToken } from '../../../functions/http/tokens.ts'
import { controllerDraft } from '../../../shared/api/schemas/controllers.ts'
import type { LedgerError } from '../../../shared/errors.ts'
import { holderIdentity } from '../../../shared/ledger/holder-entry.ts'

const issuer = 'https://id.example.org'
const audience = 'consent-ledger/acme'
const pairs = {
  rsa: generateKeyPairSync('rsa', { modulusLength: 2048 }),
  otherRsa: generateKeyPairSync('rsa', { modulusLength: 2048 }),
  shortRsa: generateKeyPairSync('rsa', { modulusLength: 1024 }),
  p256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  p384: generateKeyPairSync('ec', { namedCurve: 'P-384' }),
  p521: generateKeyPairSync('ec', { namedCurve: 'P-521' }),
  secp256k1: generateKeyPairSync('ec', { namedCurve: 'secp256k1' }),
  ed25519: generateKeyPairSync('ed25519'),
  otherEd25519: generateKeyPairSync('ed25519'),
  x25519: generateKeyPairSync('x25519'),
}
type Name = keyof typeof pairs
const jwk = (name: Name, more: object = {}) => ({ ...pairs[name].publicKey.export({ format: 'jwk' }), ...more })
const providerOf = (...keys: object[]) => ({ issuer, audience, jwks: { keys: keys as Record<string, unknown>[] } })

const whole = {
  iss: issuer,
  aud: audience,
  sub: 'kim',
  scope: 'consent.audit',
  exp: Math.floor(Date.now() / 1000) + 60,
}
function sign(by: Name, header: { alg: string; kid?: string }, claims: JWTPayload = {}): Promise<string> {
  const key: KeyObject = pairs[by].privateKey
  return new SignJWT({ ...whole, ...claims }).setProtectedHeader(header).sign(key)
}

describe('signatures', () => {
  it.each<[string, Name]>([
    ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'].map((alg): [string, Name] => [alg, 'rsa']),
    ['ES256', 'p256'],
    ['ES384', 'p384'],
    ['ES512', 'p521'],
    ['EdDSA', 'ed25519'],
    ['Ed25519', 'ed25519'],
  ])('of %s verify', async (alg, name) => {
    const verified = await verifyToken(providerOf(jwk(name)), await sign(name, { alg }))
    expect(verified).toMatchObject({ issuer, subject: 'kim' })
  })

  it.each<[string, object[], { alg: string; kid?: string }, Name]>([
    [
      'two keys fit and the token names none',
      [jwk('rsa', { kid: 'a' }), jwk('otherRsa', { kid: 'b' })],
      { alg: 'RS256' },
      'otherRsa',
    ],
    [
      'two keys have one name',
      [jwk('rsa', { kid: 'a' }), jwk('otherRsa', { kid: 'a' })],
      { alg: 'PS512', kid: 'a' },
      'otherRsa',
    ],
    ['a key that fits is too short', [jwk('shortRsa'), jwk('rsa')], { alg: 'RS256' }, 'rsa'],
    ['a key that fits is damaged', [{ kty: 'RSA', e: 'AQAB', n: '!' }, jwk('rsa')], { alg: 'RS256' }, 'rsa'],
    [
      'the keys have no names and the token names one',
      [jwk('otherRsa'), jwk('rsa')],
      { alg: 'RS256', kid: 'a' },
      'rsa',
    ],
    [
      'the set has keys of other uses and kinds',
      [{ kty: 'oct' }, jwk('x25519'), jwk('rsa', { use: 'enc' }), jwk('rsa')],
      { alg: 'RS256' },
      'rsa',
    ],
  ])('verify when %s', async (_, keys, header, by) => {
    await expect(verifyToken(providerOf(...keys), await sign(by, header))).resolves.toMatchObject({ subject: 'kim' })
  })

  it('by a stranger are refused, however many keys fit', async () => {
    const provider = providerOf(jwk('rsa'), jwk('p256'), jwk('ed25519', { kid: 'a' }), jwk('ed25519', { kid: 'b' }))
    const stranger = await sign('otherEd25519', { alg: 'EdDSA' })
    await expect(verifyToken(provider, stranger)).rejects.toMatchObject({ facts: { members: { check: 'signature' } } })
  })
})

describe('claims', () => {
  const provider = providerOf(jwk('ed25519'))
  const verified = async (claims: JWTPayload) => verifyToken(provider, await sign('ed25519', { alg: 'EdDSA' }, claims))

  it.each<[string, JWTPayload, string[]]>([
    ['roles of an application', { scope: undefined, roles: ['consent.write'] }, ['consent.write']],
    [
      'no roles beside scopes, as of a person',
      { scope: undefined, scp: 'consent.audit', roles: ['consent.admin'] },
      ['consent.audit'],
    ],
    ['no roles beside an empty scope', { scope: '', roles: ['consent.admin'] }, []],
  ])('give %s', async (_, claims, scopes) => {
    expect([...(await verified(claims)).scopes]).toEqual(scopes)
  })

  it.each<[string, JWTPayload, object]>([
    ['azp', { sub: undefined, azp: 'crm' }, { client: 'crm' }],
    ['client_id', { sub: undefined, client_id: 'crm', azp: 'other' }, { client: 'crm' }],
    ['sub, where there is one', { azp: 'crm' }, { subject: 'kim' }],
  ])('name the holder by %s', async (_, claims, holder) => {
    const { scopes: _scopes, ...found } = await verified(claims)
    expect(found).toEqual({ issuer, ...holder })
  })

  it.each<[string, JWTPayload]>([
    ['an unusable sub beside azp', { sub: '', azp: 'crm' }],
    ['a sub of null beside azp', { sub: null as never, azp: 'crm' }],
    ['neither', { sub: undefined }],
    ['an azp that is too long', { sub: undefined, azp: 'x'.repeat(257) }],
    ['an azp that is no text', { sub: undefined, azp: 7 }],
  ])('with %s name nobody', async (_, claims) => {
    await expect(verified(claims)).rejects.toMatchObject({ facts: { members: { check: 'subject' } } })
  })

  it('of a program and of a person of the same name are of two holders', async () => {
    const [person, program] = [await verified({ sub: 'crm' }), await verified({ sub: undefined, azp: 'crm' })]
    expect(holderIdentity('act', person)).not.toEqual(holderIdentity('act', program))
  })
})

describe('a refusal says which check failed', () => {
  const provider = providerOf(jwk('ed25519', { kid: 'a' }))
  const unsigned = (header: object) =>
    `${[header, whole].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')}.`
  it.each<[string, () => string | Promise<string>]>([
    ['form', () => 'opaque-token-0123456789'],
    ['form', () => ''],
    ['form', () => 'x'.repeat(9000)],
    ['form', () => `${Buffer.from('{"alg":"RS256"}').toString('base64url')}.e30`],
    ['algorithm', () => unsigned({ alg: 'none' })],
    ['algorithm', () => unsigned({ alg: 'HS256' })],
    ['key', () => sign('ed25519', { alg: 'EdDSA', kid: 'b' })],
    ['key', () => sign('rsa', { alg: 'RS256' })],
    ['signature', () => sign('otherEd25519', { alg: 'EdDSA', kid: 'a' })],
    ['issuer', () => sign('ed25519', { alg: 'EdDSA' }, { iss: 'https://elsewhere.example' })],
    ['audience', () => sign('ed25519', { alg: 'EdDSA' }, { aud: 'x', exp: 1 })],
    ['time', () => sign('ed25519', { alg: 'EdDSA' }, { nbf: whole.exp })],
    ['time', () => sign('ed25519', { alg: 'EdDSA' }, { exp: undefined })],
    ['subject', () => sign('ed25519', { alg: 'EdDSA' }, { sub: undefined })],
  ])('%s', async (check, make) => {
    const token = await make()
    const error = await verifyToken(provider, token).catch((caught: unknown) => caught)
    expect(error).toMatchObject({ code: 'unauthenticated', facts: { members: { check } } })
    const { message, facts } = error as LedgerError
    const said = JSON.stringify({ message, ...facts })
    for (const secret of [audience, issuer, token].filter((each) => each !== '')) expect(said).not.toContain(secret)
  })
})

describe('a key set', () => {
  const { identityProvider } = controllerDraft.shape
  it.each<[string, object[]]>([
    ['of a short RSA key', [jwk('shortRsa')]],
    ['for encryption', [jwk('rsa', { use: 'enc' })]],
    ['for other operations', [jwk('rsa', { key_ops: ['wrapKey'] })]],
    ['for another algorithm than its kind has', [jwk('rsa', { alg: 'ES256' })]],
    ['of a curve that is not accepted', [jwk('secp256k1'), jwk('x25519')]],
    [
      'of damaged keys',
      [
        { kty: 'RSA', e: 'AQAB', n: '!' },
        { kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA' },
      ],
    ],
    ['of unknown kinds', [{ kty: 'LMS' }, {}]],
  ])('%s is refused, because it could never verify', (_, keys) => {
    const given = providerOf(...keys)
    expect(() => parseWith(identityProvider, given)).toThrow('no key here could verify a token')
    expect(parseWith(identityProvider, providerOf(...keys, jwk('p384')))).toEqual(providerOf(...keys, jwk('p384')))
  })
})
