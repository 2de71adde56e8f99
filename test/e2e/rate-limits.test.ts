/** Rates over HTTP: who is refused, in which words, that a page can read it, and what of it gets into the log. */
import { randomBytes } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import type { RateLimits } from '../../functions/instance.ts'
import type { LogLine } from '../../functions/telemetry.ts'
import { defaultRates, openRateLimits, type Rates } from '../../infra/local/gateway/rate-limits.ts'
import {
  aDeviceSecret,
  anEvent,
  type Reply,
  type RunningLedger,
  siteKeyOf,
  startLedger,
} from '../support/running-ledger.ts'

let ledger: RunningLedger
/** Those of the test that runs. */
let limits: RateLimits
const lines: LogLine[] = []
beforeAll(async () => {
  const rateLimits: RateLimits = { admit: (by, name) => limits.admit(by, name) }
  const served = { rateLimits, trustedProxies: ['127.0.0.1'], onRefusals: (line: LogLine) => void lines.push(line) }
  ledger = await startLedger({ served })
})

/** Refilled so slowly that no test is slow enough to get one more. */
const slow = 1 / 3600
const origin = 'https://elsewhere.example'

/** All buckets are full then; those of one kind hold so many requests. */
function limit(by: keyof Rates, burst: number): void {
  limits = openRateLimits({ ...defaultRates, [by]: { perSecond: slow, burst } })
}

const times = async (n: number, call: () => Promise<Reply>) => {
  const statuses: number[] = []
  for (let i = 0; i < n; i++) statuses.push((await call()).status)
  return statuses
}

const key = () => siteKeyOf(ledger, 'ljungsten/web')
const post = (secret: string, headers = {}) => ledger.post(`/v1/events?key=${key()}`, anEvent(secret), headers)

describe('an address', () => {
  test('is refused what needs no token, readably for pages of any origin, and not what needs one', async () => {
    limit('address', 3)
    const auditToken = await ledger.token('consent.audit')
    expect(await times(3, () => post(aDeviceSecret()))).toEqual([201, 201, 201])
    const c15t = `/c15t/${key()}/init`
    for (const path of [
      `/v1/notices/cookie-policy?key=${key()}`,
      '/openapi.json',
      '/log/ljungsten/checkpoint',
      c15t,
      '/no',
    ]) {
      const { status, headers, json } = await ledger.get(path, { origin })
      expect([path, status, json.code]).toEqual([path, 429, path === c15t ? 'RATE_LIMITED' : 'rate-limited'])
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
      expect(headers.get('access-control-allow-origin')).toBe(origin)
      expect(headers.get('access-control-expose-headers')).toBe('retry-after')
      if (path !== c15t) expect(headers.get('content-type')).toBe('application/problem+json')
    }
    const question = { controller: 'ljungsten', subject: { type: 'device', id: 'x' }, purposeId: 'statistics' }
    const audit = () => ledger.post('/v1/audit/consents', question, { authorization: `Bearer ${auditToken}` })
    expect(await times(4, audit)).toEqual([200, 200, 200, 200])
    expect(await times(2, () => ledger.post('/v1/audit/consents', question))).toEqual([401, 401])
  })

  test('may ask ahead as often as it likes, so that its page reads the refusal of the request', async () => {
    limit('address', 1)
    const path = `/v1/events?key=${key()}`
    const ask = () => ledger.send(path, { method: 'OPTIONS', headers: { origin } })
    expect(await times(3, ask)).toEqual([204, 204, 204])
    expect(await times(2, () => ledger.get('/openapi.json'))).toEqual([200, 429])
    expect(await times(1, ask)).toEqual([204])
  })

  test('is the client’s behind a proxy that the operator names; of IPv6 its /64', async () => {
    limit('address', 2)
    const from = (address: string) => () => ledger.get('/openapi.json', { 'x-forwarded-for': address })
    expect(await times(3, from('198.51.100.1'))).toEqual([200, 200, 429])
    expect(await times(1, from('198.51.100.2'))).toEqual([200])
    let n = 0
    expect(await times(3, () => from(`2001:db8:1:2::${(n++).toString(16)}`)())).toEqual([200, 200, 429])
    expect(await times(1, from('2001:db8:1:3::1'))).toEqual([200])
  })
})

test('a site is refused, and other sites are not', async () => {
  limit('site', 2)
  const notice = (site: string) => () => ledger.get(`/v1/notices/cookie-policy?key=${siteKeyOf(ledger, site)}`)
  const [first = '', second = ''] = [...ledger.sites.keys()].filter((name) => name.startsWith('ljungsten/'))
  expect(await times(3, notice(first))).toEqual([200, 200, 429])
  expect(await times(1, notice(second))).toEqual([200])
})

test('a controller is refused what it would record, from all of its sites together, and another controller is not', async () => {
  limit('controller', 2)
  const names = [...ledger.sites.keys()]
  const [first = '', second = ''] = names.filter((name) => name.startsWith('ljungsten/'))
  const other = names.find((name) => !name.startsWith('ljungsten/')) ?? ''
  const record = (site: string) => ledger.post(`/v1/events?key=${siteKeyOf(ledger, site)}`, anEvent(aDeviceSecret()))
  expect([(await record(first)).status, (await record(second)).status]).toEqual([201, 201])
  for (const site of [first, second]) {
    const { status, json, headers } = await record(site)
    expect([status, json.code]).toEqual([429, 'rate-limited'])
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
  }
  const recordOther = () =>
    ledger.post(
      `/v1/events?key=${siteKeyOf(ledger, other)}`,
      anEvent(aDeviceSecret(), { decisions: [{ purposeId: 'newsletter', verb: 'refused' }], shown: [] }),
    )
  expect(await times(2, recordOther)).toEqual([201, 201])
  const reading = () => ledger.get(`/v1/notices/cookie-policy?key=${siteKeyOf(ledger, first)}`)
  expect(await times(2, reading)).toEqual([200, 200])
})

test('keys that a caller makes up do not count for the controller that they name, but for their address', async () => {
  limit('controller', 1)
  const named = (key: string) => ledger.post(`/v1/events?key=${key}`, anEvent(aDeviceSecret()))
  const made = () => named(`site_ljungsten_web_${randomBytes(16).toString('base64url')}`)
  expect(await times(3, made)).toEqual([401, 401, 401])
  expect((await named(key())).status).toBe(201)
  limit('address', 3)
  expect(await times(4, made)).toEqual([401, 401, 401, 429])
})

describe('a subject', () => {
  test('is one subject under any credential; and others are not refused', async () => {
    limit('subject', 3)
    const secret = aDeviceSecret()
    const authorization = `Device ${secret}`
    const own = (path: string) => () => ledger.get(`${path}?key=${key()}`, { authorization })
    expect(await times(2, () => post(secret))).toEqual([201, 201])
    expect(await times(1, own('/v1/me/consents'))).toEqual([200])
    expect(await times(1, own('/v1/me/receipts'))).toEqual([429])
    expect(await times(1, () => post(secret))).toEqual([429])
    expect(await times(1, () => post(aDeviceSecret()))).toEqual([201])
  })

  test('learns in a batch which of its events to send again', async () => {
    limit('subject', 2)
    const secret = aDeviceSecret()
    const events = [1, 2, 3].map(() => anEvent(secret))
    const { status, json } = await ledger.post(`/v1/events?key=${key()}`, { events })
    expect(status).toBe(200)
    const outcomes: { status: number; problem?: { code: string } }[] = json.outcomes
    expect(outcomes.map((outcome) => [outcome.status, outcome.problem?.code])).toEqual([
      [201, undefined],
      [201, undefined],
      [429, 'rate-limited'],
    ])
  })

  test('of a c15t client is its subject id', async () => {
    limit('subject', 0.5)
    const body = {
      subjectId: 'sub_6Ybb2Yb5Jp2YbYbYbYbYb',
      domain: 'ljungsten.example',
      type: 'cookie_banner',
      givenAt: Date.now(),
      preferences: { necessary: true },
    }
    const reply = await ledger.post(`/c15t/${key()}/subjects`, body)
    expect([reply.status, reply.json.code]).toEqual([429, 'RATE_LIMITED'])
  })
})

test('what was refused is in the log as counts, without names', async () => {
  await ledger.close()
  expect(lines.map(({ status, code }) => [status, code])).toEqual([
    [429, 'rate-limited'],
    [401, 'unauthenticated'],
  ])
  expect(lines[1]?.count).toBe(8)
  expect(JSON.stringify(lines)).not.toMatch(/127\.0\.0\.1|198\.51|2001:db8|site_|sub_|Device/)
})
