/** The identity provider of a controller is removed and replaced: whose tokens speak for it from then on, and that nobody else can take it over. */
import { generateKeyPairSync } from 'node:crypto'
import { SignJWT } from 'jose'
import { beforeAll, expect, test } from 'vitest'
import { world } from '../../infra/demo/world/world.ts'
import { audienceOf } from '../../infra/local/development-issuer.ts'
import type { IdentityProvider } from '../../shared/consent/identity-provider.ts'
import { digestOf } from '../../shared/consent/published-leaf.ts'
import { bearer, decisionEvent, type EventBody } from '../support/demo-calls.ts'
import { sharedLedger } from '../support/shared-ledger.ts'

const ledger = sharedLedger({ clockOnlyGoesOn: true })

const operator = async () => bearer(await ledger.token('ledger.admin', 'ledger'))
const pathOf = (controller: string) => `/v1/controllers/${controller}/identity-provider`

/** An identity provider of its own keys, and its tokens. */
function issuerNamed(issuer: string) {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const keys = [{ ...publicKey.export({ format: 'jwk' }), alg: 'EdDSA', use: 'sig' }]
  return {
    provider: (controller: string): IdentityProvider => ({ issuer, audience: audienceOf(controller), jwks: { keys } }),
    token: (scope: string, controller: string, subject = 'editor') =>
      new SignJWT({ scope })
        .setProtectedHeader({ alg: 'EdDSA' })
        .setIssuer(issuer)
        .setAudience(audienceOf(controller))
        .setSubject(subject)
        .setIssuedAt(ledger.local.ledger.clock() / 1000)
        .setExpirationTime(ledger.local.ledger.clock() / 1000 + 600)
        .sign(privateKey),
  }
}
type Issuer = ReturnType<typeof issuerNamed>
const [first, second, third] = ['first', 'second', 'third'].map((name) => issuerNamed(`https://${name}.example`)) as [
  Issuer,
  Issuer,
  Issuer,
]

async function create(controller: string, provider: IdentityProvider = first.provider(controller)) {
  const draft = { ...world.tallmo.controller, controller, name: controller, identityProvider: provider }
  return ledger.post('/v1/controllers', draft, await operator())
}
const change = async (controller: string, number: number, identityProvider: IdentityProvider | null) =>
  ledger.post(pathOf(controller), { change: number, identityProvider }, await operator())
const sitesSeenBy = async (issuer: Issuer, controller: string) =>
  (await ledger.get(`/v1/controllers/${controller}/sites`, bearer(await issuer.token('consent.admin', controller))))
    .status

beforeAll(async () => {
  for (const controller of ['removing', 'replacing', 'guarding', 'racing', 'breaking'])
    expect((await create(controller)).status).toBe(201)
})

test('a removed provider’s tokens are refused at once, for each use of them', async () => {
  const admin = async () =>
    bearer(await first.token('consent.admin consent.audit consent.erase consent.write', 'removing'))
  const site = await ledger.post(
    '/v1/controllers/removing/sites',
    { site: 'web', kind: 'app', name: 'web', origins: [] },
    await admin(),
  )
  expect(site.status).toBe(201)
  const { key } = site.json
  const subject = { type: 'email', id: 'kim@example.org' }
  const question = { controller: 'removing', subject }
  const calls: readonly (() => Promise<{ status: number; json: EventBody }>)[] = [
    async () => ledger.get('/v1/controllers/removing/sites', await admin()),
    async () => ledger.get(`/v1/me/consents?key=${key}`, await admin()),
    async () => ledger.post(`/v1/me/events?key=${key}`, decisionEvent(ledger), await admin()),
    async () => ledger.post('/v1/audit/consents', question, await admin()),
    async () => ledger.post('/v1/erasures', { ...question, ground: 'order' }, await admin()),
  ]
  for (const call of calls) expect((await call()).status).not.toBe(401)
  const removed = await change('removing', 1, null)
  expect(removed).toMatchObject({ status: 201, json: { change: 1 } })
  expect(removed.json).not.toHaveProperty('identityProvider')
  for (const call of calls) expect(await call()).toMatchObject({ status: 401, json: { code: 'unauthenticated' } })
  const nobody = await ledger.post('/v1/audit/consents', { ...question, controller: 'nobody' }, await admin())
  const here = await ledger.post('/v1/audit/consents', question, await admin())
  expect([here.status, here.json.detail]).toEqual([nobody.status, nobody.json.detail])
})

test('another takes its place, and the first comes back by a later change', async () => {
  expect(await sitesSeenBy(second, 'replacing')).toBe(401)
  expect((await change('replacing', 1, second.provider('replacing'))).status).toBe(201)
  expect([await sitesSeenBy(first, 'replacing'), await sitesSeenBy(second, 'replacing')]).toEqual([401, 200])
  expect((await change('replacing', 2, null)).status).toBe(201)
  expect(await sitesSeenBy(second, 'replacing')).toBe(401)
  expect((await change('replacing', 3, first.provider('replacing'))).status).toBe(201)
  expect([await sitesSeenBy(first, 'replacing'), await sitesSeenBy(second, 'replacing')]).toEqual([200, 401])
})

test('no other controller can take over a removed issuer and audience, by a change or at its creation', async () => {
  const provider = first.provider('guarding')
  expect((await change('guarding', 1, null)).status).toBe(201)
  const refused = { status: 409, json: { code: 'already-exists', field: '/identityProvider/audience' } }
  expect(await create('thief', provider)).toMatchObject(refused)
  expect(await change('racing', 1, provider)).toMatchObject(refused)
  expect((await change('guarding', 2, provider)).status).toBe(201)
})

test('a change is a record with a leaf and an act; sent twice it is one, and out of turn it is refused', async () => {
  expect((await create('recording')).status).toBe(201)
  const before = new Set((await ledger.stored('entries')).map(({ sk }) => sk))
  const draft = { change: 1, identityProvider: second.provider('recording') }
  const made = await change('recording', 1, draft.identityProvider)
  expect(await change('recording', 1, draft.identityProvider)).toMatchObject({ status: 200, json: made.json })
  const added = (await ledger.stored('entries')).filter(({ sk }) => !before.has(sk))
  expect(added.filter(({ pk }) => pk.startsWith('recording#act#'))).toHaveLength(2)
  const record = (await ledger.stored('entries')).find(
    ({ pk, sk }) => pk === 'recording#controller' && sk === 'provider#1',
  )
  expect(record?.values.draft).toBe(digestOf(draft))
  expect(JSON.parse(String(record?.values.leaf))).toEqual({
    kind: 'identity-provider-change',
    change: 1,
    changedAt: made.json.changedAt,
    issuer: 'https://second.example',
    audience: audienceOf('recording'),
    content: digestOf(made.json),
    v: 1,
  })
  expect(await change('recording', 1, null)).toMatchObject({ status: 409, json: { field: '/change', allowed: 2 } })
  expect(await change('recording', 3, null)).toMatchObject({ status: 400, json: { field: '/change', allowed: 2 } })
  expect(await change('nobody', 1, null)).toMatchObject({ status: 404, json: { code: 'not-found' } })
  for (const body of [{ change: 2 }, { change: 2, identityProvider: { issuer: 'x', audience: 'y' } }])
    expect((await ledger.post(pathOf('recording'), body, await operator())).status).toBe(400)
})

test('of two changes at once one is refused, and the other decides', async () => {
  const replies = await Promise.all([second, third].map((issuer) => change('racing', 1, issuer.provider('racing'))))
  expect(replies.map(({ status }) => status).sort()).toEqual([201, 409])
  const [winner, loser] = replies[0]?.status === 201 ? [second, third] : [third, second]
  expect([await sitesSeenBy(winner, 'racing'), await sitesSeenBy(loser, 'racing')]).toEqual([200, 401])
})

test('a latest change that cannot be read brings no removed provider back', async () => {
  await change('breaking', 1, second.provider('breaking'))
  await ledger.damage('entries', { pk: 'breaking#controller', sk: 'provider#1', values: { record: '{' } })
  await create('breaking')
  ledger.setClock(new Date(ledger.local.ledger.clock() + 30_001).toISOString())
  expect([await sitesSeenBy(first, 'breaking'), await sitesSeenBy(second, 'breaking')]).toEqual([401, 401])
})

test('is changed by the ledger’s operator only', async () => {
  const everything = 'consent.audit consent.admin consent.erase consent.write consent.import ledger.admin'
  const credentials: readonly Record<string, string>[] = [
    {},
    { 'x-site-key': ledger.key('ljungsten/web') },
    bearer(await ledger.token(everything, 'ljungsten')),
    bearer(await first.token(everything, 'guarding')),
  ]
  for (const headers of credentials)
    expect((await ledger.post(pathOf('guarding'), { change: 9, identityProvider: null }, headers)).status).toBe(401)
  const lesser = bearer(await ledger.token('consent.admin', 'ledger'))
  expect((await ledger.post(pathOf('guarding'), { change: 9, identityProvider: null }, lesser)).status).toBe(403)
})
