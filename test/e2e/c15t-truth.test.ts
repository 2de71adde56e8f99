/**
 * Defects of c15t's own backend, tried here over its own protocol. There each of these got a false answer or let a stranger in.
 */
import { beforeEach, describe, expect, test } from 'vitest'
import { deviceIdentity } from '../../functions/http/access.ts'
import { C15tClient } from '../support/c15t-calls.ts'
import { audit, bearer, dayMs, hourMs, moved, noon, record, visitorEvent } from '../support/demo-calls.ts'
import { siteKeyOf } from '../support/running-ledger.ts'
import { sharedLedger } from '../support/shared-ledger.ts'

const ledger = sharedLedger()
let client: C15tClient
beforeEach(() => {
  ledger.setClock(noon)
  client = new C15tClient(ledger)
})

const timeline = async (subject = deviceIdentity(client.subjectId), purposeId = 'statistics') =>
  (await audit(ledger, 'timeline', { subject, purposeId })).json

describe('1: a refusal does not read as consent', () => {
  test('neither to the person nor to a check', async () => {
    const token = bearer(await ledger.token('', 'ljungsten', 'acct-refuses'))
    const refusal = client.submission({ measurement: false, marketing: false }, { externalSubjectId: 'acct-refuses' })
    expect((await client.post(refusal, token)).json.appliedPreferences).toEqual({
      necessary: true,
      measurement: false,
      marketing: false,
    })
    const own = (await client.call('GET', `/subjects/${client.subjectId}`)).json
    expect(own).toMatchObject({ isValid: false, consents: [{ preferences: { measurement: false, marketing: false } }] })
    const auditor = bearer(await ledger.token('consent.audit'))
    const path = '/consents/check?externalId=acct-refuses&type=cookie_banner'
    expect((await client.call('GET', path, undefined, auditor)).json.results.cookie_banner.hasConsent).toBe(false)
  })

  test('and without a token no one learns about others: the answer is the same for all', async () => {
    const elsewhere = bearer(await ledger.token('consent.audit', 'tallmo'))
    const before = (await ledger.stored('entries')).length
    const paths = ['/consents/check?externalId=acct-refuses&type=cookie_banner', '/subjects?externalId=nobody']
    for (const path of paths) {
      for (const headers of [{}, bearer(await ledger.token('')), elsewhere]) {
        const { status, json } = await client.call('GET', path, undefined, headers)
        expect([401, 403]).toContain(status)
        expect(['UNAUTHENTICATED', 'FORBIDDEN']).toContain(json.code)
      }
    }
    expect((await ledger.stored('entries')).length).toBe(before)
    const auditor = bearer(await ledger.token('consent.audit'))
    for (const path of paths) expect((await client.call('GET', path, undefined, auditor)).status).toBe(200)
    // An entry and a row of its subject for each.
    const reads = (await ledger.stored('entries')).filter((item) => item.pk.startsWith('ljungsten#read#'))
    expect((await ledger.stored('entries')).length).toBe(before + 2 * paths.length)
    expect(reads.length).toBeGreaterThanOrEqual(paths.length)
  })
})

test('2: the opposite choice at the same millisecond is an event of its own, and the no counts', async () => {
  const accept = client.submission({ measurement: true })
  const reject = { ...accept, preferences: { necessary: true, measurement: false } }
  const [first, second] = [await client.post(accept), await client.post(reject)]
  expect([first.json.appliedPreferences.measurement, second.json.appliedPreferences.measurement]).toEqual([true, false])
  expect(second.json.consentId).not.toBe(first.json.consentId)
  const { events, changes } = await timeline()
  expect(events).toHaveLength(2)
  expect(changes.at(-1).status).toBe('Withdrawn')
})

test('3: no caller puts a decision into the record of another person', async () => {
  const claimed = client.submission({ measurement: true }, { externalSubjectId: 'acct-victim' })
  const own = bearer(await ledger.token('', 'ljungsten', 'acct-attacker'))
  const foreign = bearer(await ledger.token('', 'tallmo', 'acct-victim'))
  for (const headers of [{}, own, foreign, { authorization: 'Device acct-victim' }, { authorization: 'x' }]) {
    expect((await client.post({ ...claimed, givenAt: Math.random() * 1e12 }, headers)).status).toBe(200)
  }
  expect((await timeline({ type: 'account', id: 'acct-victim' })).events).toEqual([])
  expect((await timeline({ type: 'account', id: 'acct-attacker' })).events).toEqual([])
  expect((await timeline()).events).toHaveLength(5)
})

test('4: the domain is a claim, and the answer does not repeat it', async () => {
  const { json } = await client.decide({ measurement: true }, { domain: 'bank.example' })
  expect([json.domain, json.domainId]).toEqual(['www.ljungsten.example', 'web'])
  const siteless = await ledger.post('/c15t/site_ljungsten_web_0123456789012345678901/subjects', {})
  expect([siteless.status, siteless.json.code]).toEqual([401, 'UNAUTHENTICATED'])
})

test.each([
  ['ten years back', moved(noon, -3650 * dayMs)],
  ['in 2001', '2001-01-01T00:00:00.000Z'],
  ['next year', moved(noon, 365 * dayMs)],
])('5: a decision dated %s counts from when it was recorded', async (_, at) => {
  expect((await client.decide({ measurement: true }, { givenAt: Date.parse(at) })).status).toBe(200)
  const { times } = (await timeline()).events[0]
  expect(times).toMatchObject({ occurredAt: at, verdict: 'rejected', effectiveAt: times.recordedAt })
})

test('5: an impossible time does not lose a decision', async () => {
  for (const givenAt of [-8.64e15, 8.64e15, -1, 1e15, 0.5]) {
    expect((await client.decide({ measurement: false }, { givenAt })).status).toBe(200)
  }
  expect((await timeline()).events).toHaveLength(5)
})

test('6: terms of next year are not what is accepted today', async () => {
  const versions = (await ledger.get('/v1/controllers/ljungsten/policies/privacy-policy/versions')).json.versions
  const coming = versions.find((v: { version: string }) => v.version === '3')
  const more = { type: 'privacy_policy', preferences: undefined, policyHash: coming.texts[0].sha256 }
  expect((await client.decide({}, more)).status).toBe(200)
  const { consents } = (await client.call('GET', `/subjects/${client.subjectId}?type=privacy_policy`)).json
  expect(consents[0]).toMatchObject({
    policyVersion: '3',
    isLatestPolicy: false,
    policyEffectiveDate: coming.notBefore,
  })
})

test('6: an answer names only texts that the record names', async () => {
  for (const shown of [{ version: '2', locale: 'fr' }, { version: '2' }, {}]) {
    const event = visitorEvent(ledger, client.subjectId, { shown: [{ policyId: 'cookie-policy', ...shown }] })
    expect((await record(ledger, event)).status).toBe(201)
  }
  const { consents } = (await client.call('GET', `/subjects/${client.subjectId}`)).json
  const named = consents.map((c: Record<string, string>) => [c.policyVersion, c.policyHash])
  expect(named).toEqual(new Array(3).fill(['2', undefined]))
})

describe('7: a tab that stood open', () => {
  test('still records, graded by when it was served', async () => {
    const { policySnapshotToken } = (await client.call('GET', '/init')).json
    ledger.setClock(moved(noon, 30 * hourMs))
    const { status, json } = await client.decide({ measurement: true }, { policySnapshotToken })
    expect([status, json.appliedPreferences.measurement]).toEqual([200, true])
    expect((await timeline()).events[0].link).toEqual([
      expect.objectContaining({ policyId: 'cookie-policy', shown: '2', grade: 'served-expired' }),
    ])
  })

  test('is never bound to a policy that it did not show; a no counts whatever it showed', async () => {
    ledger.setClock('2025-05-30T12:00:00.000Z')
    const { policySnapshotToken } = (await client.call('GET', '/init')).json
    ledger.setClock('2025-06-05T12:00:00.000Z')
    const { json } = await client.decide({ measurement: true, functionality: true }, { policySnapshotToken })
    expect(json.appliedPreferences).toEqual({ necessary: true, measurement: false, functionality: true })
    const refused = await client.decide(
      { measurement: false },
      { policySnapshotToken, givenAt: Date.parse(ledger.now()) },
    )
    expect(refused.json.appliedPreferences.measurement).toBe(false)
    ledger.setClock(noon)
    for (const { link } of (await timeline()).events) {
      expect(link).toEqual([expect.objectContaining({ shown: '1', inForce: '2' })])
    }
  })

  test.each([
    ['forged', (token: string) => `${token.slice(0, -4)}AAAA`],
    ['of another site', () => ''],
    ['of c15t’s own backend', () => 'eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJjMTV0In0.AAAA'],
  ])('with a token that is %s records the decision, and ignores the token', async (what, make) => {
    const path = `/v1/notices/privacy-policy?key=${siteKeyOf(ledger, 'tallmo/web')}`
    const other = what === 'of another site' ? (await ledger.get(path)).json.noticeToken : undefined
    const { policySnapshotToken } = (await client.call('GET', '/init')).json
    const token = other ?? make(policySnapshotToken)
    expect((await client.decide({ measurement: true }, { policySnapshotToken: token })).status).toBe(200)
    expect((await timeline()).events[0].link[0].grade).toBe('assumed')
  })
})

describe('bodies that are no decision', () => {
  test.each([
    ['nothing', ''],
    ['an empty object', {}],
    ['a list', []],
    ['null', 'null'],
    ['no JSON', '{"type":'],
    ['NUL', '{"type":"cookie_banner","domain":"a\\u0000b"}'],
    ['depth', `{"metadata":${'['.repeat(1000)}${']'.repeat(1000)}}`],
    ['a name twice', '{"type":"a","type":"b"}'],
    ['half a character', '{"type":"\\ud800"}'],
  ])('%s', async (_, body) => {
    const { status, json, headers } = await client.post(body)
    expect([status, json.defined]).toEqual([400, true])
    expect(headers.get('access-control-allow-origin')).toBe('https://www.ljungsten.example')
  })

  test.each([
    ['__proto__', JSON.parse('{"__proto__":true}')],
    ['3,000 categories', Object.fromEntries(Array.from({ length: 3000 }, (_, i) => [`c${i}`, true]))],
    ['words', { measurement: 'yes' }],
  ])('preferences of %s', async (_, preferences) => {
    const text = JSON.stringify({ ...client.submission({}), preferences })
    expect((await client.post(text)).status).toBe(400)
    expect((await timeline()).events).toEqual([])
  })

  test('a body that is too large is refused as such, and not stored', async () => {
    const { status, json } = await client.decide({ measurement: true }, { metadata: { text: 'a'.repeat(100000) } })
    expect([status, json.code]).toEqual([413, 'BODY_TOO_LARGE'])
    expect((await timeline()).events).toEqual([])
  })

  test('a refusal does not repeat the identifier', async () => {
    const { text } = await client.call('GET', `/subjects/${client.subjectId}?type=${'a'.repeat(2000)}`)
    expect(text).not.toContain(client.subjectId)
    expect((await client.call('GET', '/subjects/sub_1')).status).toBe(400)
  })
})

test('10: a long history is bounded in the answer, whole in the record, and its subjectId is nowhere', async () => {
  const posts = Array.from({ length: 120 }, (_, i) =>
    client.decide({ measurement: i % 2 === 0 }, { givenAt: Date.parse(noon) + i }),
  )
  await Promise.all(posts)
  expect((await client.call('GET', `/subjects/${client.subjectId}`)).json.consents).toHaveLength(100)
  expect((await timeline()).events).toHaveLength(120)
  for (const table of ['entries', 'vault', 'log'] as const) {
    const all = (await ledger.stored(table)).flatMap(({ pk, sk, values }) => [pk, sk, ...Object.values(values)])
    const texts = all.map((value) =>
      value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : String(value),
    )
    expect(texts.filter((text) => text.includes(client.subjectId))).toEqual([])
  }
})
