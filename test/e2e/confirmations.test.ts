/** Double opt-in over HTTP: the token leaves by the outbox only, a GET changes nothing, a POST confirms once, and a no stands above it. */
import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Letter } from '../../shared/ledger/letters/letter-outbox.ts'
import {
  audit,
  bearer,
  type EventBody,
  hourMs,
  minuteMs,
  moved,
  noon,
  record,
  visitorEvent,
} from '../support/demo-calls.ts'
import { lettersIn } from '../support/mailbox.ts'
import { expectRefusal } from '../support/refusals.ts'
import { aDeviceSecret, type Reply, siteKeyOf } from '../support/running-ledger.ts'
import { sharedLedger } from '../support/shared-ledger.ts'
import { isEvent } from '../support/stored-items.ts'

const ledger = sharedLedger()
beforeAll(() => ledger.setClock(noon))

const email = (name: string) => ({ type: 'email', id: `${name}@example.org` })

function requestOf(name: string, more: EventBody = {}): EventBody {
  return visitorEvent(ledger, '', {
    subject: { identifier: email(name) },
    decisions: [{ purposeId: 'newsletter', verb: 'given' }],
    shown: [{ policyId: 'privacy-policy', version: '2' }],
    ...more,
  })
}
async function ask(body: EventBody, { scope = 'consent.write', controller = 'ljungsten' } = {}): Promise<Reply> {
  const path = `/v1/confirmations?key=${siteKeyOf(ledger, 'ljungsten/back-office')}`
  return ledger.post(path, body, bearer(await ledger.token(scope, controller)))
}
async function lettersTo(name: string): Promise<Letter[]> {
  return (await lettersIn(ledger.dataFolder)).filter(({ to }) => to === email(name).id)
}
async function linkFor(name: string, more?: EventBody): Promise<string> {
  const reply = await ask(requestOf(name, more))
  expect(reply.status).toBe(201)
  const [letter] = await lettersTo(name)
  return new URL(letter?.url ?? '').pathname
}
const urlencoded = { 'content-type': 'application/x-www-form-urlencoded' }
const use = (path: string, body = 'confirm=yes', headers: Record<string, string> = urlencoded) =>
  ledger.send(path, { method: 'POST', headers, body, redirect: 'manual' })

async function say(name: string, verb: string): Promise<void> {
  const event = requestOf(name, { decisions: [{ purposeId: 'newsletter', verb }] })
  const reply = await record(ledger, event, 'ljungsten/back-office', bearer(await ledger.token('consent.write')))
  expect(reply.status).toBe(201)
}
async function statusOf(name: string): Promise<EventBody> {
  return (await audit(ledger, 'consents', { subject: email(name), purposeId: 'newsletter' })).json.consents[0]
}
const eventsStored = async () => (await ledger.stored('entries')).filter(isEvent).length
const later = (ms: number) => ledger.setClock(moved(noon, ms))

describe('a request to confirm', () => {
  it('records the yes, and sends the token to the address and nowhere else', async () => {
    const { status, json, text, headers } = await ask(requestOf('kim', { locale: 'sv-SE' }))
    expect(status).toBe(201)
    expect(json).toMatchObject({
      decisions: [{ purposeId: 'newsletter', effect: 'yes', reason: 'awaiting-confirmation' }],
      confirmation: { purposes: ['newsletter'], againAfter: expect.any(String) },
    })
    const [letter, ...others] = await lettersTo('kim')
    expect(others).toEqual([])
    expect(letter).toMatchObject({ language: 'sv', to: 'kim@example.org', expiresAt: json.confirmation.expiresAt })
    expect(letter?.url.startsWith(`${ledger.url}/v1/confirmations/ljungsten.`)).toBe(true)
    expect(letter?.text).toContain(letter?.url)
    const token = letter?.url.split('/').at(-1) ?? ''
    expect(text + JSON.stringify([...headers])).not.toContain(token.slice(0, 40))
    expect(JSON.stringify(await ledger.stored('entries'))).not.toContain(token)
    expect((await statusOf('kim')).status).toBe('Requested')
  })

  it('goes to the address in the token of a person who signed in', async () => {
    const claims = { audience: 'consent-ledger/ljungsten', subject: 'account-7', scope: '', lifetimeSeconds: 600 }
    const token = await ledger.local.issuer.token({ ...claims, email: 'account-7@example.org' })
    expect((await ask(requestOf('x', { subject: { token } }))).status).toBe(201)
    const [letter] = await lettersTo('account-7')
    await use(new URL(letter?.url ?? '').pathname)
    const subject = { type: 'account', id: 'account-7' }
    const { json } = await audit(ledger, 'consents', { subject, purposeId: 'newsletter' })
    expect(json.consents[0]).toMatchObject({ status: 'Given', reason: 'confirmed' })
  })

  it.each<[string, () => Promise<Reply>, number, string]>([
    [
      'nobody',
      () => ledger.post(`/v1/confirmations?key=${siteKeyOf(ledger, 'ljungsten/back-office')}`, requestOf('no')),
      401,
      'unauthenticated',
    ],
    ['a token that reads', () => ask(requestOf('no'), { scope: 'consent.audit' }), 403, 'forbidden'],
    ['another controller’s token', () => ask(requestOf('no'), { controller: 'tallmo' }), 401, 'unauthenticated'],
    ['a device', () => ask(requestOf('no', { subject: { deviceSecret: aDeviceSecret() } })), 400, 'invalid-request'],
    [
      'a telephone',
      () => ask(requestOf('no', { subject: { identifier: { type: 'phone', id: '+46701234567' } } })),
      400,
      'invalid-request',
    ],
    ['two addresses', () => ask(requestOf('a@example.org,b')), 400, 'invalid-request'],
    ['an address with a line', () => ask(requestOf('a\r\nBcc:b')), 400, 'invalid-request'],
    [
      'a token without an address',
      async () => ask(requestOf('no', { subject: { token: await ledger.token('', 'ljungsten') } })),
      400,
      'invalid-request',
    ],
    [
      'an event that says it was confirmed',
      () => ask(requestOf('no', { subject: { identifier: email('no'), assurance: 'confirmed' } })),
      400,
      'invalid-request',
    ],
    [
      'an undeclared purpose',
      () => ask(requestOf('no', { decisions: [{ purposeId: 'nonsense', verb: 'given' }] })),
      400,
      'unknown-purpose',
    ],
  ])('by %s is refused, and nothing is sent or recorded', async (_, call, status, code) => {
    const before = await eventsStored()
    expectRefusal(await call(), { status, code })
    expect(await eventsStored()).toBe(before)
    expect(await lettersTo('no')).toEqual([])
  })

  it('without anything to confirm is recorded, and no letter goes', async () => {
    const reply = await ask(requestOf('plain', { decisions: [{ purposeId: 'newsletter', verb: 'refused' }] }))
    expect([reply.status, reply.json.confirmation]).toEqual([201, undefined])
    expect(await lettersTo('plain')).toEqual([])
  })

  it('again is the same letter for ten minutes, and another after that, until the link ends', async () => {
    const event = requestOf('often')
    const first = await ask(event)
    const again = await ask(event)
    expect([first.status, again.status]).toEqual([201, 200])
    expect(again.json).toEqual(first.json)
    expect(await lettersTo('often')).toHaveLength(1)
    later(11 * minuteMs)
    expect((await ask(event)).json.confirmation.expiresAt).toBe(first.json.confirmation.expiresAt)
    expect(await lettersTo('often')).toHaveLength(2)
    for (const letter of await lettersTo('often')) {
      await use(new URL(letter.url).pathname)
      expect((await ask(event)).json.confirmation).toBeUndefined()
    }
    expect((await statusOf('often')).status).toBe('Given')
    later(0)
  })

  it('for a sixth event within a day is refused, and the fifth may be repeated', async () => {
    const events = Array.from({ length: 6 }, () => requestOf('flooded', { eventId: randomUUID() }))
    for (const event of events.slice(0, 5)) expect((await ask(event)).status).toBe(201)
    const refused = await ask(events[5] ?? {})
    expectRefusal(refused, { status: 429, code: 'rate-limited' })
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(86_000)
    expect((await ask(events[4] ?? {})).status).toBe(200)
    later(25 * hourMs)
    expect((await ask({ ...events[5], occurredAt: ledger.now() })).status).toBe(201)
    later(0)
  })
})

describe('a mailbox', () => {
  it('is not filled by a dozen requests at one instant', async () => {
    const events = Array.from({ length: 12 }, () => requestOf('at-once', { eventId: randomUUID() }))
    const replies = await Promise.all(events.map((event) => ask(event)))
    expect(new Set(replies.map(({ status }) => status)).isSubsetOf(new Set([201, 429]))).toBe(true)
    expect((await lettersTo('at-once')).length).toBeLessThanOrEqual(5)
    // The same requests, sent again.
    for (const event of events) await ask(event)
    expect((await lettersTo('at-once')).length).toBeLessThanOrEqual(5)
  })

  it('gets one letter for one event in many spellings of the address', async () => {
    const event = requestOf('spelled')
    const spellings = ['spelled', 'Spelled', 'SPELLED', ' spelled', 'sPelled'].map((name) => email(name))
    for (const identifier of spellings)
      expect((await ask({ ...event, subject: { identifier } })).status).toBeLessThan(202)
    const letters = (await lettersIn(ledger.dataFolder)).filter(({ to }) => /^spelled@/i.test(to))
    expect(letters).toHaveLength(1)
  })

  it.each(['ｓｐｅｌｌｅｄ@example.org', 'spel\u200bled@example.org'])(
    'that may be another person’s is not written to: %s',
    async (id) => {
      const reply = await ask(requestOf('x', { subject: { identifier: { type: 'email', id } } }))
      expectRefusal(reply, { status: 400, code: 'invalid-request', field: '/subject/identifier/id' })
    },
  )

  it('is written to with its domain in the form in which its person is known', async () => {
    const id = 'idn@R\u00e4ksm\u00f6rg\u00e5s.example.'
    expect((await ask(requestOf('x', { subject: { identifier: { type: 'email', id } } }))).status).toBe(201)
    const tos = (await lettersIn(ledger.dataFolder)).map(({ to }) => to)
    expect(tos).toContain('idn@xn--rksmrgs-5wao1o.example')
  })

  it('that gets no more letters keeps no refusal from being recorded', async () => {
    for (let n = 0; n < 5; n++) expect((await ask(requestOf('no-after', { eventId: randomUUID() }))).status).toBe(201)
    const no = (verb: string) => ({ purposeId: 'statistics', verb })
    const yes = { purposeId: 'newsletter', verb: 'given' }
    expect((await ask(requestOf('no-after', { decisions: [no('withdrawn')] }))).status).toBe(201)
    const both = await ask(requestOf('no-after', { decisions: [yes, no('refused')] }))
    expectRefusal(both, { status: 429, code: 'rate-limited' })
    expect(both.json.detail).toContain('the event is recorded')
    expect((await ask(requestOf('no-after', { decisions: [{ ...yes, verb: 'withdrawn' }] }))).status).toBe(201)
    expect((await statusOf('no-after')).status).toBe('Refused')
    expect(await lettersTo('no-after')).toHaveLength(5)
  })
})

describe('the link', () => {
  it('confirms once, by an event of its own, and says so the second time', async () => {
    const path = await linkFor('once')
    later(minuteMs)
    const first = await use(path)
    const before = await eventsStored()
    const second = await use(path)
    expect([first.status, second.status]).toEqual([200, 200])
    expect(first.text).toContain('Confirmed')
    expect(second.text).toContain('Nothing was changed now')
    expect(await eventsStored()).toBe(before)
    expect(await statusOf('once')).toMatchObject({ status: 'Given', reason: 'confirmed', permittedByConsent: true })
    const { json } = await audit(ledger, 'timeline', { subject: email('once'), purposeId: 'newsletter' })
    const [given, confirmed] = json.events
    expect(given.decisions).toMatchObject([{ verb: 'given' }])
    expect(confirmed).toMatchObject({
      decisions: [{ verb: 'confirmed', ground: expect.stringMatching(/^link in the letter about receipt [\w-]{22}$/) }],
      who: { assurance: 'confirmed', actor: { role: 'self' } },
      how: { surface: 'letter' },
    })
    later(0)
  })

  it('used by three at once confirms once', async () => {
    const path = await linkFor('crowd')
    const before = await eventsStored()
    const replies = await Promise.all([use(path), use(path), use(path)])
    expect(replies.map(({ status }) => status)).toEqual([200, 200, 200])
    expect((await eventsStored()) - before).toBe(1)
  })

  it.each(['withdrawn', 'refused', 'objected'])('after the person’s %s has ended, and stays so', async (verb) => {
    const name = `no-${verb}`
    const path = await linkFor(name)
    later(minuteMs)
    await say(name, verb)
    later(2 * minuteMs)
    const before = await eventsStored()
    expect((await use(path)).status).toBe(410)
    expect(await eventsStored()).toBe(before)
    expect((await statusOf(name)).permittedByConsent).toBe(false)
    // A later yes waits for its own letter; the link of the earlier one does not confirm it.
    await ask(requestOf(name))
    expect((await use(path)).status).toBe(410)
    expect((await statusOf(name)).status).toBe('Requested')
    later(0)
  })

  it('that was used does not bring back what was withdrawn since', async () => {
    const path = await linkFor('back')
    await use(path)
    later(minuteMs)
    await say('back', 'withdrawn')
    later(2 * minuteMs)
    expect((await use(path)).text).toContain('Nothing was changed now')
    expect((await statusOf('back')).status).toBe('Withdrawn')
    later(0)
  })

  it('ends after two days, and with the erasure of its person: one answer for all', async () => {
    const [late, erased, refused] = [await linkFor('late'), await linkFor('erased'), await linkFor('refused')]
    await say('refused', 'withdrawn')
    const erasure = { controller: 'ljungsten', subject: email('erased'), ground: 'data-subject-request' }
    await ledger.post('/v1/erasures', erasure, bearer(await ledger.token('consent.erase')))
    const before = await eventsStored()
    const replies = [await use(erased), await use(refused)]
    later(49 * hourMs)
    replies.push(await use(late), await ledger.get(late))
    expect(replies.map(({ status }) => status)).toEqual([410, 410, 410, 410])
    expect(new Set(replies.map(({ text }) => text)).size).toBe(1)
    expect(await eventsStored()).toBe(before)
    later(0)
  })

  it('changes nothing by what is no press of its button', async () => {
    const path = await linkFor('scanned')
    const before = await eventsStored()
    const scans = [
      await ledger.get(path),
      await ledger.send(path, { method: 'HEAD' }),
      await ledger.send(path, { method: 'POST' }),
      await use(path, ''),
      await use(path, 'List-Unsubscribe=One-Click'),
      await ledger.send(`${path}?confirm=yes`, { method: 'POST' }),
      await ledger.send(path, { method: 'DELETE' }),
    ]
    expect(scans.map(({ status }) => status)).toEqual([200, 200, 400, 400, 400, 400, 405])
    const token = path.split('/').at(-1) ?? ''
    for (const { text } of scans) expect(text).not.toContain(token)
    expect(await eventsStored()).toBe(before)
    const page = scans[0]
    expect(page?.text).toContain('<input type="hidden" name="confirm" value="yes">')
    expect(page?.text).not.toMatch(/src=|href=|<script|scanned/)
    expect(Object.fromEntries(page?.headers ?? [])).toMatchObject({
      'content-security-policy': expect.stringContaining("default-src 'none'"),
      'referrer-policy': 'no-referrer',
      'x-robots-tag': 'noindex, nofollow',
      'cache-control': 'no-store',
    })
  })

  it('is of its kind, its controller and its own making only', async () => {
    const token = (await linkFor('kinds')).split('/').at(-1) ?? ''
    const wrong = [
      `/v1/unsubscribe/${token}`,
      `/v1/confirmations/${token.replace('ljungsten.', 'tallmo.')}`,
      `/v1/confirmations/${token.slice(0, -3)}AAA`,
      `/v1/confirmations/ljungsten.${'A'.repeat(4000)}`,
    ]
    const replies = await Promise.all(wrong.flatMap((path) => [use(path), ledger.get(path)]))
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([404]))
    expect(new Set(replies.map(({ text }) => text)).size).toBe(1)
    expect((await statusOf('kinds')).status).toBe('Requested')
  })
})
