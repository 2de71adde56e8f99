/** Who acts, over HTTP: operators, imports, accounts, double opt-in, and what subjects see and change of their own. */
import { randomUUID } from 'node:crypto'
import { beforeEach, describe, expect, test } from 'vitest'
import { deviceIdentity } from '../../functions/http/access.ts'
import { people } from '../../infra/demo/world/people.ts'
import {
  audit,
  bearer,
  dayMs,
  decisionEvent,
  device,
  type EventBody,
  minuteMs,
  moved,
  noon,
  record,
  visitorEvent,
} from '../support/demo-calls.ts'
import { aDeviceSecret, siteKeyOf } from '../support/running-ledger.ts'
import { sharedLedger } from '../support/shared-ledger.ts'

const ledger = sharedLedger()
beforeEach(() => ledger.setClock(noon))

async function operatorSays(identifier: EventBody, more: EventBody, scope = 'consent.write', assurance?: string) {
  const event = { ...decisionEvent(ledger, more), subject: { identifier, ...(assurance && { assurance }) } }
  return record(ledger, event, 'ljungsten/back-office', bearer(await ledger.token(scope, 'ljungsten', 'case-system')))
}

const emailOf = (name: string) => ({ type: 'email', id: `${name}-${randomUUID()}@brevbox.example` })
const newsletter = (verb: string, more: EventBody = {}) => ({
  decisions: [{ purposeId: 'newsletter', verb }],
  shown: [{ policyId: 'privacy-policy', version: '2' }],
  ...more,
})

describe('an operator verb', () => {
  test.each(['confirmed', 'revoked', 'invalidated', 'objection-overruled'])(
    '"%s" is refused without a token, in any clothes',
    async (verb) => {
      const decisions = [{ purposeId: 'statistics', verb }]
      const actor = { role: 'operator' }
      const secret = aDeviceSecret()
      const token = await ledger.token('consent.write', 'ljungsten', 'acct-1001')
      const tries = [
        await record(ledger, visitorEvent(ledger, secret, { decisions, actor })),
        await record(ledger, { ...decisionEvent(ledger, { decisions, actor }), subject: { token } }),
        await ledger.post(me('events'), decisionEvent(ledger, { decisions, actor }), device(secret)),
      ]
      for (const { status, json } of tries) {
        expect([status, json.code, json.field]).toEqual([403, 'verb-not-allowed', '/decisions/0/verb'])
      }
    },
  )

  test('"revoked" ends a consent, with its ground in the answer', async () => {
    const subject = emailOf('farid')
    const offers = (verb: string, more: EventBody = {}) => ({
      decisions: [{ purposeId: 'partner-offers', verb, ...more }],
      shown: [{ policyId: 'privacy-policy', version: '2' }],
    })
    await operatorSays(subject, { ...offers('given'), control: 'single', occurredAt: moved(noon, -minuteMs) })
    const given = await audit(ledger, 'consents', { subject, purposeId: 'partner-offers' })
    expect(given.json.consents[0].status).toBe('Given')
    await operatorSays(subject, offers('revoked', { ground: 'partner agreement ended' }))
    const { json } = await audit(ledger, 'consents', { subject, purposeId: 'partner-offers' })
    expect(json.consents[0]).toMatchObject({ status: 'Revoked', ground: 'partner agreement ended' })
  })
})

describe('an identifier', () => {
  test.each<[string, string | undefined, string | undefined, number, string]>([
    ['without a token', undefined, undefined, 401, 'unauthenticated'],
    ['with no scope', '', undefined, 403, 'forbidden'],
    ['with the auditor’s scope', 'consent.audit', undefined, 403, 'forbidden'],
    ['imported, with the scope to write', 'consent.write', 'imported', 403, 'forbidden'],
    ['written, with the scope to import', 'consent.import', 'operator', 403, 'forbidden'],
  ])('%s is refused', async (_, scope, assurance, status, code) => {
    const identifier = emailOf('forged')
    const event = { ...decisionEvent(ledger), subject: { identifier, ...(assurance && { assurance }) } }
    const headers = scope === undefined ? {} : bearer(await ledger.token(scope))
    const reply = await record(ledger, event, 'ljungsten/web', headers)
    expect([reply.status, reply.json.code]).toEqual([status, code])
    expect((await audit(ledger, 'timeline', { subject: identifier, purposeId: 'statistics' })).json.events).toEqual([])
  })

  test('sent by the operator gets the assurance operator, and is the same person in any spelling', async () => {
    const id = `Astrid.${randomUUID()}@Brevbox.example`
    const years = moved(noon, -600 * dayMs)
    const { status, json } = await operatorSays({ type: 'email', id: ` ${id} ` }, { occurredAt: years })
    expect([status, json.assurance, json.times.verdict, json.times.effectiveAt]).toEqual([
      201,
      'operator',
      'asserted',
      years,
    ])
    const found = await audit(ledger, 'timeline', {
      subject: { type: 'email', id: id.toUpperCase() },
      purposeId: 'statistics',
    })
    expect(found.json.events.map((e: EventBody) => [e.eventId, e.identity])).toEqual([
      [json.eventId, { type: 'email', id: id.toLowerCase() }],
    ])
  })

  test('imported keeps its own times', async () => {
    const occurredAt = '2024-03-05T10:00:00.000Z'
    const subject = emailOf('elin')
    const { status, json } = await operatorSays(
      subject,
      newsletter('refused', { occurredAt }),
      'consent.import',
      'imported',
    )
    expect([status, json.assurance, json.times.effectiveAt]).toEqual([201, 'imported', occurredAt])
    expect(json.link[0].inForce).toBe('1')
  })
})

test('the newsletter counts once its address is confirmed', async () => {
  const subject = emailOf('karin')
  const status = async () => (await audit(ledger, 'consents', { subject, purposeId: 'newsletter' })).json.consents[0]
  const opted = await operatorSays(subject, newsletter('given', { occurredAt: moved(noon, -minuteMs) }))
  expect(opted.json.decisions[0]).toMatchObject({ effect: 'yes', reason: 'awaiting-confirmation' })
  expect(await status()).toMatchObject({ status: 'Requested', permittedByConsent: false })
  const confirmed = await operatorSays(subject, newsletter('confirmed'), 'consent.write', 'confirmed')
  expect(confirmed.json.assurance).toBe('confirmed')
  expect(await status()).toMatchObject({
    status: 'Given',
    reason: 'confirmed',
    permittedByConsent: true,
    decidedBy: confirmed.json.eventId,
  })
})

const me = (what: string) => `/v1/me/${what}?key=${siteKeyOf(ledger, 'ljungsten/web')}`

describe('a subject', () => {
  test.each<[string, () => Promise<[EventBody, Record<string, string>]>]>([
    ['with a device secret', async () => withDevice(aDeviceSecret())],
    ['with an account', async () => withAccount(await ledger.token('', 'ljungsten', `acct-${randomUUID()}`))],
  ])('%s decides, sees it, withdraws, and sees that', async (_, credentials) => {
    const [subject, headers] = await credentials()
    const seen = async () => (await ledger.get(me('consents'), headers)).json.consents.find(isStatistics)
    const given = await record(ledger, { ...decisionEvent(ledger), subject })
    expect(given.status).toBe(201)
    expect(await seen()).toMatchObject({ status: 'Given', decidedBy: given.json.eventId })
    const decisions = [{ purposeId: 'statistics', verb: 'withdrawn' }]
    const withdrawn = await ledger.post(me('events'), decisionEvent(ledger, { decisions }), headers)
    expect([withdrawn.status, withdrawn.json.assurance]).toEqual([201, given.json.assurance])
    expect(await seen()).toMatchObject({ status: 'Withdrawn', decidedBy: withdrawn.json.eventId })
    const then = `${me('consents')}&at=${given.json.times.effectiveAt}&knownAt=${given.json.times.recordedAt}`
    expect((await ledger.get(then, headers)).json.consents.find(isStatistics).status).toBe('Given')
  })

  test('gets a status for every purpose and policy, decided or not', async () => {
    const { json } = await ledger.get(me('consents'), device(aDeviceSecret()))
    const topics = json.consents.map((c: EventBody) => c.purposeId ?? c.policyId)
    for (const id of ['statistics', 'newsletter', 'bookkeeping', 'general-terms']) expect(topics).toContain(id)
    expect(new Set(topics).size).toBe(topics.length)
  })

  test('may send batches of its own', async () => {
    const events = [decisionEvent(ledger), decisionEvent(ledger, { decisions: [] })]
    const { json } = await ledger.post(me('events'), { events }, device(aDeviceSecret()))
    expect(json.outcomes.map((o: EventBody) => o.status)).toEqual([201, 400])
  })

  test('who acts for another is recorded as doing so', async () => {
    const secret = aDeviceSecret()
    const mandateId = randomUUID()
    const actor = { ...people.georg.actsFor.actor, mandateId }
    const mandate = {
      ...{
        controller: 'ljungsten',
        subject: deviceIdentity(secret),
        mandateId,
        kind: actor.role,
        ground: 'appointment',
      },
      ...{ covers: { kind: 'all' }, from: '2020-01-01T00:00:00Z', until: '2090-01-01T00:00:00Z' },
    }
    const made = await ledger.post('/v1/mandates', mandate, bearer(await ledger.token('consent.mandate')))
    expect(made.status).toBe(201)
    const { json } = await record(ledger, visitorEvent(ledger, secret, { actor, ageGate: 'passed' }))
    const timeline = await audit(ledger, 'timeline', { subject: deviceIdentity(secret), purposeId: 'statistics' })
    expect(timeline.json.events[0]).toMatchObject({ eventId: json.eventId, who: { actor, ageGate: 'passed' } })
    expect(timeline.json.events[0].context).toBeUndefined()
    expect(timeline.json.changes.at(-1)).toMatchObject({ status: 'Given', decidedBy: json.eventId })
  })

  test('cannot ask with a knownAt in the future', async () => {
    const { status, json } = await ledger.get(
      `${me('consents')}&knownAt=${moved(noon, dayMs)}`,
      device(aDeviceSecret()),
    )
    expect([status, json.field]).toEqual([400, '/knownAt'])
  })
})

function withDevice(secret: string): [EventBody, Record<string, string>] {
  return [{ deviceSecret: secret }, device(secret)]
}

function withAccount(token: string): [EventBody, Record<string, string>] {
  return [{ token }, bearer(token)]
}

function isStatistics(consent: EventBody): boolean {
  return consent.purposeId === 'statistics'
}
