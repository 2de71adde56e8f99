/**
 * Erasure over HTTP: who may ask for it, what it answers, and what is left of the person in every answer of the ledger; while proofs that
 * were handed out before, and the log, verify as if nothing had happened.
 */
import { beforeAll, describe, expect, it, test } from 'vitest'
import { deviceIdentity } from '../../functions/http/access.ts'
import { httpLog } from '../../infra/command/http-log.ts'
import { parsePolicy } from '../../shared/tlog/tlog-policy.ts'
import { checkLog } from '../../shared/verify/log-check.ts'
import { policyOfKeys, verifyFile } from '../../shared/verify/verify.ts'
import { audit, bearer, device, type EventBody, record, visitorEvent } from '../support/demo-calls.ts'
import { expectRefusal } from '../support/refusals.ts'
import { aDeviceSecret, type Reply, siteKeyOf } from '../support/running-ledger.ts'
import { sharedLedger } from '../support/shared-ledger.ts'
import { isEvent } from '../support/stored-items.ts'

const ledger = sharedLedger({ clockOnlyGoesOn: true })

const kim = { type: 'email', id: 'kim@example.org' }
const request = (more: EventBody = {}) => ({
  controller: 'ljungsten',
  subject: kim,
  ground: 'data-subject-request',
  ...more,
})

async function erase(body: unknown = request(), scope = 'consent.erase', controller = 'ljungsten'): Promise<Reply> {
  return ledger.post('/v1/erasures', body, bearer(await ledger.token(scope, controller)))
}

/** An event of a person whom a server knows. */
async function operatorEvent(subject = kim, verb = 'given'): Promise<Reply> {
  const event = visitorEvent(ledger, '', {
    subject: { identifier: subject },
    decisions: [{ purposeId: 'newsletter', verb }],
    shown: [{ policyId: 'privacy-policy', version: '2' }],
  })
  const reply = await record(ledger, event, 'ljungsten/back-office', bearer(await ledger.token('consent.write')))
  expect(reply.status).toBe(201)
  return reply
}

const verified = (text: string) => verifyFile(text, policyOfKeys(ledger.local.logKeys('ljungsten')))
const proofOf = (subject: EventBody) => audit(ledger, 'proofs', { subject, purposeId: 'newsletter' })
const erasureEntries = async () => (await ledger.stored('entries')).filter(({ pk }) => pk.endsWith('#erased'))

describe('who may erase', () => {
  test.each(['consent.admin', 'consent.audit', 'consent.write consent.import', 'consent.eraser', 'ledger.admin', ''])(
    'not a token of the scope “%s”',
    async (scope) => {
      expectRefusal(
        await erase(request(), scope),
        { status: 403, code: 'forbidden', allowed: ['consent.erase'] },
        kim.id,
      )
    },
  )

  test.each([
    ['a token of another controller', 'tallmo', 'consent.erase consent.admin'],
    ['a token of the ledger itself', 'ledger', 'ledger.admin consent.erase'],
  ])('not %s, and it learns nothing of who there is', async (_, controller, scope) => {
    const [known, unknown] = [
      await erase(request(), scope, controller),
      await erase(request({ controller: 'nobody' }), scope, controller),
    ]
    expectRefusal(known, { status: 401, code: 'unauthenticated' }, kim.id)
    expect(known.json.detail).toBe(unknown.json.detail)
  })

  test('not a caller without a token, with a site key, or as the subject', async () => {
    const secret = aDeviceSecret()
    const credentials: Record<string, string>[] = [
      {},
      device(secret),
      { 'x-site-key': siteKeyOf(ledger, 'ljungsten/web') },
    ]
    for (const headers of credentials) {
      const body = request({ subject: deviceIdentity(secret) })
      expectRefusal(await ledger.post('/v1/erasures', body, headers), { status: 401, code: 'unauthenticated' }, secret)
    }
    expect(await erasureEntries()).toEqual([])
  })
})

test.each<[string, EventBody, string]>([
  ['no ground', { ground: undefined }, '/ground'],
  ['a ground in free text', { ground: 'Kim asked us to' }, '/ground'],
  ['a scope that there is not', { scope: 'newsletter' }, '/scope'],
  ['no subject', { subject: undefined }, '/subject'],
  ['an auditor as the subject', { subject: { type: 'reader', id: 'x' } }, '/subject/type'],
  ['an identifier with nothing in it', { subject: { type: 'email', id: '   ' } }, '/subject/id'],
  ['a device secret itself', { subject: { deviceSecret: aDeviceSecret() } }, '/subject/type'],
  ['a field that there is not', { dryRun: true }, '/dryRun'],
  ['no controller', { controller: undefined }, '/controller'],
])('refuses %s', async (_, more, field) => {
  expectRefusal(await erase(request(more)), { code: 'invalid-request', field })
})

test('answers in the same form for an unknown person, and leaves no trace of the request', async () => {
  const before = await ledger.stored('entries')
  const { status, json } = await erase(
    request({ subject: { type: 'email', id: 'nobody@example.org' }, ground: 'order' }),
  )
  expect(status).toBe(200)
  expect(json).toMatchObject({
    controller: 'ljungsten',
    ground: 'order',
    scope: 'subject',
    outcome: 'nothing-found',
    events: 0,
  })
  expect(await ledger.stored('entries')).toEqual(before)
})

describe('a person who is erased', () => {
  let proofBefore = ''
  let answer: Reply
  let subs: string[]
  const bystander = { type: 'email', id: 'someone@else.example' }

  beforeAll(async () => {
    const said = [await operatorEvent(), await operatorEvent({ type: 'email', id: ' KIM@Example.org ' }, 'withdrawn')]
    await operatorEvent(bystander)
    subs = said.map(({ json }) => JSON.parse(json.leaf).sub)
    proofBefore = (await proofOf(kim)).text
    answer = await erase(request({ subject: { type: 'email', id: 'Kim@Example.ORG' } }))
  })

  it('is reported as erased: what was done, who has copies, until when it is pending', () => {
    expect(answer.status).toBe(200)
    expect(answer.json).toMatchObject({ outcome: 'erased', events: 2, pending: { in: 'file' } })
    expect(answer.json.pending.until).toBeUndefined()
    expect(answer.json.copies.map((c: EventBody) => [c.copy, c.holders, c.count])).toEqual([
      ['receipts', 'known', 2],
      ['audit-reads', 'unknown', undefined],
      ['log-mirrors', 'harmless', undefined],
    ])
  })

  it('is named in no part of the answer, neither by identifier nor by pseudonym', () => {
    expect(new Set(subs).size).toBe(1)
    for (const word of [...subs, 'kim', 'Kim', 'example.org']) expect(answer.text).not.toContain(word)
  })

  it('is unknown to later answers, while another person is still known', async () => {
    const topic = { purposeId: 'newsletter' }
    expect((await audit(ledger, 'timeline', { subject: kim, ...topic })).json).toMatchObject({
      events: [],
      changes: [],
    })
    const { json } = await audit(ledger, 'consents', { subject: kim, ...topic })
    expect(json.consents[0]).toMatchObject({ status: 'Unknown', reason: 'nothing-recorded' })
    expect((await audit(ledger, 'timeline', { subject: bystander, ...topic })).json.events).toHaveLength(1)
  })

  it('was proven before: that proof still verifies, and one made now says that nothing is recorded', async () => {
    expect(await verified(proofBefore)).toMatchObject({ verdict: 'valid', answer: { status: { status: 'Refused' } } })
    const proof = await proofOf(kim)
    expect(await verified(proof.text)).toMatchObject({ verdict: 'valid', answer: { status: { status: 'Unknown' } } })
    expect(proof.json.events).toEqual([])
  })

  it('has events in the table still, and no row in the vault', async () => {
    const events = (await ledger.stored('entries')).filter(isEvent)
    expect(events.filter(({ pk }) => pk === `ljungsten#${subs[0]}`)).toHaveLength(2)
    const again = await erase()
    expect(again.json).toMatchObject({ outcome: 'nothing-found', events: 0, pending: { in: 'file' } })
    expect(Object.keys(again.json)).toEqual(Object.keys(answer.json))
  })

  it('gets a leaf when the erasures of the day are released, and not before; the log then checks as before', async () => {
    await ledger.local.runner.settle()
    const check = async () => {
      const token = await ledger.token('consent.audit')
      const policy = parsePolicy(await ledger.local.logPolicy('ljungsten'))
      return checkLog(httpLog(`${ledger.url}/log/ljungsten`, { token }), policy)
    }
    const before = await check()
    expect([before.verdict, before.kinds.erased]).toEqual(['valid', undefined])
    const erasures = await erasureEntries()
    expect(erasures.map(({ sk }) => sk)).toEqual([subs[0]])
    expect(await ledger.local.runner.release()).toBe(true)
    const after = await check()
    expect([after.verdict, after.kinds.erased]).toEqual(['valid', 1])
    expect(await ledger.local.runner.release()).toBe(true)
    expect((await check()).size).toBe(after.size)
  })

  it('becomes another subject when it is recorded again', async () => {
    const { json } = await operatorEvent()
    expect(JSON.parse(json.leaf).sub).not.toBe(subs[0])
    expect((await audit(ledger, 'timeline', { subject: kim, purposeId: 'newsletter' })).json.events).toHaveLength(1)
    expect(await verified((await proofOf(kim)).text)).toMatchObject({
      verdict: 'valid',
      answer: { status: { status: 'Requested' } },
    })
  })
})

test('a device that is erased reads nothing about itself any more, but the receipts that it kept still verify', async () => {
  const secret = aDeviceSecret()
  const event = visitorEvent(ledger, secret)
  const receipt = await record(ledger, event)
  await ledger.local.runner.settle()
  const key = siteKeyOf(ledger, 'ljungsten/web')
  const mine = (path: string) => ledger.get(`/v1/me/${path}?key=${key}`, device(secret))
  const withProof = (await mine('receipts')).json.receipts[0]
  expect((await erase(request({ subject: deviceIdentity(secret), ground: 'retention' }))).json.events).toBe(1)
  expect((await mine('receipts')).json).toEqual({ receipts: [] })
  expect(new Set((await mine('consents')).json.consents.map((c: EventBody) => c.status))).not.toContain('Given')
  expectRefusal(await ledger.get(`/v1/me/receipts?key=${key}&receiptId=${receipt.json.receiptId}`, device(secret)), {
    status: 404,
    code: 'not-found',
  })
  expect((await verified(JSON.stringify(withProof))).verdict).toBe('valid')
  // The very same event, sent again: of another subject, and recorded.
  const again = await record(ledger, event)
  expect([again.status, again.json.eventId]).toEqual([201, receipt.json.eventId])
  expect(again.json.receiptId).not.toBe(receipt.json.receiptId)
})
