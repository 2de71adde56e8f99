/**
 * Mandates over HTTP: a guardian's yes counts from when the mandate is recorded until it is revoked, in the person's own answers and in a proof
 * that verifies offline; who may record one, and what is refused. The age gate takes an outcome and no date of birth.
 */
import { randomUUID } from 'node:crypto'
import { describe, expect, it, test } from 'vitest'
import { deviceIdentity } from '../../functions/http/access.ts'
import { policyOfKeys, verifyFile } from '../../shared/verify/verify.ts'
import { audit, bearer, decisionEvent, device, type EventBody, record, visitorEvent } from '../support/demo-calls.ts'
import { aDeviceSecret, siteKeyOf } from '../support/running-ledger.ts'
import { sharedLedger } from '../support/shared-ledger.ts'

const ledger = sharedLedger({ clockOnlyGoesOn: true })

const draftOf = (subject: object, more: EventBody = {}) => ({
  ...{ controller: 'ljungsten', subject, mandateId: randomUUID(), kind: 'guardian', ground: 'parental-responsibility' },
  ...{ covers: { kind: 'listed', purposeIds: ['statistics'] }, from: '2020-01-01T00:00:00Z' },
  ...{ comesOfAgeAt: '2090-01-01T00:00:00Z' },
  ...more,
})

async function send(path: string, body: unknown, scope = 'consent.mandate', controller = 'ljungsten') {
  return ledger.post(path, body, bearer(await ledger.token(scope, controller, 'registrar')))
}

const yesUnder = (secret: string, mandateId: unknown) =>
  record(ledger, visitorEvent(ledger, secret, { actor: { role: 'guardian', mandateId } }))

async function ownStatus(secret: string) {
  const key = siteKeyOf(ledger, 'ljungsten/web')
  const { json } = await ledger.get(`/v1/me/consents?key=${key}`, device(secret))
  return { ...json.consents.find((each: EventBody) => each.purposeId === 'statistics'), mandates: json.mandates }
}

describe('a mandate', () => {
  it('makes a guardian’s yes count, until it is revoked; proofs verify offline', async () => {
    const secret = aDeviceSecret()
    const subject = deviceIdentity(secret)
    const draft = draftOf(subject, { evidence: 'case 4711' })
    const made = await send('/v1/mandates', draft)
    expect([made.status, made.json]).toMatchObject([201, { mandateId: draft.mandateId, evidence: 'case 4711' }])
    expect(made.json.recordedBy.subject).toBe('registrar')
    expect((await send('/v1/mandates', draft)).status).toBe(200)
    expect((await send('/v1/mandates', { ...draft, ground: 'law' })).json.code).toBe('already-exists')

    const yes = await yesUnder(secret, draft.mandateId)
    expect(yes.json.decisions[0]).toMatchObject({ effect: 'yes', reason: 'subject-to-mandate' })
    const own = await ownStatus(secret)
    expect(own).toMatchObject({ status: 'Given', mandate: draft.mandateId, mandates: [{ kind: 'guardian' }] })
    const proof = await audit(ledger, 'proofs', { subject, purposeId: 'statistics' })
    expect(proof.json).toMatchObject({ answer: { status: 'Given', mandate: draft.mandateId }, mandates: [{}] })
    const policy = policyOfKeys(ledger.local.logKeys('ljungsten'))
    expect((await verifyFile(proof.text, policy)).verdict).toBe('valid')

    const path = `/v1/mandates/${draft.mandateId}/revocation`
    const ended = await send(path, { controller: 'ljungsten', subject })
    expect([ended.status, ended.json]).toMatchObject([200, { revokedBy: { subject: 'registrar' } }])
    expect((await send(path, { controller: 'ljungsten', subject })).json).toEqual(ended.json)
    const no = { decisions: [{ purposeId: 'statistics', verb: 'withdrawn' }] }
    await record(ledger, visitorEvent(ledger, secret, { ...no, actor: { role: 'guardian' } }))
    await yesUnder(secret, draft.mandateId)
    expect(await ownStatus(secret)).toMatchObject({
      status: 'Withdrawn',
      withoutEffect: [{ reason: 'mandate-not-standing' }],
      mandates: [{ revokedAt: ended.json.revokedAt }],
    })
  })

  it('is in the receipts that the person fetches, which say offline whether it stood', async () => {
    const secret = aDeviceSecret()
    const subject = deviceIdentity(secret)
    const draft = draftOf(subject)
    await send('/v1/mandates', draft)
    const yes = await yesUnder(secret, draft.mandateId)
    expect(yes.json.mandates).toBeUndefined()
    await send(`/v1/mandates/${draft.mandateId}/revocation`, { controller: 'ljungsten', subject })
    await yesUnder(secret, draft.mandateId)
    await audit(ledger, 'proofs', { subject, purposeId: 'statistics' })
    const { json } = await ledger.get(`/v1/me/receipts?key=${siteKeyOf(ledger, 'ljungsten/web')}`, device(secret))
    const policy = policyOfKeys(ledger.local.logKeys('ljungsten'))
    const verified = async (receipt: EventBody) => {
      const { verdict, steps, failed } = await verifyFile(JSON.stringify(receipt), policy)
      return [verdict, failed?.step, steps.find(({ says }) => says.includes('stand') || says.includes('stood'))?.says]
    }
    const [late, first] = json.receipts
    expect(first.mandates).toHaveLength(2)
    const name = JSON.stringify(draft.mandateId)
    const stood = `The log has the mandate ${name}, and it stood for the yes to "statistics".`
    const lapsed = `The log has the mandate ${name}, and it did not stand for the yes to "statistics": mandate-not-standing.`
    expect(await verified(first)).toEqual(['valid', undefined, stood])
    expect(await verified(late)).toEqual(['valid', undefined, lapsed])
    const { mandates, ...without } = late
    expect((await verified(without)).slice(0, 2)).toEqual(['invalid', 'record'])
    expect((await verified({ ...late, mandates: mandates.slice(0, 1) })).slice(0, 2)).toEqual(['invalid', 'record'])
    const own = await record(ledger, visitorEvent(ledger, aDeviceSecret()))
    expect((await verified({ ...own.json, mandates })).slice(0, 2)).toEqual(['invalid', 'inclusion'])
  })

  it('of another controller, or of another person, or none, gives a yes no effect', async () => {
    const secret = aDeviceSecret()
    const theirs = { covers: { kind: 'all' }, controller: 'tallmo' }
    const atTallmo = await send('/v1/mandates', draftOf(deviceIdentity(secret), theirs), 'consent.mandate', 'tallmo')
    const another = await send('/v1/mandates', draftOf(deviceIdentity(aDeviceSecret())))
    expect([atTallmo.status, another.status]).toEqual([201, 201])
    for (const mandateId of [atTallmo.json.mandateId, another.json.mandateId, undefined]) {
      await yesUnder(secret, mandateId)
      expect(await ownStatus(secret)).toMatchObject({ status: 'Unknown', reason: 'no-mandate' })
    }
  })
})

describe('what is refused', () => {
  const subject = { type: 'email', id: 'kim@example.org' }

  test.each(['consent.write', 'consent.admin', 'consent.erase', ''])('a token of the scope “%s”', async (scope) => {
    const path = `/v1/mandates/${randomUUID()}/revocation`
    for (const reply of [
      await send('/v1/mandates', draftOf(subject), scope),
      await send(path, { controller: 'ljungsten', subject }, scope),
    ])
      expect([reply.status, reply.json.code]).toEqual([403, 'forbidden'])
  })

  test.each<[string, EventBody, string, string]>([
    ['no end', { comesOfAgeAt: undefined }, 'invalid-request', '/until'],
    ['the coming of age of whom a delegate acts for', { kind: 'delegate' }, 'invalid-request', '/comesOfAgeAt'],
    ['an end in the past', { until: '2021-01-01T00:00:00Z' }, 'invalid-request', '/until'],
    ['a date of birth', { birthDate: '2014-05-04' }, 'invalid-request', '/birthDate'],
    [
      'a purpose of nobody',
      { covers: { kind: 'listed', purposeIds: ['x'] } },
      'unknown-purpose',
      '/covers/purposeIds/0',
    ],
    ['nothing that it covers', { covers: { kind: 'listed', purposeIds: [] } }, 'invalid-request', '/covers'],
    ['an end before its start', { from: '2091-01-01T00:00:00Z' }, 'invalid-request', '/from'],
    ['nobody', { subject: { type: 'email', id: '\u200b' } }, 'invalid-request', '/subject/id'],
    ['a telephone without a digit', { subject: { type: 'phone', id: 'abc' } }, 'invalid-request', '/subject/id'],
    ['evidence that is a story', { evidence: 'x'.repeat(201) }, 'invalid-request', '/evidence'],
  ])('a mandate with %s', async (_, more, code, field) => {
    const { status, json } = await send('/v1/mandates', draftOf(subject, more))
    expect([status, json.code, json.field]).toEqual([400, code, field])
  })

  it('a revocation of what is not there, the same for a person whom the ledger does not know', async () => {
    for (const id of ['kim@example.org', 'nobody@example.org']) {
      const body = { controller: 'ljungsten', subject: { type: 'email', id } }
      const { status, json } = await send(`/v1/mandates/${randomUUID()}/revocation`, body)
      expect([status, json.code]).toEqual([404, 'not-found'])
    }
  })

  test.each<[string, EventBody, EventBody]>([
    ['as the outcome', { ageGate: '2014-05-04' }, { field: '/ageGate', allowed: ['passed', 'failed', 'not-asked'] }],
    ['beside it', { ageGate: 'passed', birthDate: '2014-05-04' }, { field: '/birthDate' }],
    ['in its place', { ageGate: { birthDate: '2014-05-04' } }, { field: '/ageGate' }],
  ])('a date of birth in an event, %s', async (_, more, refusal) => {
    const event = { ...decisionEvent(ledger), subject: { deviceSecret: aDeviceSecret() }, ...more }
    const { status, json } = await record(ledger, event)
    expect([status, json]).toMatchObject([400, { code: 'invalid-request', ...refusal }])
  })
})
