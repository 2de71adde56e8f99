/** A person's own history over HTTP, against a naive definition: all of the subject's events in the store, and the answers of other routes. */
import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import { deviceIdentity } from '../../functions/http/access.ts'
import { eventsOf } from '../../shared/ledger/answers/answers-for-subject.ts'
import { receiptIdOf } from '../../shared/ledger/recording/sealed-event.ts'
import {
  bearer,
  decisionEvent,
  device,
  type EventBody,
  moved,
  noon,
  record,
  visitorEvent,
} from '../support/demo-calls.ts'
import { aDeviceSecret, type Reply, siteKeyOf } from '../support/running-ledger.ts'
import { sharedLedger } from '../support/shared-ledger.ts'

const ledger = sharedLedger()
const [mine, another] = [aDeviceSecret(), aDeviceSecret()]
const mandateId = randomUUID()
const key = () => siteKeyOf(ledger, 'ljungsten/web')
const own = (path: string, secret = mine, query = ''): Promise<Reply> =>
  ledger.get(`/v1/me/${path}?key=${key()}${query}`, device(secret))

const shown = (policyId: string, version: string) => ({ shown: [{ policyId, version, locale: 'en' }] })
const decided = (purposeId: string, verb: string) => ({ decisions: [{ purposeId, verb }] })
const acts: EventBody[] = [
  { ...decided('statistics', 'given') },
  { ...decided('newsletter', 'given'), ...shown('privacy-policy', '2'), channel: 'app' },
  { ...decided('statistics', 'withdrawn'), shown: [] },
  { ...decided('newsletter', 'refused'), ...shown('privacy-policy', '1') },
  { ...decided('statistics', 'given'), actor: { role: 'delegate' } },
  { decisions: [{ policyId: 'general-terms', verb: 'accepted' }], ...shown('general-terms', '2') },
  { ...decided('preferences', 'given'), actor: { role: 'guardian', mandateId } },
]

beforeAll(async () => {
  ledger.setClock(noon)
  const draft = { controller: 'ljungsten', subject: deviceIdentity(mine), mandateId, kind: 'guardian' }
  const terms = {
    ground: 'parental-responsibility',
    covers: { kind: 'all' },
    from: noon,
    until: '2030-01-01T00:00:00Z',
  }
  const registrar = bearer(await ledger.token('consent.mandate'))
  expect((await ledger.post('/v1/mandates', { ...draft, ...terms }, registrar)).status).toBe(201)
  for (const [i, act] of acts.entries()) {
    ledger.setClock(moved(noon, (i + 1) * 1000))
    for (const secret of [mine, another]) {
      const reply = await record(ledger, visitorEvent(ledger, secret, act))
      expect(reply.status, reply.text).toBe(201)
    }
  }
})

/** What the history is by definition: the stored events, the receipts' effects, and which event each state rests on. */
async function naive(secret: string): Promise<EventBody[]> {
  const snapshot = await ledger.local.ledger.controllers.current('ljungsten')
  if (snapshot === undefined) throw new Error('no controller')
  const events = await eventsOf(ledger.local.ledger, snapshot, deviceIdentity(secret))
  const { receipts } = (await own('receipts', secret)).json
  const { consents } = (await own('consents', secret)).json
  return events
    .toSorted((a, b) => (a.event.times.recordedAt < b.event.times.recordedAt ? 1 : -1))
    .map(({ event, key: { pk, sk } }) => {
      const { eventId, site, times, who, link, how, context } = event
      const receipt = receipts.find((each: EventBody) => each.eventId === eventId)
      const decisions = receipt.decisions.map((decision: EventBody) => {
        const state = consents.find(
          (each: EventBody) =>
            each.decidedBy === eventId && each.purposeId === decision.purposeId && each.policyId === decision.policyId,
        )
        if (state === undefined) return decision
        const { status, reason, endsAt } = state
        return { ...decision, decides: { status, reason, ...(endsAt && { endsAt }) } }
      })
      const receiptId = receiptIdOf({ pk, sk })
      return { receiptId, eventId, site, decisions, times, who, link, how, context }
    })
}

test.each([1, 2, 3, acts.length, 100])('pages of %i have all events once, newest first, as defined', async (limit) => {
  const found: EventBody[] = []
  let after = ''
  for (let pages = 0; pages <= acts.length; pages++) {
    const { json } = await own('history', mine, `&limit=${limit}${after}`)
    expect(json.events.length).toBeLessThanOrEqual(limit)
    found.push(...json.events)
    if (json.next === undefined) break
    after = `&after=${json.next}`
  }
  expect(found).toEqual(JSON.parse(JSON.stringify(await naive(mine))))
  expect(found.map(({ eventId }) => eventId)).toHaveLength(acts.length)
})

test('each text that was shown is there once, by its hash, and anyone can fetch it', async () => {
  const { texts } = (await own('history')).json
  const all = texts.flatMap(({ of }: { of: EventBody[] }) => of)
  const named = (policyId: string, version: string) => ({ policyId, version, locale: 'en' })
  const [terms, old, cookies, privacy] = [
    ...[named('general-terms', '2'), named('privacy-policy', '1')],
    ...[named('cookie-policy', '2'), named('privacy-policy', '2')],
  ]
  // The withdrawal names no text, so none is said to have been shown for it.
  expect(all).toEqual([cookies, terms, old, privacy])
  for (const { sha256, path, mediaType } of texts) {
    expect([path, mediaType]).toEqual([`/v1/texts/${sha256}`, 'text/markdown'])
    expect((await ledger.get(path)).status).toBe(200)
  }
})

test('it says who acted, and lists the mandate that an event names', async () => {
  const { events, mandates } = (await own('history')).json
  const roles = events.map(({ who }: { who: { actor: EventBody } }) => who.actor)
  expect(roles.filter(({ role }: EventBody) => role !== 'self')).toEqual([
    { role: 'guardian', mandateId },
    { role: 'delegate' },
  ])
  expect(mandates.map((each: EventBody) => each.mandateId)).toEqual([mandateId])
})

describe('one person', () => {
  test('never sees another’s events, nor pages from their cursor', async () => {
    const ids = (reply: Reply) => reply.json.events.map(({ eventId }: EventBody) => eventId)
    const [ours, theirs] = [ids(await own('history')), ids(await own('history', another))]
    expect(ours.filter((id: string) => theirs.includes(id))).toEqual([])
    const { next } = (await own('history', another, '&limit=2')).json
    const stolen = await own('history', mine, `&after=${next}`)
    expect([stolen.status, stolen.json.code]).toEqual([400, 'invalid-request'])
  })

  test('gets the same empty page when never known and when erased, and nobody may keep it', async () => {
    const secret = aDeviceSecret()
    await record(ledger, { ...decisionEvent(ledger), subject: { deviceSecret: secret } })
    const eraser = bearer(await ledger.token('consent.erase'))
    const body = { controller: 'ljungsten', subject: deviceIdentity(secret), ground: 'data-subject-request' }
    expect((await ledger.post('/v1/erasures', body, eraser)).json.outcome).toBe('erased')
    const [erased, unknown] = [await own('history', secret), await own('history', aDeviceSecret())]
    expect(erased.json).toEqual({ events: [], texts: [] })
    expect([erased.status, erased.text]).toEqual([unknown.status, unknown.text])
    for (const reply of [erased, unknown, await own('history')])
      expect(reply.headers.get('cache-control')).toBe('no-store')
  })

  test('is refused with a limit or cursor that is none', async () => {
    for (const query of ['&limit=0', '&limit=101', '&after=x', `&after=${'x'.repeat(22)}`])
      expect((await own('history', mine, query)).status, query).toBe(400)
  })
})
