/**
 * Links through the front door: both sides prove themselves in one request, the answers of a linked person, and every way to link a stranger.
 */
import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, it, test } from 'vitest'
import { deviceIdentity } from '../../functions/http/access.ts'
import { bearer, bearerWithoutGrant, device, type EventBody, noon } from '../support/demo-calls.ts'
import { aDeviceSecret, type Reply, siteKeyOf } from '../support/running-ledger.ts'
import { sharedLedger } from '../support/shared-ledger.ts'

const ledger = sharedLedger()
beforeAll(() => ledger.setClock(noon))

const site = (name = 'ljungsten/web') => `key=${siteKeyOf(ledger, name)}`
const topic = { purposeId: 'statistics' }
const shown = [{ policyId: 'privacy-policy', version: '2', locale: 'en' }]

interface Person {
  readonly name: string
  readonly secret: string
  readonly token: string
}

async function aPerson(): Promise<Person> {
  const name = `person-${randomUUID()}`
  return { name, secret: aDeviceSecret(), token: await ledger.token('', 'ljungsten', name) }
}

function says(headers: Record<string, string>, verb: string): Promise<Reply> {
  const event = {
    eventId: randomUUID(),
    occurredAt: ledger.now(),
    decisions: [{ ...topic, verb }],
    shown: [{ policyId: 'cookie-policy', version: '2' }],
    act: 'button',
  }
  return ledger.post(`/v1/me/events?${site()}`, event, headers)
}

const linkBody = (secret: string, more: object = {}) => ({
  deviceSecret: secret,
  requestId: randomUUID(),
  shown,
  ...more,
})
const link = ({ secret, token }: Person, more: object = {}) =>
  ledger.post(`/v1/me/link?${site()}`, linkBody(secret, more), bearer(token))
const consents = async (headers: Record<string, string>) =>
  (await ledger.get(`/v1/me/consents?${site()}`, headers)).json
const about = (answers: { consents: EventBody[] } | undefined) =>
  answers?.consents.find(({ purposeId }) => purposeId === topic.purposeId)
const both = ({ secret, token }: Person) => ({ ...bearer(token), 'x-device-secret': secret })

describe('a person who links', () => {
  let kim: Person
  let linkId: string
  beforeAll(async () => {
    kim = await aPerson()
    await says(device(kim.secret), 'given')
    await says(bearer(kim.token), 'refused')
    const made = await link(kim)
    expect(made.status).toBe(201)
    linkId = made.json.linkId
  })

  it('sees the device, the account, and what both amount to, with the contradiction', async () => {
    const seen = await consents(both(kim))
    expect(about(seen.device)).toMatchObject({ status: 'Given' })
    expect(about(seen)).toMatchObject({ status: 'Refused' })
    expect(seen.device.linkId).toBe(linkId)
    expect(seen.joint.links).toMatchObject([{ linkId }])
    expect(about(seen.joint)).toMatchObject({
      status: 'Withdrawn',
      permittedByConsent: false,
      contradiction: { yes: [{ linkId, status: 'Given' }], no: [{ status: 'Refused' }] },
    })
  })

  it('is, logged out, the device alone: what the account chose changes nothing there', async () => {
    const seen = await consents(device(kim.secret))
    expect(about(seen)).toMatchObject({ status: 'Given', permittedByConsent: true })
    expect(Object.keys(seen)).not.toEqual(expect.arrayContaining(['joint']))
  })

  it('is answered to an auditor with the joint state, and the read is under both', async () => {
    const auditor = bearer(await ledger.token('consent.audit', 'ljungsten'))
    const reads = async () => (await ledger.stored('entries')).filter(({ pk }) => /#read#[\w-]{43}$/.test(pk)).length
    const before = await reads()
    const question = { controller: 'ljungsten', subject: deviceIdentity(kim.secret), ...topic }
    const { json } = await ledger.post('/v1/audit/consents', question, auditor)
    expect(json.consents[0]).toMatchObject({ status: 'Given' })
    expect(json.joint.consents[0]).toMatchObject({ status: 'Withdrawn', subjects: [{}, { linkId, status: 'Refused' }] })
    expect(await reads()).toBe(before + 2)
    expect(JSON.stringify(json)).not.toContain(kim.name)
  })

  it('is answered when the joint state changed, from the link on', async () => {
    const auditor = bearer(await ledger.token('consent.audit', 'ljungsten'))
    const question = { controller: 'ljungsten', subject: deviceIdentity(kim.secret), ...topic }
    const { json } = await ledger.post('/v1/audit/timeline', question, auditor)
    expect(json.changes).toMatchObject([{ status: 'Given' }])
    const [{ linkedAt }] = json.joint.links
    expect(json.joint).toMatchObject({ links: [{ linkId }], changes: [{ at: linkedAt, status: 'Withdrawn' }] })
    expect(json.events).toHaveLength(1)
    expect(JSON.stringify(json)).not.toContain(kim.name)
  })

  it('is answered in Swedish: the account, the device and both together', async () => {
    const seen = await consents({ ...both(kim), 'accept-language': 'sv' })
    const sentences = [seen, seen.device, seen.joint].map((part) => about(part)?.sentence)
    expect(sentences).toEqual([
      expect.stringMatching(/är Refused: ett nej är antecknat, avgjort/),
      expect.stringMatching(/är Given: ett samtycke är antecknat och gäller, avgjort/),
      expect.stringMatching(/är Withdrawn: ett återtagande är antecknat, avgjort av händelse [0-9a-f-]{36}[^;]*\.$/),
    ])
  })

  it('is answered by the grant: on the device alone without a link, on both with the joint state, in a proof too', async () => {
    const ofDevice = deviceIdentity(kim.secret)
    const cases = [
      [[ofDevice], false],
      [[ofDevice, { type: 'account', id: kim.name }], true],
    ] as const
    for (const [subjects, isJoint] of cases) {
      const auditor = `auditor-${randomUUID()}`
      const people = { named: subjects }
      const draft = { grantId: randomUUID(), auditor: { subject: auditor }, name: 'The board', subjects: people }
      const instants = { from: '2026-01-01T00:00:00Z', until: '2027-01-01T00:00:00Z' }
      const editor = await bearerWithoutGrant(ledger, 'editor', 'consent.admin')
      const made = await ledger.post('/v1/controllers/ljungsten/grants', { ...draft, ...instants }, editor)
      expect(made.status).toBe(201)
      const headers = await bearerWithoutGrant(ledger, auditor, 'consent.audit')
      for (const question of ['consents', 'timeline', 'proofs']) {
        const body = { controller: 'ljungsten', subject: ofDevice, ...topic }
        const { status, json } = await ledger.post(`/v1/audit/${question}`, body, headers)
        expect([status, 'joint' in json]).toEqual([200, isJoint])
      }
    }
  })

  it('links once, and parts again from either side', async () => {
    const again = await link(kim)
    expect([again.status, again.json.linkId]).toEqual([200, linkId])
    const unlink = (headers: Record<string, string>) =>
      ledger.post(`/v1/me/unlink?${site()}`, { linkId, requestId: randomUUID() }, headers)
    const stranger = await aPerson()
    await says(device(stranger.secret), 'given')
    expect((await unlink(device(stranger.secret))).status).toBe(404)
    expect((await unlink(device(kim.secret))).json).toMatchObject({ linkId, stands: false })
    expect((await unlink(bearer(kim.token))).status).toBe(200)
    const seen = await consents(both(kim))
    expect(seen.joint).toBeUndefined()
    expect(seen.device.linkId).toBeUndefined()
  })
})

it('a check by c15t’s protocol answers for an account and its devices together', async () => {
  const kim = await aPerson()
  await says(bearer(kim.token), 'given')
  await says(device(kim.secret), 'refused')
  const auditor = bearer(await ledger.token('consent.audit', 'ljungsten'))
  const check = async () => {
    const path = `/c15t/${siteKeyOf(ledger, 'ljungsten/web')}/consents/check?externalId=${kim.name}&type=measurement`
    return (await ledger.get(path, auditor)).json.results.measurement.hasConsent
  }
  expect(await check()).toBe(true)
  expect((await link(kim)).status).toBe(201)
  expect(await check()).toBe(false)
})

describe('nobody links a stranger', () => {
  const refused = async (reply: Promise<Reply>, status: number, code: string) =>
    expect((await reply).json).toMatchObject({ status, code })
  const linkWith = (body: object, headers: Record<string, string>, of = site()) =>
    ledger.post(`/v1/me/link?${of}`, body, headers)

  test.each<[string, number, string, (one: Person, other: Person) => Promise<Reply>]>([
    ['without the token', 401, 'unauthenticated', (one) => linkWith(linkBody(one.secret), {})],
    ['with the device twice', 401, 'unauthenticated', (one) => linkWith(linkBody(one.secret), device(one.secret))],
    [
      'without the secret',
      400,
      'invalid-request',
      (one) => linkWith({ requestId: randomUUID(), shown }, bearer(one.token)),
    ],
    [
      'with the hash of the secret as an auditor knows it, which is another device',
      201,
      '',
      (one, other) => linkWith(linkBody(deviceIdentity(other.secret).id), bearer(one.token)),
    ],
    [
      'with a token of another controller',
      401,
      'unauthenticated',
      async (one) => linkWith(linkBody(one.secret), bearer(await ledger.token('', 'tallmo', one.name))),
    ],
    [
      'with a stale token',
      401,
      'token-expired',
      async (one) => linkWith(linkBody(one.secret), bearer(await ledger.token('', 'ljungsten', one.name, -3600))),
    ],
    [
      'with a token that was changed',
      401,
      'unauthenticated',
      (one) => linkWith(linkBody(one.secret), bearer(`${one.token.slice(0, -6)}AAAAAA`)),
    ],
    [
      'at the site of another controller',
      401,
      'unauthenticated',
      (one) => linkWith(linkBody(one.secret), bearer(one.token), site('tallmo/web')),
    ],
    ['without a text', 400, 'invalid-request', (one) => link(one, { shown: [] })],
    [
      'under a text that was never published',
      400,
      'unknown-policy',
      (one) => link(one, { shown: [{ policyId: 'privacy-policy', version: '99' }] }),
    ],
    ['under an unknown first layer', 400, 'unknown-policy', (one) => link(one, { presentationId: 'nothing' })],
  ])('%s', async (_, status, code, attempt) => {
    const [one, other] = [await aPerson(), await aPerson()]
    await says(device(other.secret), 'refused')
    if (status === 201) expect((await attempt(one, other)).status).toBe(201)
    else await refused(attempt(one, other), status, code)
    // Whatever was tried, the stranger is linked with nobody.
    const seen = await consents(both({ ...other, token: one.token }))
    expect(seen.device.linkId).toBeUndefined()
    expect(about(seen.device)).toMatchObject({ status: 'Refused' })
  })

  it('by replaying a request after it was undone', async () => {
    const kim = await aPerson()
    const body = linkBody(kim.secret)
    const first = await linkWith(body, bearer(kim.token))
    const { linkId } = first.json
    await ledger.post(`/v1/me/unlink?${site()}`, { linkId, requestId: randomUUID() }, device(kim.secret))
    const replayed = await linkWith(body, bearer(kim.token))
    expect([replayed.status, replayed.json.stands]).toEqual([200, false])
    expect((await consents(bearer(kim.token))).joint).toBeUndefined()
  })
})

describe('the operator', () => {
  const mail = (id: string) => ({ type: 'email', id })

  it('links two identifiers with a ground, and with the scope for recording only', async () => {
    const subjects = [mail(`${randomUUID()}@example.org`), { type: 'customer', id: randomUUID() }]
    const draft = { controller: 'ljungsten', subjects, ground: 'one contract', requestId: randomUUID() }
    const as = async (scope: string, body: object = draft) =>
      ledger.post('/v1/links', body, bearer(await ledger.token(scope, 'ljungsten')))
    for (const scope of ['consent.audit', 'consent.erase', 'consent.import'])
      expect((await as(scope)).json).toMatchObject({ code: 'forbidden' })
    expect((await as('consent.write', { ...draft, ground: '' })).json).toMatchObject({ code: 'invalid-request' })
    expect((await as('consent.write', { ...draft, subjects: [subjects[0], subjects[0]] })).status).toBe(400)
    const made = await as('consent.write')
    expect(made.status).toBe(201)
    const end = { controller: 'ljungsten', subject: subjects[1], linkId: made.json.linkId, ground: 'a mistake' }
    const token = bearer(await ledger.token('consent.write', 'ljungsten'))
    const ended = await ledger.post('/v1/unlinks', { ...end, requestId: randomUUID() }, token)
    expect(ended.json).toMatchObject({ stands: false })
  })

  it.each([
    ['empty', { type: 'email', id: '\u200b\u200d' }],
    ['no-digits', { type: 'phone', id: 'abc' }],
  ])('links nobody whose identifier names nobody: %s', async (rule, nobody) => {
    const token = bearer(await ledger.token('consent.write', 'ljungsten'))
    const draft = { controller: 'ljungsten', subjects: [mail('kim@example.org'), nobody], ground: 'one contract' }
    const { status, json } = await ledger.post('/v1/links', { ...draft, requestId: randomUUID() }, token)
    expect([status, json.code, json.field, json.rule]).toEqual([400, 'invalid-request', '/subjects/1/id', rule])
  })

  it('finds a person who was erased to be linked with nobody', async () => {
    const kim = await aPerson()
    await says(device(kim.secret), 'given')
    expect((await link(kim)).status).toBe(201)
    const erasing = bearer(await ledger.token('consent.erase', 'ljungsten'))
    const subject = { type: 'account', id: kim.name }
    const erased = await ledger.post('/v1/erasures', { controller: 'ljungsten', subject, ground: 'order' }, erasing)
    expect(erased.status).toBe(200)
    const auditor = bearer(await ledger.token('consent.audit', 'ljungsten'))
    const question = { controller: 'ljungsten', subject: deviceIdentity(kim.secret), ...topic }
    const { json } = await ledger.post('/v1/audit/consents', question, auditor)
    expect(json.consents[0]).toMatchObject({ status: 'Given' })
    expect(json.joint).toBeUndefined()
  })
})
