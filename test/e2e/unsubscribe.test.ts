/** Unsubscribing by a link in a letter, over HTTP (RFC 8058): who gets a link, what uses it, and what it may never do. */
import { beforeAll, describe, expect, it, test } from 'vitest'
import { controllerOfToken } from '../../shared/ledger/letters/letter-tokens.ts'
import { audit, bearer, type EventBody, moved, noon, record, visitorEvent } from '../support/demo-calls.ts'
import { expectRefusal } from '../support/refusals.ts'
import { type Reply, siteKeyOf } from '../support/running-ledger.ts'
import { sharedLedger } from '../support/shared-ledger.ts'
import { isEvent } from '../support/stored-items.ts'

const ledger = sharedLedger()
beforeAll(() => ledger.setClock(noon))

const oneClick = 'List-Unsubscribe=One-Click'
const urlencoded = { 'content-type': 'application/x-www-form-urlencoded' }
const email = (name: string) => ({ type: 'email', id: `${name}@example.org` })

async function mint(
  name: string,
  purposes: readonly string[] = ['newsletter'],
  { scope = 'consent.write', controller = 'ljungsten', site = 'ljungsten/back-office' } = {},
): Promise<Reply> {
  const headers = bearer(await ledger.token(scope, controller))
  return ledger.post(
    `/v1/unsubscribe-links?key=${siteKeyOf(ledger, site)}`,
    { subject: { identifier: email(name) }, purposes },
    headers,
  )
}

const pathOf = ({ json }: Reply) => new URL(json.url).pathname
const linkFor = async (name: string, purposes?: readonly string[]) => pathOf(await mint(name, purposes))
const use = (path: string, body: BodyInit = oneClick, headers: Record<string, string> = urlencoded) =>
  ledger.send(path, { method: 'POST', headers, body, redirect: 'manual' })

async function decide(name: string, verb: string, at: string, assurance?: string, purposeId = 'newsletter') {
  ledger.setClock(at)
  const event = visitorEvent(ledger, '', {
    subject: { identifier: email(name), ...(assurance && { assurance }) },
    decisions: [{ purposeId, verb }],
    shown: [{ policyId: 'privacy-policy', version: '2' }],
  })
  const reply = await record(ledger, event, 'ljungsten/back-office', bearer(await ledger.token('consent.write')))
  expect(reply.status).toBe(201)
}
/** A consent that needs no confirmation, because it was confirmed when it was recorded. */
const consented = (name: string, at = noon) => decide(name, 'given', at, 'confirmed')

async function statusOf(name: string, purposeId = 'newsletter'): Promise<EventBody> {
  const { json } = await audit(ledger, 'consents', { subject: email(name), purposeId })
  return json.consents[0]
}
const eventsStored = async () => (await ledger.stored('entries')).filter(isEvent).length

describe('a link to unsubscribe', () => {
  it('is made for a server, with the header lines for its letter', async () => {
    const { status, json } = await mint('kim')
    expect(status).toBe(200)
    expect(json.url.startsWith(`${ledger.url}/v1/unsubscribe/ljungsten.`)).toBe(true)
    expect(json).toEqual({
      url: json.url,
      purposes: ['newsletter'],
      headers: { 'List-Unsubscribe': `<${json.url}>`, 'List-Unsubscribe-Post': oneClick },
    })
    // A line of a letter's head has at most 998 characters (RFC 5322, section 2.1.1).
    expect(`List-Unsubscribe: <${json.url}>`.length).toBeLessThan(400)
  })

  it.each<[string, () => Promise<Reply>, number, string]>([
    ['without a token', () => unsent({}), 401, 'unauthenticated'],
    ['for a token that reads', () => mint('kim', ['newsletter'], { scope: 'consent.audit' }), 403, 'forbidden'],
    ['for a token that erases', () => mint('kim', ['newsletter'], { scope: 'consent.erase' }), 403, 'forbidden'],
    [
      'for another controller’s token',
      () => mint('kim', ['newsletter'], { controller: 'tallmo' }),
      401,
      'unauthenticated',
    ],
    ['for a purpose that rests on a contract', () => mint('kim', ['credit-assessment']), 403, 'verb-not-allowed'],
    ['for a purpose that nobody declared', () => mint('kim', ['nonsense']), 400, 'unknown-purpose'],
    ['for no purpose', () => mint('kim', []), 400, 'invalid-request'],
    ['for one purpose twice', () => mint('kim', ['newsletter', 'newsletter']), 400, 'invalid-request'],
  ])('is not made %s', async (_, call, status, code) => {
    const reply = await call()
    expectRefusal(reply, { status, code }, email('kim').id)
  })

  const unsent = (headers: Record<string, string>) =>
    ledger.post(
      `/v1/unsubscribe-links?key=${siteKeyOf(ledger, 'ljungsten/back-office')}`,
      { subject: { identifier: email('kim') }, purposes: ['newsletter'] },
      headers,
    )
})

describe('one click', () => {
  const multipart = new FormData()
  multipart.set('List-Unsubscribe', 'One-Click')
  it.each<[string, BodyInit, Record<string, string>]>([
    ['urlencoded', oneClick, urlencoded],
    ['multipart', multipart, {}],
  ])('by a mail program, %s: recorded once, and answered alike again', async (kind, body, headers) => {
    const name = `mail-${kind}`
    await consented(name)
    const path = await linkFor(name)
    expect((await statusOf(name)).status).toBe('Given')
    const before = await eventsStored()
    ledger.setClock(moved(noon, 1000))
    const first = await use(path, body, headers)
    const second = await use(path, body, headers)
    expect([first.status, second.status, first.text]).toEqual([200, 200, second.text])
    expect([...first.headers.keys()]).not.toContain('set-cookie')
    expect(await statusOf(name)).toMatchObject({ status: 'Withdrawn', permittedByConsent: false })
    expect((await eventsStored()) - before).toBe(1)
  })

  it('of two at once records one', async () => {
    await consented('twice')
    const path = await linkFor('twice')
    ledger.setClock(moved(noon, 1000))
    const before = await eventsStored()
    const both = await Promise.all([use(path), use(path), use(path)])
    expect(both.map(({ status }) => status)).toEqual([200, 200, 200])
    expect((await eventsStored()) - before).toBe(1)
  })

  it('with the same link after a later yes is another no', async () => {
    await consented('again')
    const path = await linkFor('again')
    ledger.setClock(moved(noon, 1000))
    await use(path)
    await consented('again', moved(noon, 2000))
    expect((await statusOf('again')).status).toBe('Given')
    ledger.setClock(moved(noon, 3000))
    await use(path)
    expect((await statusOf('again')).status).toBe('Withdrawn')
  })

  it('ends a yes that waits, and is an objection where the purpose rests on an interest', async () => {
    await decide('waits', 'given', noon)
    const path = await linkFor('waits', ['newsletter', 'direct-marketing'])
    ledger.setClock(moved(noon, 1000))
    expect((await use(path)).status).toBe(200)
    await decide('waits', 'confirmed', moved(noon, 2000), 'confirmed')
    expect((await statusOf('waits')).status).toBe('Refused')
    expect((await statusOf('waits', 'direct-marketing')).status).toBe('Objected')
    expect((await statusOf('waits', 'statistics')).status).toBe('Unknown')
  })

  it('works for a person of whom nothing was recorded', async () => {
    const path = await linkFor('stranger', ['direct-marketing'])
    expect((await use(path)).status).toBe(200)
    expect((await statusOf('stranger', 'direct-marketing')).status).toBe('Objected')
  })

  it('is recorded as answered by letter, for the site whose server asked for the link', async () => {
    await use(await linkFor('how'))
    const { json } = await audit(ledger, 'timeline', { subject: email('how'), purposeId: 'newsletter' })
    expect(json.events).toHaveLength(1)
    expect(json.events[0]).toMatchObject({
      site: 'back-office',
      who: { actor: { role: 'self' }, assurance: 'operator' },
      how: { surface: 'letter', device: 'email', act: 'button' },
    })
  })

  it('after an erasure is answered alike and records nothing', async () => {
    await consented('gone')
    const path = await linkFor('gone')
    await consented('here')
    const known = await use(await linkFor('here'))
    const erasure = { controller: 'ljungsten', subject: email('gone'), ground: 'data-subject-request' }
    const erased = await ledger.post('/v1/erasures', erasure, bearer(await ledger.token('consent.erase')))
    expect(erased.json.outcome).toBe('erased')
    const before = await eventsStored()
    const after = await use(path)
    expect([after.status, after.text]).toEqual([known.status, known.text])
    expect(await eventsStored()).toBe(before)
    expect(await statusOf('gone')).toMatchObject({ status: 'Unknown' })
    // Whoever writes under the address later is another subject, whose no counts as well.
    await consented('gone')
    ledger.setClock(moved(noon, 5000))
    await use(path)
    expect((await statusOf('gone')).status).toBe('Withdrawn')
  })
})

describe('what is no click changes nothing', () => {
  let path: string
  beforeAll(async () => {
    await consented('scanned')
    path = await linkFor('scanned')
  })

  it.each<[string, () => Promise<Reply>, number]>([
    ['GET', () => ledger.get(path), 200],
    ['HEAD', () => ledger.send(path, { method: 'HEAD' }), 200],
    ['OPTIONS', () => ledger.send(path, { method: 'OPTIONS', headers: { origin: 'https://mail.example' } }), 204],
    ['PUT', () => ledger.send(path, { method: 'PUT', body: oneClick, headers: urlencoded }), 405],
    ['a POST without a body', () => ledger.send(path, { method: 'POST' }), 400],
    ['a POST of another form', () => use(path, 'List-Unsubscribe=Maybe'), 400],
    [
      'a POST of JSON',
      () => use(path, '{"List-Unsubscribe":"One-Click"}', { 'content-type': 'application/json' }),
      400,
    ],
    ['a POST that says so in the query', () => ledger.send(`${path}?${oneClick}`, { method: 'POST' }), 400],
    ['a body that is too long', () => use(path, `${oneClick}&x=${'y'.repeat(8192)}`), 400],
  ])('%s', async (_, call, status) => {
    const before = await eventsStored()
    const reply = await call()
    expect(reply.status).toBe(status)
    expect(await eventsStored()).toBe(before)
    const secret = path.split('/').at(-1) ?? ''
    expect(reply.text).not.toContain(secret)
  })

  it('the page has a button, loads nothing, and is kept by nobody', async () => {
    const page = await ledger.get(path, { 'accept-language': 'sv' })
    expect(page.text).toContain('<html lang="sv">')
    expect(page.text).toContain('Nyhetsbrev')
    expect(page.text).toContain('<input type="hidden" name="List-Unsubscribe" value="One-Click">')
    const english = (await ledger.get(path, { 'accept-language': 'fr' })).text
    expect([english.includes('<html lang="en">'), english.includes('Newsletter')]).toEqual([true, true])
    expect(page.text).not.toMatch(/src=|href=|<script|scanned/)
    expect(Object.fromEntries(page.headers)).toMatchObject({
      'content-security-policy': expect.stringContaining("default-src 'none'; style-src 'sha256-"),
      'referrer-policy': 'no-referrer',
      'x-robots-tag': 'noindex, nofollow',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    })
    expect(page.headers.get('content-security-policy')).toContain("form-action 'self'; frame-ancestors 'none'")
  })

  test('every token that does not open gets one answer', async () => {
    const token = path.split('/').at(-1) ?? ''
    const wrong = [
      'x',
      `${token.slice(0, -2)}AA`,
      token.replace('ljungsten.', 'tallmo.'),
      token.replace('ljungsten.', 'nobody.'),
      'ljungsten.'.padEnd(4000, 'A'),
    ]
    expect(controllerOfToken(token)).toBe('ljungsten')
    const before = await eventsStored()
    const replies = await Promise.all(
      wrong.flatMap((each) => [ledger.get(`/v1/unsubscribe/${each}`), use(`/v1/unsubscribe/${each}`)]),
    )
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([404]))
    expect(new Set(replies.map(({ text }) => text)).size).toBe(1)
    expect(await eventsStored()).toBe(before)
  })
})
