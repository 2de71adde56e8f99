/**
 * Bad requests over HTTP: each gets its problem document with a stable code, the place and what is allowed; nothing is stored;
 * nothing that was sent in secret comes back. What a thing of each kind may look like is tested nearer to its schema.
 */
import { randomUUID } from 'node:crypto'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { audit, bearer, device, type EventBody, noon, visitorEvent } from '../support/demo-calls.ts'
import { expectRefusal, type Refused } from '../support/refusals.ts'
import { aDeviceSecret, type Reply, siteKeyOf } from '../support/running-ledger.ts'
import { sharedLedger } from '../support/shared-ledger.ts'

const ledger = sharedLedger()
let before: string[]
const secret = aDeviceSecret()

beforeAll(async () => {
  // The grant that comes with the auditor's token.
  await ledger.token('consent.audit', 'ljungsten', 'auditor')
  await ledger.local.runner.settle()
  before = await everything()
})
beforeEach(() => ledger.setClock(noon))
afterEach(async () => {
  const earlier = before
  before = await everything()
  expect(before).toEqual(earlier)
})

/** No table has an update: what is not a new key is not new. Refused audits are no reads, and leave no entry either. */
async function everything(): Promise<string[]> {
  const tables = await Promise.all([ledger.stored('entries'), ledger.stored('vault'), ledger.stored('log')])
  return tables.flat().map(({ pk, sk }) => `${pk} ${sk}`)
}

const event = (more: EventBody = {}) => visitorEvent(ledger, secret, more)
const key = () => siteKeyOf(ledger, 'ljungsten/web')
const postRaw = (body: string | Uint8Array<ArrayBuffer>, type = 'application/json', query = `?key=${key()}`) =>
  ledger.send(`/v1/events${query}`, { method: 'POST', headers: { 'content-type': type }, body })
const json = (more: EventBody = {}) => JSON.stringify(event(more))

const expectRefused = (reply: Reply, refused: Refused) => expectRefusal(reply, refused, secret, key())

describe('a body', () => {
  test.each<[string, () => string]>([
    ['cut short', () => json().slice(0, -1)],
    ['with two values', () => `${json()}{}`],
    ['with a comma too many', () => json().replace(/}$/, ',}')],
    ['with a name twice', () => json().replace('{', '{"act":"toggle",')],
    ['with a name twice, once escaped', () => json().replace('{', '{"\\u0061ct":"toggle",')],
    ['with NUL, escaped', () => json({ page: 'x' }).replace('"x"', '"\\u0000"')],
    ['with half a surrogate pair, escaped', () => json({ page: 'x' }).replace('"x"', '"\\ud83d"')],
    ['with a control character', () => json({ page: 'x' }).replace('"x"', '"\t"')],
    ['nested beyond reason', () => json({ page: 'x' }).replace('"x"', '['.repeat(5000) + ']'.repeat(5000))],
    ['nested 17 deep', () => `${'['.repeat(17)}${']'.repeat(17)}`],
    ['with a number no double holds', () => json({ layer: 1 }).replace('"layer":1', '"layer":1e400')],
    ['in JavaScript', () => "{eventId: 'x'}"],
    ['with a member __proto__', () => json().replace('{', '{"__proto__":{},')],
    ['with a byte order mark', () => `\ufeff${json()}`],
  ])('%s is not acceptable JSON', async (_, body) => {
    expectRefused(await postRaw(body()), { code: 'malformed-json' })
  })

  test('that is not UTF-8 is refused as such', async () => {
    const bytes = Uint8Array.from([...Buffer.from('{"page":"'), 0xff, 0xfe, ...Buffer.from('"}')])
    expectRefused(await postRaw(bytes), { code: 'malformed-json' })
  })

  test.each<[string, () => Promise<Reply>, Refused]>([
    ['none', () => postRaw(''), { code: 'invalid-request', field: '' }],
    ['a string', () => postRaw('"hello"'), { code: 'invalid-request', field: '' }],
    ['a list', () => postRaw(`[${json()}]`), { code: 'invalid-request', field: '' }],
    ['null', () => postRaw('null'), { code: 'invalid-request', field: '' }],
    [
      'a form',
      () => postRaw('a=b', 'application/x-www-form-urlencoded'),
      { code: 'unsupported-media-type', status: 415, field: 'content-type' },
    ],
    ['of 64 KiB and one byte', () => postRaw(padded(65_537)), { code: 'body-too-large', status: 413 }],
    ['of 5 MB', () => postRaw(padded(5e6)), { code: 'body-too-large', status: 413 }],
  ])('%s is refused', async (_, post, refused) => {
    expectRefused(await post(), refused)
  })

  test('of 11 MB ends at the gateway', async () => {
    const { status, headers } = await postRaw(padded(11 * 2 ** 20))
    expect([status, headers.get('content-type')]).toEqual([413, 'application/json'])
  })

  const padded = (bytes: number) => json().padEnd(bytes, ' ')
})

describe('an event', () => {
  const at = (field: string, allowed?: unknown): Refused => ({
    code: 'invalid-request',
    field,
    ...(allowed !== undefined && { allowed }),
  })
  const decision = (more: EventBody) => ({ decisions: [{ purposeId: 'statistics', verb: 'given', ...more }] })

  test.each<[string, EventBody, Refused]>([
    ['eventId no UUID', { eventId: 'event-1' }, at('/eventId')],
    ['eventId missing', { eventId: undefined }, at('/eventId')],
    ['occurredAt a number', { occurredAt: 1_795_000_000_000 }, at('/occurredAt', 'string')],
    ['decisions an object', { decisions: { statistics: true } }, at('/decisions', 'array')],
    ['no decisions', { decisions: [] }, at('/decisions', 'at least 1')],
    ['101 decisions', { decisions: many(101) }, at('/decisions', 'at most 100')],
    ['one purpose twice', { decisions: [...many(1), ...many(1)] }, at('/decisions')],
    ['an unknown verb', decision({ verb: 'consented' }), at('/decisions/0/verb', expect.arrayContaining(['given']))],
    ['purpose and policy at once', decision({ policyId: 'cookie-policy' }), at('/decisions/0')],
    ['neither purpose nor policy', { decisions: [{ verb: 'given' }] }, at('/decisions/0')],
    ['purposeId in capitals', decision({ purposeId: 'Statistics' }), at('/decisions/0/purposeId')],
    ['an unknown field', { consent: true }, at('/consent')],
    ['an unknown field within', decision({ value: true }), at('/decisions/0/value')],
    ['layer a string', { layer: '1' }, at('/layer')],
    ['layer a fraction', { layer: 1.5 }, at('/layer')],
    ['an unknown channel', { channel: 'fax' }, at('/channel', expect.arrayContaining(['web', 'phone']))],
    ['locale no language', { locale: 'swedish!' }, at('/locale')],
    ['page beyond 2,048', { page: 'x'.repeat(2049) }, at('/page')],
    ['token and policyId at once', { shown: [{ noticeToken: 'a.b', policyId: 'cookie-policy' }] }, at('/shown/0')],
    ['a hash in capitals', { shown: [{ policyId: 'x', textSha256: 'AB'.repeat(32) }] }, at('/shown/0/textSha256')],
    ['sentAt not a date', { sentAt: 'now' }, at('/sentAt')],
    ['an unknown purpose', decision({ purposeId: 'brain-scan' }), unknown('purpose', 'statistics')],
    [
      'an unknown policy',
      { decisions: [{ policyId: 'house-rules', verb: 'accepted' }] },
      unknown('policy', 'general-terms'),
    ],
  ])('with %s is refused there', async (_, more, refused) => {
    expectRefused(await postRaw(json(more)), refused)
  })

  test.each(['constructor', 'toString', 'sub', 'recordedAt', 'site'])('has no field %s', async (name) => {
    const body = json().replace('{', `{${JSON.stringify(name)}:{"verb":"given"},`)
    expectRefused(await postRaw(body), { code: 'invalid-request', field: `/${name}` })
  })

  test.each([
    '2026-02-30T12:00:00Z',
    '12026-01-01T00:00:00Z',
    '+012026-01-01T00:00:00Z',
    '9999-12-31T23:59:59-01:00',
    '1969-12-31T23:59:59Z',
    '1970-01-01T00:00:00+01:00',
    '2026-11-22',
    '2026-11-22T12:00:00',
    '2026-11-22T24:00:01Z',
    'yesterday',
    '',
  ])('did not occur at "%s"', async (occurredAt) => {
    expectRefused(await postRaw(json({ occurredAt })), at('/occurredAt'))
  })
})

describe('a secret', () => {
  test.each<[string, () => Promise<Reply>, string]>([
    ['too short', () => postRaw(json({ subject: { deviceSecret: 'hunter2hunter2' } })), 'hunter2hunter2'],
    ['with a character too many', () => postRaw(json({ subject: { deviceSecret: `${secret}!` } })), secret],
    ['in the wrong place', () => postRaw(json({ subject: `my-${secret}` })), `my-${secret}`],
    ['in a list', () => postRaw(json({ subject: [secret] })), secret],
    ['too short, in the header', () => ledger.get(`/v1/me/consents?key=${key()}`, device('hunter2')), 'hunter2'],
    [
      'malformed, at a notice',
      () => ledger.get(`/v1/notices/cookie-policy?key=${key()}`, device('hunter2!')),
      'hunter2!',
    ],
    ['too short, to link', () => linkWith('hunter2hunter2'), 'hunter2hunter2'],
    ['with a character too many, to link', () => linkWith(`${secret}!`), secret],
    ['of two people whom a server links', () => linkTwo(`${'x'.repeat(250)}@example.org`), 'example.org'],
    ['that is an e-mail', () => audit(ledger, 'timeline', { subject: 'kim@example.org' }), 'kim@example.org'],
  ])('%s is not repeated', async (_, send, sent) => {
    const reply = await send()
    expect(reply.status).toBe(400)
    expect(reply.text).not.toContain(sent)
  })
})

async function linkWith(deviceSecret: string): Promise<Reply> {
  const body = { deviceSecret, requestId: randomUUID(), shown: [{ policyId: 'privacy-policy', version: '2' }] }
  return ledger.post(`/v1/me/link?key=${key()}`, body, bearer(await ledger.token('')))
}

async function linkTwo(id: string): Promise<Reply> {
  const [one, other] = [id, 'kim@example.org'].map((each) => ({ type: 'email', id: each }))
  const body = { controller: 'ljungsten', subjects: [one, other], ground: 'one contract', requestId: randomUUID() }
  return ledger.post('/v1/links', body, bearer(await ledger.token('consent.write')))
}

function many(count: number): EventBody[] {
  return Array.from({ length: count }, (_, i) => ({ purposeId: `purpose-${i}`, verb: 'given' }))
}

function unknown(what: 'purpose' | 'policy', known: string): Refused {
  return { code: `unknown-${what}`, field: `/decisions/0/${what}Id`, allowed: expect.arrayContaining([known]) }
}

test.each<[string, string, Refused]>([
  ['GET', '/v1/nothing', { status: 404, code: 'not-found' }],
  ['DELETE', '/v1/events', { status: 405, code: 'method-not-allowed', allowed: ['OPTIONS', 'POST'] }],
  ['GET', '/v1/controllers/nobody/policies', { status: 404, code: 'not-found' }],
  ['GET', '/v1/controllers/ljungsten/policies/house-rules', { status: 404, code: 'not-found' }],
  ['GET', '/v1/controllers/ljungsten/policies/cookie-policy/versions/99', { status: 404, code: 'not-found' }],
  ['GET', '/v1/controllers/ljungsten/policies/cookie-policy?at=2026-02-30', { code: 'invalid-request', field: '/at' }],
  ['GET', '/v1/controllers/ljungsten/policies/cookie-policy?on=2026', { code: 'invalid-request', field: '/on' }],
  ['GET', '/v1/controllers/ljungsten/policies/cookie-policy/diff?from=1', { code: 'invalid-request', field: '/to' }],
  ['GET', `/v1/texts/${'0'.repeat(64)}`, { status: 404, code: 'not-found' }],
  ['GET', '/v1/texts/..%2f..%2fkeys%2fkeyring.key', { status: 404, code: 'not-found' }],
  ['GET', '/v1/texts/ABC', { code: 'invalid-request' }],
])('%s %s', async (method, path, refused) => {
  expectRefused(await ledger.send(path, { method }), refused)
})
