/**
 * Legal holds over HTTP: who may make and lift one, what an erasure answers meanwhile, that retention takes nothing however late it is, and
 * that proofs from before verify when the erasure was carried out after all.
 */
import { randomUUID } from 'node:crypto'
import { describe, expect, it, test } from 'vitest'
import { retainWholeVault } from '../../infra/local/daily-retention.ts'
import { policyOfKeys, verifyFile } from '../../shared/verify/verify.ts'
import { audit, bearer, type EventBody, record, visitorEvent } from '../support/demo-calls.ts'
import { expectRefusal } from '../support/refusals.ts'
import type { Reply } from '../support/running-ledger.ts'
import { sharedLedger } from '../support/shared-ledger.ts'

const ledger = sharedLedger({ clockOnlyGoesOn: true })

const kim = { type: 'email', id: 'kim@example.org' }
const draftOf = (more: EventBody = {}) => ({
  ...{ controller: 'ljungsten', holdId: randomUUID(), ground: 'legal-claim', covers: { subject: kim } },
  ...more,
})

async function send(path: string, body: unknown, scope = 'consent.hold', controller = 'ljungsten'): Promise<Reply> {
  return ledger.post(path, body, bearer(await ledger.token(scope, controller, 'counsel')))
}
const make = (more?: EventBody, scope?: string, controller?: string) =>
  send('/v1/holds', draftOf(more), scope, controller)
const release = (holdId: unknown, scope?: string, controller?: string) =>
  send(`/v1/holds/${holdId}/release`, { controller: 'ljungsten' }, scope, controller)
const list = async (query = '', scope = 'consent.hold', controller = 'ljungsten') =>
  ledger.get(`/v1/controllers/ljungsten/holds${query}`, bearer(await ledger.token(scope, controller)))
const erase = (subject = kim, scope = 'consent.erase') =>
  send('/v1/erasures', { controller: 'ljungsten', subject, ground: 'data-subject-request' }, scope)

async function decided(subject = kim): Promise<void> {
  const event = visitorEvent(ledger, '', {
    subject: { identifier: subject },
    decisions: [{ purposeId: 'newsletter', verb: 'given' }],
    shown: [{ policyId: 'privacy-policy', version: '2' }],
  })
  const reply = await record(ledger, event, 'ljungsten/back-office', bearer(await ledger.token('consent.write')))
  expect(reply.status).toBe(201)
}

async function retain(): Promise<Record<string, number>> {
  const report = { changed: () => undefined, counted: () => undefined, disposed: () => undefined }
  return { ...(await retainWholeVault(ledger.local.retentionJob, report)) }
}

describe('a person on whom a hold is', () => {
  it('is erased by the same request after the hold was released', async () => {
    const sam = { ...kim, id: 'sam@example.org' }
    await decided(sam)
    const { holdId } = (await make({ covers: { subject: sam }, ground: 'order' })).json
    // Who may not make holds does not learn of an order.
    expect((await erase(sam)).json.held).toEqual([{}])
    expect((await erase(sam, 'consent.erase consent.hold')).json.held).toEqual([{ holdId, ground: 'order' }])
    await release(holdId)
    expect((await erase(sam)).json).toMatchObject({ outcome: 'erased', events: 1 })
  })

  it('is not erased before it ends, by nobody; then is, and proofs from before verify', async () => {
    await decided()
    const proof = (await audit(ledger, 'proofs', { subject: kim, purposeId: 'newsletter' })).text
    const made = await make()
    expect([made.status, made.json]).toMatchObject([201, { covers: { subject: true }, stands: true }])
    expect(made.json.madeBy.subject).toBe('counsel')
    expect(made.text).not.toContain('kim')

    const held = await erase()
    expect([held.status, held.json]).toMatchObject([
      200,
      { outcome: 'held', events: 0, held: [{ ground: 'legal-claim' }] },
    ])
    expect(held.json.held).toEqual([{ ground: 'legal-claim' }])
    ledger.setClock('2045-01-01T00:00:00.000Z')
    expect(await retain()).toMatchObject({ held: 1, erased: 0, years: 0, contexts: 0 })
    const status = await audit(ledger, 'timeline', { subject: kim, purposeId: 'newsletter' })
    expect(status.json.events).toHaveLength(1)

    const ended = await release(made.json.holdId)
    expect([ended.status, ended.json]).toMatchObject([200, { stands: false, releasedBy: { subject: 'counsel' } }])
    expect((await list()).json.holds).toContainEqual(ended.json)
    const { erased } = await retain()
    expect(erased).toBeGreaterThan(0)
    expect((await erase()).json.outcome).toBe('nothing-found')
    expect((await audit(ledger, 'timeline', { subject: kim, purposeId: 'newsletter' })).json.events).toEqual([])
    expect((await verifyFile(proof, policyOfKeys(ledger.local.logKeys('ljungsten')))).verdict).toBe('valid')
  })
})

describe('who may make, lift and list holds', () => {
  test.each(['consent.erase', 'consent.admin', 'consent.audit', 'consent.write', 'ledger.admin', ''])(
    'not a token of the scope “%s”',
    async (scope) => {
      for (const reply of [await make({}, scope), await release(randomUUID(), scope), await list('', scope)])
        expectRefusal(reply, { status: 403, code: 'forbidden', allowed: ['consent.hold'] }, kim.id)
    },
  )

  test('not another controller’s counsel, and not without a token', async () => {
    const theirs = [
      await make({}, 'consent.hold', 'tallmo'),
      await release(randomUUID(), 'consent.hold', 'tallmo'),
      await list('', 'consent.hold', 'tallmo'),
      await ledger.post('/v1/holds', draftOf()),
      await ledger.get('/v1/controllers/ljungsten/holds'),
    ]
    for (const reply of theirs) expectRefusal(reply, { status: 401, code: 'unauthenticated' }, kim.id)
  })
})

test.each<[string, EventBody, string]>([
  ['no ground', { ground: undefined }, '/ground'],
  ['a ground in free text', { ground: 'Kim sues us' }, '/ground'],
  ['an id that says whom it is on', { holdId: 'kim-v-ljungsten' }, '/holdId'],
  ['nothing that it covers', { covers: {} }, '/covers'],
  ['two things that it covers', { covers: { purposeId: 'newsletter', before: '2026-01-01T00:00:00Z' } }, '/covers'],
  ['an identifier with nothing in it', { covers: { subject: { type: 'email', id: ' ' } } }, '/covers/subject/id'],
  ['an end that has passed', { covers: { purposeId: 'newsletter' }, until: '2020-01-01T00:00:00Z' }, '/until'],
  ['an end that is no instant', { until: 'next year' }, '/until'],
  ['a field that there is not', { note: 'Kim' }, ''],
])('refuses %s', async (_, more, field) => {
  const reply = await make(more)
  expect([reply.status, reply.json.code]).toEqual([400, 'invalid-request'])
  expect(String(reply.json.field)).toContain(field)
})

test('refuses an unknown purpose, an unknown person and an unknown hold', async () => {
  expectRefusal(await make({ covers: { purposeId: 'nothing' } }), {
    code: 'unknown-purpose',
    field: '/covers/purposeId',
  })
  const nobody = { subject: { ...kim, id: 'nobody@example.org' } }
  expectRefusal(await make({ covers: nobody }), { status: 404, code: 'not-found' }, 'nobody@')
  expectRefusal(await release(randomUUID()), { status: 404, code: 'not-found' })
  expectRefusal(await release('x'), { code: 'invalid-request' })
})

test('the same hold twice is one; its id cannot be used for another', async () => {
  const draft = { holdId: randomUUID(), covers: { before: '2001-01-01T00:00:00Z' } }
  const [first, second] = [await make(draft), await make(draft)]
  expect([first.status, second.status]).toEqual([201, 200])
  expect(second.json).toEqual(first.json)
  expectRefusal(await make({ ...draft, ground: 'order' }), { status: 409, code: 'already-exists', field: '/holdId' })
})
