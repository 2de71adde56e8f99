/** A timeline in pages: each event once, in the order of recording; cursors of somebody else lead nowhere; each page is a read. */
import { beforeAll, describe, expect, it } from 'vitest'
import { deviceIdentity } from '../../functions/http/access.ts'
import { maxTimelineEvents } from '../../shared/api/schemas/questions.ts'
import { openLedger } from '../../shared/server/server.ts'
import { audit, record, visitorEvent } from '../support/demo-calls.ts'
import { aDeviceSecret } from '../support/running-ledger.ts'
import { sharedLedger } from '../support/shared-ledger.ts'

const ledger = sharedLedger({ clockOnlyGoesOn: true })
const [one, other] = [aDeviceSecret(), aDeviceSecret()]
const subject = deviceIdentity(one)
const purposeId = 'statistics'

beforeAll(async () => {
  for (const secret of [one, one, other, one, one, one]) {
    expect((await record(ledger, visitorEvent(ledger, secret))).status).toBe(201)
    ledger.setClockAhead(60_000)
  }
})

interface Page {
  readonly at: string
  readonly knownAt: string
  readonly total: number
  readonly next?: string
  readonly changes: readonly unknown[]
  readonly events: readonly { readonly eventId: string; readonly times: { readonly recordedAt: string } }[]
}

const ask = (question: object) => audit(ledger, 'timeline', { subject, purposeId, ...question })
const page = async (question: object) => (await ask(question)).json as unknown as Page

describe('pages', () => {
  it('have each event once, oldest record first, and the changes on the first', async () => {
    const whole = await page({})
    expect([whole.total, whole.events.length, whole.next]).toEqual([5, 5, undefined])
    const first = await page({ limit: 2 })
    expect(first.changes).toEqual(whole.changes)
    expect([first.total, first.events.length]).toEqual([5, 2])
    const events = [...first.events]
    let { next } = first
    const { at, knownAt } = first
    for (let pages = 1; next !== undefined; pages++) {
      expect(pages).toBeLessThan(4)
      const later = await page({ limit: 2, at, knownAt, after: next })
      expect([later.changes, later.total]).toEqual([[], 5])
      events.push(...later.events)
      next = later.next
    }
    expect(events).toEqual(whole.events)
    const times = events.map(({ times: { recordedAt } }) => recordedAt)
    expect(times).toEqual(times.toSorted())
  })

  it('are followed by the server client, unless it is asked for one page', async () => {
    const token = await ledger.token('consent.audit', 'ljungsten', 'auditor')
    const client = openLedger({ url: ledger.url, controller: 'ljungsten', token: () => token })
    const { at, knownAt, next } = await client.askTimeline({ subject, purposeId, limit: 3 })
    expect((await client.askTimeline({ subject, purposeId })).events).toHaveLength(5)
    const last = await client.askTimeline({ subject, purposeId, limit: 3, at, knownAt, after: next })
    expect([last.events.length, last.next]).toEqual([2, undefined])
  })

  it('fit an answer of Lambda, 6 MB, at their longest, even of events twice as long', async () => {
    const { events } = await page({ limit: 3 })
    const bytes = Buffer.byteLength(JSON.stringify(events)) / events.length
    expect(bytes).toBeLessThan(1_000)
    expect(2 * bytes * maxTimelineEvents).toBeLessThan(6_000_000 / 2)
  })

  it('do not change while somebody reads on', async () => {
    const { at, knownAt, next } = await page({ limit: 4 })
    await record(ledger, visitorEvent(ledger, one))
    const later = await page({ at, knownAt, after: next })
    expect([later.events.length, later.total]).toEqual([1, 5])
  })
})

describe('a cursor', () => {
  it('of another person, or that nobody was given, is refused', async () => {
    const { at, knownAt, next } = await page({ limit: 2 })
    for (const question of [{ subject: deviceIdentity(other), after: next }, { after: 'A'.repeat(22) }]) {
      const { status, json } = await ask({ at, knownAt, ...question })
      expect([status, json.code, json.field]).toEqual([400, 'invalid-request', '/after'])
    }
  })

  it.each([
    ['without the instants of the first page', { after: 'A'.repeat(22) }],
    ['that is too long', { after: 'A'.repeat(5000), at: '2026-11-22T12:00:00Z', knownAt: '2026-11-22T12:00:00Z' }],
    ['with a page of none', { limit: 0 }],
    ['with a page of more than 1,000', { limit: 1001 }],
  ])('%s is refused', async (_, question) => {
    expect(await ask(question)).toMatchObject({ status: 400, json: { code: 'invalid-request' } })
  })
})

it('each page is recorded as a read, without its cursor', async () => {
  const key = ledger.key('ljungsten/web')
  const reads = async () =>
    (await ledger.get(`/v1/me/reads?key=${key}`, { authorization: `Device ${one}` })).json as unknown as {
      readonly reads: readonly unknown[]
    }
  const before = (await reads()).reads.length
  const { at, knownAt, next } = await page({ limit: 2 })
  await page({ limit: 2, at, knownAt, after: next })
  const { reads: after } = await reads()
  expect(after.length).toBe(before + 2)
  expect(JSON.stringify(after)).not.toContain(next)
})
