/**
 * Ten things that went wrong in another consent backend when it was tried out in a laboratory, and that must not be possible
 * here. Each test does what was done there, as far as this API has the place to do it; over that backend's own protocol they are done
 * in `c15t-truth.test.ts`.
 */
import { beforeEach, expect, test } from 'vitest'
import { deviceIdentity } from '../../functions/http/access.ts'
import { apiRoutes } from '../../shared/api/routes.ts'
import {
  audit,
  bearer,
  dayMs,
  decisionEvent,
  device,
  type EventBody,
  hourMs,
  moved,
  noon,
  notice,
  record,
  statusOfVisitor,
  visitorEvent,
} from '../support/demo-calls.ts'
import { aDeviceSecret, siteKeyOf } from '../support/running-ledger.ts'
import { sharedLedger } from '../support/shared-ledger.ts'
import { isEvent } from '../support/stored-items.ts'

const ledger = sharedLedger()
beforeEach(() => ledger.setClock(noon))

const statistics = (verb: string) => ({ decisions: [{ purposeId: 'statistics', verb }] })
const me = (what: string) => `/v1/me/${what}?key=${siteKeyOf(ledger, 'ljungsten/web')}`

test('1: a refusal does not read as consent, and nobody learns without a credential whether someone has a record', async () => {
  const secret = aDeviceSecret()
  await record(ledger, visitorEvent(ledger, secret, statistics('refused')))
  const answer = await statusOfVisitor(ledger, secret, { purposeId: 'statistics' })
  expect(answer).toMatchObject({ status: 'Refused', permittedByConsent: false })
  const probe = { controller: 'ljungsten', subject: deviceIdentity(secret), purposeId: 'statistics' }
  for (const question of ['consents', 'timeline', 'proofs']) {
    expect((await ledger.post(`/v1/audit/${question}`, probe)).status).toBe(401)
  }
  expect((await ledger.get(me('consents'))).status).toBe(401)
  const probing = `${me('consents')}&externalId=victim@corp.example`
  expect((await ledger.get(probing)).status).toBe(401)
  expect((await ledger.get(probing, device(secret))).status).toBe(400)
})

test('2: the opposite choice under the same id and time is a conflict, and no answer claims what is not stored', async () => {
  const secret = aDeviceSecret()
  const event = visitorEvent(ledger, secret, { occurredAt: noon, ...statistics('refused') })
  await record(ledger, event)
  const opposite = await record(ledger, { ...event, ...statistics('given') })
  expect([opposite.status, opposite.json.code, opposite.json.decisions]).toEqual([409, 'event-conflict', undefined])
  expect((await statusOfVisitor(ledger, secret, { purposeId: 'statistics' })).status).toBe('Refused')
  const other = await record(ledger, visitorEvent(ledger, secret, { occurredAt: noon, ...statistics('withdrawn') }))
  expect(other.status).toBe(201)
})

test('3: nobody puts a decision into the record of someone else, by identifier or by a changed subject', async () => {
  const victim = { type: 'email', id: 'victim@corp.example' }
  const forged = { ...decisionEvent(ledger), subject: { identifier: victim } }
  expect((await record(ledger, forged)).status).toBe(401)
  expect((await record(ledger, forged, 'ljungsten/web', device(aDeviceSecret()))).status).toBe(401)
  const [own, theirs] = [await ledger.token('', 'ljungsten', 'acct-1'), { type: 'account', id: 'acct-2' }]
  expect(
    (await record(ledger, { ...forged, subject: { identifier: theirs } }, 'ljungsten/web', bearer(own))).status,
  ).toBe(403)
  const smuggled = { ...decisionEvent(ledger), subject: { deviceSecret: aDeviceSecret(), externalId: victim.id } }
  expect((await record(ledger, smuggled)).status).toBe(400)
  for (const subject of [victim, theirs]) {
    expect((await audit(ledger, 'timeline', { subject, purposeId: 'statistics' })).json.events).toEqual([])
  }
  expect((await ledger.send('/v1/subjects/1', { method: 'PATCH', body: '{}' })).status).toBe(404)
})

test('4: a page of a stranger cannot write, and nobody names the site but its key', async () => {
  const before = (await ledger.stored('entries')).filter(isEvent).length
  const event = visitorEvent(ledger, aDeviceSecret())
  expect((await record(ledger, event, 'ljungsten/web', { origin: 'https://evil.example' })).status).toBe(403)
  expect((await record(ledger, { ...event, domain: 'bank.example' })).status).toBe(400)
  expect((await record(ledger, { ...event, site: 'back-office' })).status).toBe(400)
  expect((await ledger.stored('entries')).filter(isEvent).length).toBe(before)
})

test('5: a decision dated ten years back is recorded with the ledger’s own time, and counts from then', async () => {
  const secret = aDeviceSecret()
  const occurredAt = moved(noon, -3650 * dayMs)
  for (const sentAt of [undefined, ledger.now()]) {
    const { json } = await record(ledger, visitorEvent(ledger, secret, { occurredAt, sentAt }))
    expect(json.times).toMatchObject({ occurredAt, verdict: 'rejected', effectiveAt: json.times.recordedAt })
  }
  const then = { purposeId: 'statistics', at: moved(noon, -1) }
  expect((await statusOfVisitor(ledger, secret, then)).status).toBe('Unknown')
})

test('6: terms of next year are not in force, and accepting them now does not make them so', async () => {
  const secret = aDeviceSecret()
  const decisions = [{ policyId: 'general-terms', verb: 'accepted' }]
  const { json } = await record(ledger, visitorEvent(ledger, secret, { decisions, shown: undefined }))
  expect(json.link).toEqual([{ policyId: 'general-terms', inForce: '2', shown: '2', grade: 'assumed' }])
  const early = aDeviceSecret()
  const shown = [{ policyId: 'privacy-policy', version: '3' }]
  const offers = { decisions: [{ purposeId: 'partner-offers', verb: 'given' }], shown }
  const ahead = await record(ledger, visitorEvent(ledger, early, offers))
  expect(ahead.json.decisions[0]).toMatchObject({ effect: 'none', reason: 'text-not-yet-in-force' })
  const topic = { purposeId: 'partner-offers' }
  expect(await statusOfVisitor(ledger, early, topic)).toMatchObject({ status: 'Unknown', inForce: '2' })
  expect(await statusOfVisitor(ledger, early, { ...topic, at: '2027-01-15T00:00:00Z' })).toMatchObject({
    status: 'Given',
    inForce: '3',
  })
})

test('7: a decision on a text served long ago is recorded, graded, and never bound to another text', async () => {
  const secret = aDeviceSecret()
  ledger.setClock('2025-05-30T12:00:00.000Z')
  const { noticeToken } = (await notice(ledger, 'cookie-policy', 'ljungsten/web', device(secret))).json
  ledger.setClock('2025-06-05T12:00:00.000Z')
  const event = visitorEvent(ledger, secret, { shown: [{ noticeToken }] })
  const { status, json } = await record(ledger, event)
  expect([status, json.link[0]]).toEqual([
    201,
    expect.objectContaining({ grade: 'served-expired', shown: '1', inForce: '2' }),
  ])
  expect(json.decisions[0]).toMatchObject({ effect: 'none', reason: 'outdated-text' })
  const refused = await record(
    ledger,
    visitorEvent(ledger, secret, { ...statistics('refused'), shown: [{ noticeToken }] }),
  )
  expect(refused.json.decisions[0].effect).toBe('no')
  expect((await record(ledger, event)).status).toBe(200)
})

test('8: no header of the caller says where the caller is', async () => {
  const spoofed = {
    'x-forwarded-for': '203.0.113.9',
    'x-real-ip': '203.0.113.9',
    forwarded: 'for=203.0.113.9',
    'cf-connecting-ip': '203.0.113.9',
    'cloudfront-viewer-country': 'US',
    'x-country': 'US',
  }
  const plain = await record(ledger, visitorEvent(ledger, aDeviceSecret()))
  const { status, json } = await record(ledger, visitorEvent(ledger, aDeviceSecret()), 'ljungsten/web', spoofed)
  const opened = json.disclosures.map((d: string) => Buffer.from(d, 'base64url').toString()).join('\n')
  expect(status).toBe(201)
  expect(opened).toContain('127.0.0.0')
  expect(opened).not.toContain('203.0.113')
  expect(json.decisions).toEqual(plain.json.decisions)
})

test('9: the document of the API and the API agree on what a bad body gets', async () => {
  const document = (await ledger.get('/openapi.json')).json
  const { responses } = document.paths['/v1/events'].post
  expect(Object.keys(responses).sort()).toEqual(['200', '201', '4XX', '5XX'])
  expect(Object.keys(responses['4XX'].content)).toEqual(['application/problem+json'])
  const bad = await record(ledger, { hello: 'world' })
  expect([bad.status, bad.headers.get('content-type')]).toEqual([400, 'application/problem+json'])
  for (const name of document.components.schemas.Problem.required) expect(bad.json).toHaveProperty(name)
})

test('10: a record has a receipt and an answer for any instant; long ones are whole; nothing edits or deletes', async () => {
  const secret = aDeviceSecret()
  const events = Array.from({ length: 25 }, (_, i) =>
    visitorEvent(ledger, secret, statistics(i % 2 ? 'given' : 'refused')),
  )
  for (let i = 0; i < 12; i++) {
    await record(ledger, { events: events.map((e) => ({ ...e, eventId: crypto.randomUUID() })) })
  }
  const { json } = await audit(ledger, 'timeline', { subject: deviceIdentity(secret), purposeId: 'statistics' })
  expect(json.events).toHaveLength(300)
  const receipt = (await record(ledger, visitorEvent(ledger, secret))).json
  expect(receipt.schemaVersion).toBe('consent-receipt@1')
  const before = { purposeId: 'statistics', at: moved(noon, -hourMs) }
  expect((await statusOfVisitor(ledger, secret, before)).status).toBe('Unknown')
  const methods: ReadonlySet<string> = new Set(apiRoutes.map((route) => route.method))
  expect(methods).toEqual(new Set(['GET', 'POST']))
  const reads = (await ledger.stored('entries')).filter((item) => item.pk.startsWith('ljungsten#read#'))
  expect(reads.length).toBeGreaterThanOrEqual(2)
  const unasked: EventBody[] = json.events.filter((e: EventBody) => 'context' in e)
  expect(unasked).toEqual([])
})
