/** Recording over HTTP: every field, beacons, batches with their mixed outcomes, idempotency, and the times of an event. */
import { randomUUID } from 'node:crypto'
import { beforeEach, describe, expect, test } from 'vitest'
import { deviceIdentity } from '../../functions/http/access.ts'
import {
  audit,
  claimsIn,
  dayMs,
  type EventBody,
  hourMs,
  lasting,
  minuteMs,
  moved,
  noon,
  record,
  secondMs,
  visitorEvent,
} from '../support/demo-calls.ts'
import { aDeviceSecret, siteKeyOf } from '../support/running-ledger.ts'
import { sharedLedger } from '../support/shared-ledger.ts'

const ledger = sharedLedger()
beforeEach(() => ledger.setClock(noon))

/** An event that uses every field of the schema that a visitor may use. */
function fullEvent(deviceSecret: string): EventBody {
  return {
    eventId: randomUUID(),
    occurredAt: moved(noon, -2000),
    sentAt: moved(noon, -500),
    subject: { deviceSecret, new: true },
    decisions: [
      { purposeId: 'statistics', verb: 'given' },
      { purposeId: 'marketing-cookies', verb: 'refused', ground: 'too many advertisements' },
      { policyId: 'cookie-policy', verb: 'acknowledged' },
      { policyId: 'general-terms', verb: 'accepted' },
    ],
    shown: [
      { policyId: 'cookie-policy', version: '2', locale: 'sv-SE' },
      { policyId: 'general-terms', version: '2' },
    ],
    presentationId: 'cookie-banner-2025',
    initialState: { statistics: 'off', 'marketing-cookies': 'off', 'policy/general-terms': 'off' },
    channel: 'web',
    device: 'tablet',
    surface: 'preference-centre',
    act: 'toggle',
    control: 'save-choices',
    layer: 2,
    actor: { role: 'self', ground: 'logged in' },
    onBehalfOf: 'creditor',
    ageGate: 'passed',
    signals: {
      ...{ gpc: false, gpcShown: true, tcString: 'CPtc', gppString: 'DBgpp' },
      ...{ consentMode: { ad_storage: 'denied' }, consentModePurposes: { ad_storage: ['marketing-cookies'] } },
    },
    locale: 'sv-SE',
    page: 'https://www.ljungsten.example/konto?id=7',
  }
}

describe('one event', () => {
  test('with every field is recorded with every field', async () => {
    const event = fullEvent(aDeviceSecret())
    const { status, json } = await record(ledger, event, 'ljungsten/web', { 'user-agent': 'Test/1.0' })
    expect(status).toBe(201)
    expect(json.decisions.map((d: EventBody) => d.effect)).toEqual(['yes', 'no', 'yes', 'yes'])
    const claims = claimsIn(json.disclosures)
    const {
      subject: _,
      eventId,
      occurredAt,
      sentAt,
      decisions,
      shown: __,
      actor,
      onBehalfOf,
      ageGate,
      page,
      ...how
    } = event
    const found = { tcf: { verdict: 'malformed' }, gpp: { verdict: 'malformed' } }
    expect(claims.get('field:how')).toEqual({ site: 'web', ...how, presentation: 'matched', ...found })
    expect(claims.get('field:who')).toEqual({ actor, onBehalfOf, assurance: 'anonymous', ageGate })
    expect(claims.get('field:context')).toEqual({ ipAddress: '127.0.0.0', userAgent: 'Test/1.0', page })
    expect(claims.get('field:times')).toMatchObject({ eventId, occurredAt, sentAt, verdict: 'trusted', ageMs: 1500 })
    expect(claims.get('field:link').map((l: EventBody) => [l.policyId, l.shown, l.grade])).toEqual([
      ['cookie-policy', '2', 'asserted'],
      ['general-terms', '2', 'asserted'],
    ])
    expect(Array.from(claims.keys()).filter((name) => name.startsWith('decision:'))).toHaveLength(4)
    expect([...claims.entries()].filter(([name]) => name.startsWith('decision:')).map(([, value]) => value)).toEqual(
      decisions,
    )
  })

  test.each(['text/plain', 'text/plain;charset=UTF-8', 'application/json; charset=utf-8'])(
    'is taken from a beacon as %s',
    async (type) => {
      const reply = await record(ledger, visitorEvent(ledger, aDeviceSecret()), 'ljungsten/web', {
        'content-type': type,
        origin: 'https://www.ljungsten.example',
      })
      expect(reply.status).toBe(201)
      expect(reply.headers.get('access-control-allow-origin')).toBe('https://www.ljungsten.example')
    },
  )

  test('may send the site key in a header instead', async () => {
    const headers = { 'x-site-key': siteKeyOf(ledger, 'ljungsten/android-app') }
    const { status, json } = await ledger.post('/v1/events', visitorEvent(ledger, aDeviceSecret()), headers)
    expect([status, json.site]).toEqual([201, 'android-app'])
  })
})

describe('a batch', () => {
  const eventsStored = async (secret: string) =>
    (await audit(ledger, 'timeline', { subject: deviceIdentity(secret), purposeId: 'statistics' })).json.events

  test('of 25 gives each event its own outcome, in order', async () => {
    const secret = aDeviceSecret()
    const events = Array.from({ length: 25 }, () => visitorEvent(ledger, secret))
    const [replayed, conflicting] = [visitorEvent(ledger, secret), visitorEvent(ledger, secret)]
    await record(ledger, replayed)
    await record(ledger, conflicting)
    events[3] = { ...visitorEvent(ledger, secret), decisions: [] }
    events[7] = visitorEvent(ledger, secret, { decisions: [{ purposeId: 'no-such-purpose', verb: 'given' }] })
    events[11] = replayed
    events[15] = { ...conflicting, decisions: [{ purposeId: 'statistics', verb: 'refused' }] }
    events[19] = visitorEvent(ledger, secret, { decisions: [{ purposeId: 'statistics', verb: 'revoked' }] })
    const { status, json } = await record(ledger, { events })
    expect(status).toBe(200)
    const seen = json.outcomes.map((o: { status: number; problem?: EventBody }) => o.problem?.code ?? o.status)
    const expected: unknown[] = Array(25).fill(201)
    Object.assign(expected, {
      3: 'invalid-request',
      7: 'unknown-purpose',
      11: 200,
      15: 'event-conflict',
      19: 'verb-not-allowed',
    })
    expect(seen).toEqual(expected)
    expect(json.outcomes[0].receipt.eventId).toBe(events[0]?.eventId)
    expect(await eventsStored(secret)).toHaveLength(2 + 20)
  })

  test('with one event twice records it once', async () => {
    const event = visitorEvent(ledger, aDeviceSecret())
    const { json } = await record(ledger, { events: [event, event] })
    expect(json.outcomes.map((o: EventBody) => o.status).sort()).toEqual([200, 201])
    expect(json.outcomes[0].receipt).toEqual(json.outcomes[1].receipt)
  })

  test('of several new subjects records each under its own', async () => {
    const secrets = [aDeviceSecret(), aDeviceSecret(), aDeviceSecret()]
    const events = secrets.map((deviceSecret) => visitorEvent(ledger, '', { subject: { deviceSecret, new: true } }))
    await record(ledger, { events })
    for (const secret of secrets) expect(await eventsStored(secret)).toHaveLength(1)
  })

  test.each([0, 26])('of %i is refused whole', async (length) => {
    const before = await ledger.stored('entries')
    const secret = aDeviceSecret()
    const events = Array.from({ length }, () => visitorEvent(ledger, secret))
    const { status, json } = await record(ledger, { events })
    expect([status, json.code, json.field]).toEqual([400, 'invalid-request', '/events'])
    expect(await ledger.stored('entries')).toEqual(before)
  })
})

describe('sent again', () => {
  test.each<[string, (event: EventBody) => EventBody, string, Record<string, string>]>([
    ['the same', (event) => event, 'ljungsten/web', {}],
    ['with a new sentAt', (event) => ({ ...event, sentAt: moved(noon, 9 * hourMs) }), 'ljungsten/web', {}],
    ['without sentAt', ({ sentAt: _, ...event }) => event, 'ljungsten/web', {}],
    ['no longer announced new', ({ subject, ...e }) => ({ ...e, subject: known(subject) }), 'ljungsten/web', {}],
    ['by another site and browser', (event) => event, 'ljungsten/ios-app', { 'user-agent': 'Other/2' }],
    ['with its fields in another order', (e) => Object.fromEntries(Object.entries(e).reverse()), 'ljungsten/web', {}],
  ])('%s, an event gets the first receipt again', async (_, change, site, headers) => {
    const event = fullEvent(aDeviceSecret())
    const first = await record(ledger, event)
    ledger.setClock(moved(noon, 3 * hourMs))
    const again = await record(ledger, change(event), site, headers)
    expect([first.status, again.status]).toEqual([201, 200])
    expect(lasting(again.json)).toEqual(lasting(first.json))
    expect(again.json.inclusionPromise.jws).not.toBe(first.json.inclusionPromise.jws)
  })

  test.each<[string, EventBody]>([
    ['occurredAt', { occurredAt: moved(noon, -2001) }],
    ['a verb', { decisions: [{ purposeId: 'statistics', verb: 'refused' }] }],
    ['the text shown', { shown: [{ policyId: 'cookie-policy', version: '1' }] }],
    ['the presentation', { presentationId: 'cookie-banner-2024' }],
    ['the initial state', { initialState: { statistics: 'on' } }],
    ['the act', { act: 'button' }],
    ['the actor', { actor: { role: 'guardian' } }],
    ['a signal', { signals: { gpc: true } }],
    ['the page', { page: 'https://www.ljungsten.example/' }],
  ])('with %s changed, it is a conflict that returns both digests', async (_, change) => {
    const event = fullEvent(aDeviceSecret())
    const first = await record(ledger, event)
    const { status, json } = await record(ledger, { ...event, ...change })
    expect([status, json.code, json.field]).toEqual([409, 'event-conflict', '/eventId'])
    for (const digest of [json.recordedDigest, json.givenDigest]) expect(digest).toMatch(/^[\w-]{43}$/)
    expect(json.recordedDigest).not.toBe(json.givenDigest)
    expect(lasting((await record(ledger, event)).json)).toEqual(lasting(first.json))
  })

  test('in another year, when new keys are in use, it gets the first receipt still', async () => {
    ledger.setClock('2026-12-31T23:59:58.000Z')
    const event = fullEvent(aDeviceSecret())
    const first = await record(ledger, event)
    ledger.setClock('2027-01-01T00:00:01.000Z')
    const { deviceSecret } = Object(event.subject)
    expect((await record(ledger, visitorEvent(ledger, deviceSecret))).status).toBe(201)
    const again = await record(ledger, event)
    expect([again.status, lasting(again.json)]).toEqual([200, lasting(first.json)])
    const { json } = await audit(ledger, 'timeline', { subject: deviceIdentity(deviceSecret), purposeId: 'statistics' })
    expect(json.events.map((e: EventBody) => Object(e.times).recordedAt.slice(0, 4))).toEqual(['2026', '2027'])
  })

  test('by another subject, an eventId is another event', async () => {
    const event = visitorEvent(ledger, aDeviceSecret())
    const other = { ...event, subject: { deviceSecret: aDeviceSecret() } }
    const [one, two] = [await record(ledger, event), await record(ledger, other)]
    expect([one.status, two.status]).toEqual([201, 201])
    expect(one.json.receiptId).not.toBe(two.json.receiptId)
  })
})

test.each<[string, { occurred: number; sent?: number }, string, number | 'recorded']>([
  ['two seconds old', { occurred: -2 * secondMs, sent: 0 }, 'trusted', -2 * secondMs],
  ['four minutes old, unsent', { occurred: -4 * minuteMs }, 'trusted', -4 * minuteMs],
  ['six minutes old, unsent', { occurred: -6 * minuteMs }, 'rejected', 'recorded'],
  ['two minutes ahead, unsent', { occurred: 2 * minuteMs }, 'trusted', 'recorded'],
  ['ten minutes ahead, unsent', { occurred: 10 * minuteMs }, 'rejected', 'recorded'],
  ['20 days offline', { occurred: -20 * dayMs, sent: 0 }, 'trusted', -20 * dayMs],
  ['30 days offline', { occurred: -30 * dayMs, sent: 0 }, 'trusted', -30 * dayMs],
  ['a second more than 30 days offline', { occurred: -30 * dayMs - secondMs, sent: 0 }, 'rejected', 'recorded'],
  ['40 days offline', { occurred: -40 * dayMs, sent: 0 }, 'rejected', 'recorded'],
  ['by a clock two hours fast', { occurred: 2 * hourMs - 10_000, sent: 2 * hourMs }, 'corrected', -10_000],
  ['by a clock a year slow', { occurred: -368 * dayMs, sent: -365 * dayMs }, 'corrected', -3 * dayMs],
  ['sent before it occurred', { occurred: 0, sent: -secondMs }, 'rejected', 'recorded'],
])('an event %s: %j is %s', async (_, { occurred, sent }, verdict, effective) => {
  const times = { occurredAt: moved(noon, occurred), ...(sent !== undefined && { sentAt: moved(noon, sent) }) }
  const { json } = await record(ledger, visitorEvent(ledger, aDeviceSecret(), times))
  const { recordedAt, effectiveAt } = json.times
  expect(json.times.verdict).toBe(verdict)
  if (effective === 'recorded') expect(effectiveAt).toBe(recordedAt)
  else expect(effectiveAt).toBe(moved(verdict === 'corrected' ? recordedAt : noon, effective))
})

function known(subject: unknown): unknown {
  const { new: _, ...rest } = Object(subject)
  return rest
}
