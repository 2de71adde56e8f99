/** Site keys and tokens that are not good: each is a 401 with a stable code, stores nothing, and is not repeated. */
import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type JWTPayload, SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { audienceOf, developmentIssuer } from '../../infra/local/development-issuer.ts'
import { bearer, type EventBody, visitorEvent } from '../support/demo-calls.ts'
import { expectRefusal } from '../support/refusals.ts'
import { aDeviceSecret, type RunningLedger, siteKeyOf, startLedger } from '../support/running-ledger.ts'

let ledger: RunningLedger
let issuerKey: KeyObject
beforeAll(async () => {
  ledger = await startLedger()
  issuerKey = createPrivateKey(await readFile(join(ledger.dataFolder, 'keys', 'development-issuer.pem')))
})
afterAll(async () => {
  const events = (await ledger.stored('entries')).filter(({ sk }) => sk.startsWith('event#'))
  await ledger.close()
  expect(events).toEqual([])
})

const secret = aDeviceSecret()
const key = () => siteKeyOf(ledger, 'ljungsten/web')
const post = (query: string, more: EventBody = {}) =>
  ledger.post(`/v1/events${query}`, visitorEvent(ledger, secret, more))

describe('a site key', () => {
  test.each<[string, (key: string) => string, string]>([
    ['missing', () => '', 'a site key is needed'],
    ['empty', () => '?key=', 'not a site key'],
    ['malformed', () => '?key=let-me-in', 'not a site key'],
    ['of no controller', (k) => `?key=${k.replace('ljungsten', 'nobody')}`, 'no site has this key'],
    ['of no site', (k) => `?key=${k.replace('_web_', '_www_')}`, 'no site has this key'],
    ['changed in one letter', (k) => `?key=${k.slice(0, -1)}${k.endsWith('A') ? 'B' : 'A'}`, 'no site has this key'],
    ['given twice', (k) => `?key=${k}&key=${k}`, 'not a site key'],
  ])('%s is a 401', async (_, query, detail) => {
    const reply = await post(query(key()))
    expectRefusal(reply, { status: 401, code: 'unauthenticated', field: 'key' }, secret, key())
    expect(reply.json.detail).toBe(detail)
  })
})

describe('a token', () => {
  const claims = {
    scope: 'consent.audit consent.write',
    aud: audienceOf('ljungsten'),
    sub: 'acct-1',
    iss: developmentIssuer,
  }
  const inAnHour = () => Math.floor(Date.now() / 1000) + 3600
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const signed = async (payload: JWTPayload, key = generateKeyPairSync('ed25519').privateKey) =>
    new SignJWT(payload).setProtectedHeader({ alg: 'EdDSA' }).sign(key)
  const own = (payload: JWTPayload) => signed(payload, issuerKey)
  const publicKey = () => JSON.stringify(ledger.local.administrators.jwks?.keys[0])
  const forgeries: [string, () => Promise<string>, string][] = [
    ['expired', () => ledger.token('consent.audit', 'ljungsten', 'x', -3600), 'token-expired'],
    ['for another controller', () => ledger.token('consent.audit', 'tallmo'), 'unauthenticated'],
    ['for the ledger', () => ledger.token('consent.audit', 'ledger'), 'unauthenticated'],
    ['signed by another key', () => signed({ ...claims, exp: inAnHour() }), 'unauthenticated'],
    ['of another issuer', () => own({ ...claims, iss: 'https://evil.example', exp: inAnHour() }), 'unauthenticated'],
    ['without an end', () => own(claims), 'unauthenticated'],
    ['without a subject', () => own({ ...claims, sub: undefined, exp: inAnHour() }), 'unauthenticated'],
    ['not valid yet', () => own({ ...claims, nbf: inAnHour(), exp: inAnHour() + 60 }), 'unauthenticated'],
    ['not signed', async () => `${part({ alg: 'none' })}.${part({ ...claims, exp: inAnHour() })}.`, 'unauthenticated'],
    [
      'signed with the public key as a password',
      () =>
        new SignJWT({ ...claims, exp: inAnHour() }).setProtectedHeader({ alg: 'HS256' }).sign(Buffer.from(publicKey())),
      'unauthenticated',
    ],
    ['with its claims changed', async () => raised(await ledger.token('', 'ljungsten')), 'unauthenticated'],
    ['that is none', async () => 'opaque-token-0123456789', 'unauthenticated'],
  ]

  test.each(forgeries)('%s opens nothing', async (_, make, code) => {
    const token = await make()
    const question = { controller: 'ljungsten', subject: { type: 'account', id: 'acct-1' }, purposeId: 'statistics' }
    const replies = [
      await ledger.post('/v1/audit/timeline', question, bearer(token)),
      await post(`?key=${key()}`, { subject: { token } }),
      await ledger.get(`/v1/me/consents?key=${key()}`, bearer(token)),
      await ledger.post(
        `/v1/controllers/ljungsten/sites`,
        { site: 's', kind: 'app', name: 's', origins: [] },
        bearer(token),
      ),
    ]
    for (const reply of replies) expectRefusal(reply, { status: 401, code }, token, key())
  })
})

test('one or more spaces stand between a scheme and its credential', async () => {
  const token = await ledger.token('')
  for (const authorization of [`Bearer  ${token}`, `bearer   ${token} `, `Device  ${'s'.repeat(32)}`])
    expect((await ledger.get(`/v1/me/consents?key=${key()}`, { authorization })).status).toBe(200)
})

function raised(token: string): string {
  const [head, body = '', signature] = token.split('.')
  const claims = { ...JSON.parse(Buffer.from(body, 'base64url').toString()), scope: 'consent.audit consent.admin' }
  return [head, Buffer.from(JSON.stringify(claims)).toString('base64url'), signature].join('.')
}
