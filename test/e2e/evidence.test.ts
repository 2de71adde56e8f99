/**
 * What was shown, over HTTP: notice tokens and their grades, hashes and names, presentations and signals. Evidence is graded,
 * never refused; a no counts at any grade; a yes only loses by it.
 */
import { beforeEach, describe, expect, test } from 'vitest'
import { world } from '../../infra/demo/world/world.ts'
import {
  administer,
  bearer,
  dayMs,
  device,
  type EventBody,
  hourMs,
  minuteMs,
  moved,
  noon,
  notice,
  record,
  secondMs,
  statusOfVisitor,
  visitorEvent,
} from '../support/demo-calls.ts'
import { aDeviceSecret } from '../support/running-ledger.ts'
import { sharedLedger } from '../support/shared-ledger.ts'

const ledger = sharedLedger()
beforeEach(() => ledger.setClock(noon))

async function tokenFor(headers: Record<string, string> = {}, site = 'ljungsten/web', policyId = 'cookie-policy') {
  const reply = await notice(ledger, policyId, site, headers)
  expect(reply.status).toBe(200)
  return String(reply.json.noticeToken)
}

const withToken = (secret: string, noticeToken: string, more: EventBody = {}) =>
  visitorEvent(ledger, secret, { shown: [{ noticeToken }], ...more })

describe('a notice token', () => {
  const me = aDeviceSecret()
  test.each<[string, () => Promise<string>, string]>([
    ['bound to this device', () => tokenFor(device(me)), 'served'],
    ['bound to nobody', () => tokenFor(), 'served-unbound'],
    ['bound to another device', () => tokenFor(device(aDeviceSecret())), 'asserted'],
    ['of another site', () => tokenFor(device(me), 'ljungsten/ios-app'), 'assumed'],
    ['of another controller', () => tokenFor(device(me), 'tallmo/web', 'privacy-policy'), 'assumed'],
    ['with its claims changed', async () => withClaims(await tokenFor(device(me)), { version: '1' }), 'assumed'],
    ['with its code changed', async () => `${(await tokenFor(device(me))).slice(0, -2)}AA`, 'assumed'],
    ['that is none', async () => 'not.a-token', 'assumed'],
  ])('%s is graded, not refused', async (_, fetched, grade) => {
    const { status, json } = await record(ledger, withToken(me, await fetched()))
    expect([status, json.link[0].grade, json.decisions[0].effect]).toEqual([201, grade, 'yes'])
    expect(json.link[0]).toMatchObject({ policyId: 'cookie-policy', inForce: '2', shown: '2' })
  })

  test.each<[string, number, number, string]>([
    ['a decision a second before it expires', dayMs - secondMs, 0, 'served'],
    ['a decision a second after it expired', dayMs + secondMs, 0, 'served-expired'],
    ['a decision in time that arrives three days later', hourMs, 3 * dayMs, 'served'],
  ])('%s', async (_, decidedAfter, deliveredAfter, grade) => {
    const token = await tokenFor(device(me))
    const occurredAt = moved(noon, decidedAfter)
    const sentAt = moved(occurredAt, deliveredAfter)
    ledger.setClock(sentAt)
    const { json } = await record(ledger, withToken(me, token, { occurredAt, sentAt }))
    expect(json.link[0].grade).toBe(grade)
  })

  test('is bound to an account by the token of its identity provider', async () => {
    const token = await ledger.token('', 'ljungsten', 'acct-1001')
    const noticeToken = await tokenFor(bearer(token))
    const { json } = await record(ledger, { ...withToken('', noticeToken), subject: { token } })
    expect([json.assurance, json.link[0].grade]).toEqual(['authenticated', 'served'])
  })

  test('holds back a yes until it was issued, and never a no', async () => {
    const secret = aDeviceSecret()
    const token = await tokenFor(device(secret))
    const times = { occurredAt: moved(noon, -minuteMs), sentAt: noon }
    const verbs = [
      { purposeId: 'statistics', verb: 'given' },
      { purposeId: 'marketing-cookies', verb: 'refused' },
    ]
    const { json } = await record(ledger, withToken(secret, token, { ...times, decisions: verbs }))
    expect(json.times.effectiveAt).toBe(times.occurredAt)
    expect(Date.parse(json.times.noticeIssuedAt)).toBeGreaterThanOrEqual(Date.parse(noon))
    const before = moved(noon, -secondMs)
    const at = (purposeId: string, instant: string) => statusOfVisitor(ledger, secret, { purposeId, at: instant })
    expect((await at('statistics', before)).status).toBe('Unknown')
    expect((await at('statistics', json.times.noticeIssuedAt)).status).toBe('Given')
    expect((await at('marketing-cookies', before)).status).toBe('Refused')
  })

  test('names the text that was served, byte for byte', async () => {
    const { json } = await notice(ledger, 'general-terms')
    const text = world.ljungsten.publications.find(
      (p) => p.draft.policyId === 'general-terms' && p.draft.version === '2',
    )
    expect(json.text).toMatchObject({
      locale: 'sv-SE',
      text: text?.draft.texts.find((t) => t.locale === 'sv-SE')?.text,
    })
    expect(json.noticeTokenExpiresAt > ledger.now()).toBe(true)
  })
})

describe('without a token', () => {
  const textHash = async (version: string) =>
    (await ledger.get(`/v1/controllers/ljungsten/policies/cookie-policy/versions/${version}`)).json.texts[0].sha256
  const given = async (shown: EventBody | undefined, purposeId: string, verb = 'given') => {
    const decisions = [{ purposeId, verb }]
    const event = visitorEvent(ledger, aDeviceSecret(), { decisions, shown: shown && [shown] })
    const { status, json } = await record(ledger, event)
    const { grade, inForce, shown: version } = json.link[0]
    return {
      status,
      grade,
      inForce,
      shown: version,
      effect: json.decisions[0].effect,
      reason: json.decisions[0].reason,
    }
  }

  const policyId = 'cookie-policy'
  test.each<[string, () => Promise<EventBody | undefined>, string, EventBody]>([
    ['the hash in force', async () => ({ policyId, textSha256: await textHash('2') }), 'statistics', hashed('2')],
    ['an old hash', async () => ({ policyId, textSha256: await textHash('1') }), 'preferences', hashed('1')],
    [
      'a hash from before a major change',
      async () => ({ policyId, textSha256: await textHash('1') }),
      'statistics',
      { ...hashed('1'), effect: 'none', reason: 'outdated-text' },
    ],
    ['a coming hash', async () => ({ policyId, textSha256: await textHash('3') }), 'statistics', hashed('3')],
    ['a version by name', async () => ({ policyId, version: '2' }), 'statistics', { grade: 'asserted', effect: 'yes' }],
    [
      'a version by name, in no locale of its own',
      async () => ({ policyId, version: '2', locale: 'fr' }),
      'statistics',
      { grade: 'assumed', shown: '2', effect: 'yes' },
    ],
    [
      'an outdated version by name, in no locale of its own',
      async () => ({ policyId, version: '1', locale: 'fr' }),
      'statistics',
      { grade: 'assumed', shown: '1', effect: 'none', reason: 'outdated-text' },
    ],
    ['a policy only', async () => ({ policyId }), 'statistics', { grade: 'assumed', shown: '2', effect: 'yes' }],
    ['nothing said', async () => undefined, 'statistics', { grade: 'assumed', shown: '2', effect: 'yes' }],
    ['an unknown hash', async () => ({ policyId, textSha256: 'ab'.repeat(32) }), 'statistics', unmatched],
    ['an unknown version', async () => ({ policyId, version: '99' }), 'statistics', unmatched],
  ])('%s is graded', async (_, shown, purposeId, expected) => {
    const result = await given(await shown(), purposeId)
    expect(result).toMatchObject({ status: 201, inForce: '2', ...expected })
    expect((await given(await shown(), purposeId, 'refused')).effect).toBe('no')
  })

  test('the link is to the version in force when the decision was made', async () => {
    ledger.setClock('2025-06-10T12:00:00.000Z')
    for (const [occurredAt, version] of [
      ['2025-05-31T23:59:59.999Z', '1'],
      ['2025-06-01T00:00:00.000Z', '2'],
    ]) {
      const event = visitorEvent(ledger, aDeviceSecret(), { occurredAt, sentAt: ledger.now(), shown: undefined })
      expect((await record(ledger, event)).json.link).toEqual([
        { policyId, inForce: version, shown: version, grade: 'assumed' },
      ])
    }
  })
})

describe('a presentation', () => {
  test.each([
    ['campaign-2024', { newsletter: 'off' }, { effect: 'none', reason: 'initially-on' }],
    ['newsletter-form', undefined, { effect: 'yes', reason: 'awaiting-confirmation' }],
    ['newsletter-form', { newsletter: 'on' }, { effect: 'none', reason: 'initially-on' }],
  ])('%s with the client saying %j', async (presentationId, initialState, expected) => {
    const decisions = [{ purposeId: 'newsletter', verb: 'given' }]
    const shown = [{ policyId: 'privacy-policy', version: '2' }]
    const event = visitorEvent(ledger, aDeviceSecret(), { decisions, shown, presentationId, initialState })
    expect((await record(ledger, event)).json.decisions[0]).toMatchObject(expected)
  })
})

describe('what is lacking', () => {
  const said = async (more: EventBody, verb = 'given') => {
    const secret = aDeviceSecret()
    const { status } = await record(
      ledger,
      visitorEvent(ledger, secret, { decisions: [{ purposeId: 'statistics', verb }], ...more }),
    )
    expect(status).toBe(201)
    return statusOfVisitor(ledger, secret, { purposeId: 'statistics' })
  }
  const not = { demonstrable: false, status: 'Given' }

  test.each<[string, EventBody, EventBody]>([
    ['nothing', { presentationId: 'cookie-banner-2025' }, { status: 'Given', demonstrable: true }],
    ['a presentation that is known', { presentationId: 'nonexistent' }, { ...not, lacks: ['presentation'] }],
    ['one of a policy that it is about', { presentationId: 'newsletter-form' }, { ...not, lacks: ['presentation'] }],
    ['an act', { act: undefined }, { ...not, lacks: ['act'] }],
    [
      'a passed age gate',
      { actor: { role: 'self' }, ageGate: 'failed' },
      { status: 'Unknown', reason: 'age-gate-failed', permittedByConsent: false },
    ],
  ])('%s: weakens a yes and never a no', async (_, more, expected) => {
    expect(await said(more)).toMatchObject(expected)
    const { lacks, ...no } = await said(more, 'refused')
    expect([no.status, no.demonstrable, lacks]).toEqual(['Refused', true, undefined])
  })

  test('a text in the locale that is named with the version: a yes counts and shows none, a no counts', async () => {
    const more = { shown: [{ policyId: 'cookie-policy', version: '2', locale: 'fr' }] }
    const yes = await said(more)
    expect([yes.status, yes.grade, yes.demonstrable, yes.shown]).toEqual(['Given', 'assumed', false, undefined])
    expect((await said(more, 'refused')).status).toBe('Refused')
  })

  test('of terms that are accepted and of old records as well: a locale in which the version has no text', async () => {
    const shown = [{ policyId: 'general-terms', version: '2', locale: 'fr' }]
    const decisions = [{ policyId: 'general-terms', verb: 'accepted' }]
    const identifier = { type: 'customer', id: `c-${aDeviceSecret()}` }
    const old = { subject: { identifier, assurance: 'imported' }, sentAt: undefined }
    const token = bearer(await ledger.token('consent.import'))
    for (const [more, headers] of [[{}, {}] as const, [old, token] as const]) {
      const event = visitorEvent(ledger, aDeviceSecret(), { decisions, shown, ...more })
      const { status, json } = await record(ledger, event, 'ljungsten/web', headers)
      expect([status, json.link[0].grade, json.decisions[0].effect]).toEqual([201, 'assumed', 'yes'])
    }
  })

  test('stays lacking when a presentation is published under that name afterwards', async () => {
    const presentationId = 'published-later'
    const secret = aDeviceSecret()
    await record(ledger, visitorEvent(ledger, secret, { presentationId }))
    const draft = { presentationId, wording: { en: 'May we?' }, refusal: { label: { en: 'No' }, layer: 1 } }
    const controls = [{ purposeId: 'statistics', label: { en: 'Count' }, initially: 'off' }]
    const { status } = await administer(ledger, '/policies/cookie-policy/presentations', { ...draft, controls })
    expect(status).toBe(201)
    const answer = await statusOfVisitor(ledger, secret, { purposeId: 'statistics' })
    expect(answer).toMatchObject({ status: 'Given', demonstrable: false, lacks: ['presentation'] })
    // Absence is never cached: who says yes from now on was shown it.
    expect(await said({ presentationId })).toMatchObject({ status: 'Given', demonstrable: true })
  })
})

describe('a signal of the browser', () => {
  test('adds a refusal for each purpose so marked in the policies at hand, and for no other', async () => {
    const secret = aDeviceSecret()
    const decisions = [{ purposeId: 'preferences', verb: 'given' }]
    const { json } = await record(ledger, visitorEvent(ledger, secret, { decisions, signals: { gpc: true } }))
    expect(json.decisions.map((d: EventBody) => [d.purposeId, d.verb, d.effect, d.derivedFrom])).toEqual([
      ['preferences', 'given', 'yes', undefined],
      ['statistics', 'refused', 'no', 'gpc'],
      ['marketing-cookies', 'refused', 'no', 'gpc'],
    ])
    expect((await statusOfVisitor(ledger, secret, { purposeId: 'statistics' })).reason).toBe('gpc')
    expect((await statusOfVisitor(ledger, secret, { purposeId: 'partner-offers' })).status).toBe('Unknown')
  })

  test.each([
    ['save-choices', 'Given', ['gpc']],
    ['accept-all', 'Refused', []],
  ])('against a yes by %s leaves %s', async (control, status, conflicts) => {
    const secret = aDeviceSecret()
    await record(ledger, visitorEvent(ledger, secret, { control, signals: { gpc: true } }))
    expect(await statusOfVisitor(ledger, secret, { purposeId: 'statistics' })).toMatchObject({ status, conflicts })
  })

  test.each(['continued-use', 'browser-signal'])('%s is recorded and is no yes', async (act) => {
    const secret = aDeviceSecret()
    const { status, json } = await record(ledger, visitorEvent(ledger, secret, { act }))
    expect([status, json.decisions[0]]).toEqual([201, expect.objectContaining({ effect: 'none', reason: act })])
    const answer = await statusOfVisitor(ledger, secret, { purposeId: 'statistics' })
    expect(answer).toMatchObject({ status: 'Unknown', reason: act, permittedByConsent: false })
  })
})

const unmatched = { grade: 'unmatched', shown: undefined, effect: 'none', reason: 'unmatched' }

function hashed(shown: string): EventBody {
  return { grade: 'hashed', shown, effect: 'yes' }
}

/** The token with other claims under the old code. */
function withClaims(token: string, claims: EventBody): string {
  const [body = '', code] = token.split('.')
  const changed = { ...JSON.parse(Buffer.from(body, 'base64url').toString()), ...claims }
  return `${Buffer.from(JSON.stringify(changed)).toString('base64url')}.${code}`
}
