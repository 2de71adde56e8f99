/** Attempts to break authorisation over HTTP: each credential opens only its own data, and no answer reveals whether a person is known. */
import { beforeAll, describe, expect, test } from 'vitest'
import { deviceIdentity } from '../../functions/http/access.ts'
import { people } from '../../infra/demo/world/people.ts'
import { world } from '../../infra/demo/world/world.ts'
import { audienceOf } from '../../infra/local/development-issuer.ts'
import { vaultScope } from '../../shared/ledger/vault/subject-keys.ts'
import { subjectKeysForWriting } from '../../shared/ledger/vault/vault.ts'
import {
  administer,
  audit,
  bearer,
  decisionEvent,
  device,
  type EventBody,
  noon,
  notice,
  record,
  visitorEvent,
} from '../support/demo-calls.ts'
import { aDeviceSecret, type Reply, siteKeyOf } from '../support/running-ledger.ts'
import { sharedLedger } from '../support/shared-ledger.ts'
import { isEvent } from '../support/stored-items.ts'

const ledger = sharedLedger()
beforeAll(() => ledger.setClock(noon))

const key = (site = 'ljungsten/web') => siteKeyOf(ledger, site)
const newsletterAt = (version: string, verb = 'given') => ({
  decisions: [{ purposeId: 'newsletter', verb }],
  shown: [{ policyId: 'privacy-policy', version }],
})
const eventsStored = async () => (await ledger.stored('entries')).filter(isEvent).length

describe('a site key', () => {
  test.each([
    ['GET', '/v1/me/consents'],
    ['POST', '/v1/me/events'],
    ['POST', '/v1/audit/consents'],
    ['POST', '/v1/audit/timeline'],
    ['POST', '/v1/audit/proofs'],
    ['POST', '/v1/audit/samples'],
    ['POST', '/v1/controllers/ljungsten/grants'],
    ['GET', '/v1/controllers/ljungsten/grants'],
    ['GET', '/v1/controllers/ljungsten/reads'],
    ['GET', '/v1/me/reads'],
    ['GET', '/v1/me/history'],
    ['GET', '/v1/me/download'],
    ['GET', '/v1/me/erasure-requests'],
    ['POST', '/v1/me/erasure-requests'],
    ['GET', '/v1/controllers/ljungsten/erasure-requests'],
    ['POST', '/v1/erasure-decisions'],
    ['POST', '/v1/controllers/ljungsten/grants/0d6f7f0c-9f61-4c0e-8a55-0b5a4f6f3b11/revocation'],
    ['POST', '/v1/erasures'],
    ['POST', '/v1/holds'],
    ['POST', '/v1/holds/5f0c6a1e-8b0d-4c57-9a3e-2d1f6b7c8e90/release'],
    ['GET', '/v1/controllers/ljungsten/holds'],
    ['POST', '/v1/mandates'],
    ['POST', '/v1/mandates/5f0c6a1e-8b0d-4c57-9a3e-2d1f6b7c8e90/revocation'],
    ['GET', '/v1/controllers/ljungsten/dispositions'],
    ['POST', '/v1/controllers'],
    ['POST', '/v1/controllers/ljungsten/sites'],
    ['POST', '/v1/controllers/ljungsten/sites/web/revocation'],
    ['POST', '/v1/controllers/ljungsten/identity-provider'],
    ['POST', '/v1/controllers/ljungsten/keys'],
    ['POST', '/v1/controllers/ljungsten/policies/cookie-policy/retractions'],
  ])('alone is not enough for %s %s', async (method, path) => {
    const subject = { type: 'email', id: people.astrid.email }
    const question = { controller: 'ljungsten', subject, purposeId: 'statistics' }
    const body = path.startsWith('/v1/audit')
      ? question
      : path.startsWith('/v1/erasures')
        ? { controller: 'ljungsten', subject, ground: 'order' }
        : /^\/v1\/(holds|mandates|erasure-decisions)/.test(path)
          ? { controller: 'ljungsten' }
          : path === '/v1/controllers'
            ? controllerDraft('grytan', 'own')
            : path.endsWith('sites')
              ? { site: 's', kind: 'app', name: 's', origins: [] }
              : path.endsWith('events')
                ? decisionEvent(ledger)
                : { version: '3', reason: 'x' }
    const headers = { 'content-type': 'application/json', 'x-site-key': key(), authorization: `Site ${key()}` }
    const init = { method, headers, ...(method === 'POST' && { body: JSON.stringify(body) }) }
    const { status, json } = await ledger.send(`${path}?key=${key()}`, init)
    expect([status, json.code]).toEqual([401, 'unauthenticated'])
  })
})

describe('two controllers', () => {
  test('keep one person apart: same e-mail, same account, same device secret', async () => {
    const { email, account, deviceSecret } = people.astrid
    const write = async (controller: string, site: string, version: string) => {
      const headers = bearer(await ledger.token('consent.write', controller, account))
      const event = newsletterAt(version, 'refused')
      const subjects = [
        { deviceSecret },
        { identifier: { type: 'email', id: email } },
        { token: headers.authorization.slice(7) },
      ]
      return Promise.all(
        subjects.map((subject) => record(ledger, visitorEvent(ledger, '', { ...event, subject }), site, headers)),
      )
    }
    const ours = await write('ljungsten', 'ljungsten/back-office', '2')
    expect(ours.map((r) => r.status)).toEqual([201, 201, 201])
    const subjects = [deviceIdentity(deviceSecret), { type: 'email', id: email }, { type: 'account', id: account }]
    for (const subject of subjects) {
      const topic = { subject, purposeId: 'newsletter' }
      expect((await audit(ledger, 'timeline', topic)).json.events).toHaveLength(1)
      expect((await audit(ledger, 'timeline', topic, 'tallmo')).json.events).toEqual([])
    }
    const theirs = await ledger.get(`/v1/me/consents?key=${key('tallmo/web')}`, device(deviceSecret))
    expect(theirs.json.consents.map((c: EventBody) => c.status)).toEqual(['Unknown', 'Unknown'])
    const both = [...ours, ...(await write('tallmo', 'tallmo/web', '1'))]
    const subs = both.map((r) => JSON.parse(r.json.leaf).sub)
    expect(new Set(subs).size).toBe(6)
  })

  test.each<[string, (token: string) => Promise<Reply>]>([
    ['audit', (t) => ledger.post('/v1/audit/timeline', { ...question, controller: 'tallmo' }, bearer(t))],
    [
      'erase',
      (t) =>
        ledger.post('/v1/erasures', { controller: 'tallmo', subject: question.subject, ground: 'order' }, bearer(t)),
    ],
    ['check', (t) => ledger.post('/v1/checks', { controller: 'tallmo' }, bearer(t))],
    ['hold', (t) => ledger.post('/v1/holds', { controller: 'tallmo' }, bearer(t))],
    ['record a mandate', (t) => ledger.post('/v1/mandates', { controller: 'tallmo' }, bearer(t))],
    ['list holds', (t) => ledger.get('/v1/controllers/tallmo/holds', bearer(t))],
    ['publish', (t) => ledger.post('/v1/controllers/tallmo/sites', siteDraft('theirs'), bearer(t))],
    ['write', (t) => record(ledger, operatorEvent(), 'tallmo/web', bearer(t))],
    ['be a subject', (t) => ledger.get(`/v1/me/consents?key=${key('tallmo/web')}`, bearer(t))],
    ['be an event’s subject', (t) => record(ledger, visitorEvent(ledger, '', { subject: { token: t } }), 'tallmo/web')],
    ['be served a bound notice', (t) => notice(ledger, 'privacy-policy', 'tallmo/web', bearer(t))],
    ['create controllers', (t) => ledger.post('/v1/controllers', controllerDraft('grytan', 'own'), bearer(t))],
  ])('of which one’s token, with every scope, cannot %s at the other', async (_, call) => {
    const everything =
      'consent.audit consent.admin consent.erase consent.hold consent.mandate consent.write consent.import consent.check ledger.admin'
    const { status, json } = await call(await ledger.token(everything, 'ljungsten'))
    expect([status, json.code]).toEqual([401, 'unauthenticated'])
  })

  test('get the same answer about a controller that exists and one that does not', async () => {
    const token = await ledger.token('consent.audit', 'ljungsten')
    const ask = (controller: string) => ledger.post('/v1/audit/timeline', { ...question, controller }, bearer(token))
    const [theirs, nobody] = [await ask('tallmo'), await ask('nobody')]
    expect([theirs.status, theirs.json.code]).toEqual([nobody.status, nobody.json.code])
    expect(theirs.json.detail).toBe(nobody.json.detail)
  })
})

const question = { subject: { type: 'email', id: 'kim@example.org' }, purposeId: 'newsletter' }
const operatorEvent = () =>
  visitorEvent(ledger, '', { ...newsletterAt('1'), subject: { identifier: question.subject } })
const siteDraft = (site: string) => ({ site, kind: 'web', name: site, origins: ['https://grytan.example'] })

function controllerDraft(controller: string, audience: string): EventBody {
  const { identityProvider } = { identityProvider: ledger.local.issuer.provider(audienceOf(audience)) }
  return { ...world.tallmo.controller, controller, name: controller, identityProvider }
}

test.each([
  ['consent.admin', 'audit'],
  ['consent.write', 'audit'],
  ['ledger.admin', 'audit'],
  ['consent.audit', 'administer'],
  ['consent.write consent.import', 'administer'],
  ['ledger.admin', 'administer'],
  ['consent.auditor', 'audit'],
  ['CONSENT.AUDIT', 'audit'],
])('the scope %s cannot %s', async (scope, what) => {
  const token = await ledger.token(scope, 'ljungsten')
  const reply =
    what === 'audit'
      ? await ledger.post('/v1/audit/proofs', { ...question, controller: 'ljungsten' }, bearer(token))
      : await ledger.post('/v1/controllers/ljungsten/sites', siteDraft('mine'), bearer(token))
  expect([reply.status, reply.json.code]).toEqual([403, 'forbidden'])
})

test('a ledger administrator creates a controller, and can do nothing in it', async () => {
  const admin = bearer(await ledger.token('ledger.admin', 'ledger'))
  const create = (name: string, audience: string) =>
    ledger.post('/v1/controllers', controllerDraft(name, audience), admin)
  expect((await create('grytan', 'grytan')).status).toBe(201)
  expect((await create('grytan', 'grytan')).status).toBe(200)
  const shared = await create('kopian', 'grytan')
  expect([shared.status, shared.json.code, shared.json.field]).toEqual([
    409,
    'already-exists',
    '/identityProvider/audience',
  ])
  expect((await ledger.get('/v1/controllers/kopian/policies')).status).toBe(404)
  expect((await ledger.post('/v1/controllers/grytan/sites', siteDraft('web'), admin)).status).toBe(401)
  expect((await ledger.post('/v1/audit/timeline', { ...question, controller: 'grytan' }, admin)).status).toBe(401)

  const site = await administer(ledger, '/sites', siteDraft('web'), 'grytan')
  const { policyId, ...draft } = world.tallmo.publications[0]?.draft ?? {}
  expect((await administer(ledger, `/policies/${policyId}/versions`, draft, 'grytan')).status).toBe(201)
  const secret = aDeviceSecret()
  const event = visitorEvent(ledger, secret, newsletterAt('1'))
  const written = await ledger.post(`/v1/events?key=${site.json.key}`, event)
  expect([written.status, written.json.controller]).toEqual([201, 'grytan'])
  const topic = { subject: deviceIdentity(secret), purposeId: 'newsletter' }
  const found = await Promise.all(['grytan', 'tallmo', 'ljungsten'].map((c) => audit(ledger, 'timeline', topic, c)))
  expect(found.map((r) => r.json.events.length)).toEqual([1, 0, 0])
})

test('the known and the unknown get the same form of answer', async () => {
  const [known, unknown] = [aDeviceSecret(), aDeviceSecret()]
  const snapshot = await ledger.local.ledger.controllers.current('ljungsten')
  if (snapshot === undefined) throw new Error('no demo world')
  const scope = vaultScope(snapshot)
  await subjectKeysForWriting(ledger.local.ledger, scope, deviceIdentity(known), 2026, true)
  const instants = `&at=${noon}&knownAt=${noon}`
  const seen = (secret: string) => ledger.get(`/v1/me/consents?key=${key()}${instants}`, device(secret))
  const [a, b] = [await seen(known), await seen(unknown)]
  expect(a.status).toBe(200)
  expect(a.text).toBe(b.text)
  expect([...a.headers.keys()]).toEqual([...b.headers.keys()])
  const asked = (secret: string) =>
    audit(ledger, 'proofs', { subject: deviceIdentity(secret), purposeId: 'statistics', at: noon, knownAt: noon })
  const [c, d] = [await asked(known), await asked(unknown)]
  // The first question is a leaf itself, which the second one's checkpoint may have or not; each tlog-proof has the checkpoint in it.
  const ofEach = new Set(['question', 'checkpoint', 'tlogProof'])
  const form = (text: string) => JSON.parse(text, (name, value) => (ofEach.has(name) ? 'left out' : value))
  expect(form(c.text)).toEqual(form(d.text))
})

describe('a browser', () => {
  const own = 'https://www.ljungsten.example'
  test.each([
    ['https://www.ljungsten.example', 201],
    ['http://localhost:5173', 201],
    ['https://evil.example', 403],
    ['https://www.tallmo.example', 403],
    ['https://www.ljungsten.example.evil.example', 403],
    ['http://www.ljungsten.example', 403],
    ['null', 403],
  ])('at %s posts with %i, and stores only if it may', async (origin, status) => {
    const before = await eventsStored()
    const reply = await record(ledger, visitorEvent(ledger, aDeviceSecret()), 'ljungsten/web', { origin })
    expect([reply.status, (await eventsStored()) - before]).toEqual([status, status === 201 ? 1 : 0])
    expect(reply.headers.get('access-control-allow-origin')).toBe(origin)
    expect(reply.headers.get('vary')).toBe('origin, accept-encoding')
    if (status === 403) expect(reply.json.code).toBe('origin-not-allowed')
  })

  test.each([
    ['/v1/events', own, true, 204, own],
    ['/v1/me/events', own, true, 204, own],
    ['/v1/me/consents', own, true, 204, own],
    ['/v1/notices/cookie-policy', own, true, 204, own],
    ['/v1/events', 'https://evil.example', true, 204, 'https://evil.example'],
    ['/v1/events', own, false, 204, own],
    ['/v1/me/consents', own, false, 204, own],
    ['/v1/event', own, false, 204, own],
    ['/v1/controllers/ljungsten/policies', 'https://anyone.example', false, 204, 'https://anyone.example'],
    ['/v1/audit/proofs', own, true, 405, null],
  ])('asks ahead for %s from %s (key: %s)', async (path, origin, withKey, status, allowed) => {
    const headers = {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'content-type',
    }
    const reply = await ledger.send(path + (withKey ? `?key=${key()}` : ''), { method: 'OPTIONS', headers })
    expect([reply.status, reply.headers.get('access-control-allow-origin')]).toEqual([status, allowed])
    if (status === 204) expect(reply.headers.get('access-control-allow-headers')).toContain('authorization')
    expect(reply.headers.get('access-control-allow-credentials')).toBeNull()
  })

  /** As Chromium asks: a request that is not simple is sent only after its preflight was answered 2xx with the origin. */
  async function fromPage(path: string, init: RequestInit & { readonly headers: Record<string, string> }) {
    const { method = 'GET' } = init
    const asked = { origin: init.headers.origin ?? '', 'access-control-request-method': method }
    const preflight = await ledger.send(path, { method: 'OPTIONS', headers: asked })
    expect([preflight.status, preflight.headers.get('access-control-allow-origin')]).toEqual([204, asked.origin])
    return ledger.send(path, init)
  }
  const stranger = 'https://evil.example'
  const json = { 'content-type': 'application/json' }
  const wrongKey = () => `${key().slice(0, -1)}${key().endsWith('A') ? 'B' : 'A'}`

  test.each<[string, string, () => [path: string, init: RequestInit]]>([
    ['origin-not-allowed', stranger, () => [`/v1/events?key=${key()}`, { method: 'POST', headers: json, body: '{}' }]],
    ['origin-not-allowed', stranger, () => [`/v1/me/consents?key=${key()}`, { headers: device(aDeviceSecret()) }]],
    ['origin-not-allowed', stranger, () => [`/v1/notices/cookie-policy?key=${key()}`, {}]],
    ['unauthenticated', own, () => [`/v1/events?key=${wrongKey()}`, { method: 'POST', headers: json, body: '{}' }]],
    ['unauthenticated', own, () => ['/v1/notices/cookie-policy?key=nonsense', {}]],
    ['unauthenticated', own, () => [`/v1/me/consents`, { headers: device(aDeviceSecret()) }]],
    ['unauthenticated', own, () => [`/v1/me/consents?key=${key()}`, {}]],
    ['ORIGIN_NOT_ALLOWED', stranger, () => [`/c15t/${key()}/init`, {}]],
    ['UNAUTHENTICATED', own, () => [`/c15t/${wrongKey()}/init`, {}]],
    [
      'unsupported-media-type',
      own,
      () => [`/v1/events?key=${key()}`, { method: 'POST', headers: { 'content-type': 'text/xml' }, body: '<x/>' }],
    ],
    [
      'body-too-large',
      own,
      () => [`/v1/events?key=${key()}`, { method: 'POST', headers: json, body: 'x'.repeat(70_000) }],
    ],
    ['not-found', own, () => [`/v1/event?key=${key()}`, { method: 'POST', headers: json, body: '{}' }]],
    ['not-found', own, () => ['/v1/controllers/nobody/policies', {}]],
    ['invalid-request', own, () => ['/v1/texts/nonsense', {}]],
  ])('reads that it was refused: %s, at %s', async (code, origin, call) => {
    const [path, init] = call()
    const reply = await fromPage(path, { ...init, headers: { ...(init.headers as Record<string, string>), origin } })
    expect([reply.json.code, reply.headers.get('access-control-allow-origin')]).toEqual([code, origin])
    expect(reply.headers.get('access-control-allow-credentials')).toBe(path.startsWith('/c15t') ? 'true' : null)
  })

  test('reads nothing about a person, an event or a token unless the site allows its origin', async () => {
    const [token, secret] = [await ledger.token('consent.write'), aDeviceSecret()]
    const event = visitorEvent(ledger, secret)
    expect((await record(ledger, event, 'ljungsten/web', { origin: own })).status).toBe(201)
    const question = { controller: 'ljungsten', subject: deviceIdentity(secret), purposeId: 'statistics' }
    for (const reply of [
      await ledger.post('/v1/audit/consents', question, {
        ...bearer(await ledger.token('consent.audit')),
        origin: own,
      }),
      await ledger.post('/v1/audit/consents', question, { ...bearer(token), origin: stranger }),
      await ledger.send('/v1/audit/consents', { method: 'DELETE', headers: { origin: stranger } }),
    ])
      expect([reply.status, reply.headers.get('access-control-allow-origin')]).toEqual([reply.status, null])
    const again = { ...event, control: 'accept-all' }
    for (const [origin, code] of [
      [own, 'event-conflict'],
      [stranger, 'origin-not-allowed'],
    ] as const)
      expect((await record(ledger, again, 'ljungsten/web', { origin })).json.code).toBe(code)
  })

  test.each<[string, string]>([
    ['malformed JSON', '{'],
    ['a body too large', `"${'x'.repeat(70_000)}"`],
    ['an unknown field', '{"x":1}'],
  ])('of an allowed origin can read why %s was refused', async (_, body) => {
    const reply = await ledger.post(`/v1/events?key=${key()}`, body, { origin: own })
    expect(reply.status).toBeGreaterThanOrEqual(400)
    expect(reply.headers.get('access-control-allow-origin')).toBe(own)
  })
})
