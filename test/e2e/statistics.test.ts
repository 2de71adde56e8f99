/** Statistics through the front door: who may ask, what complete days say, as JSON and as a table, and what a scheduled version will cost. */
import { beforeAll, describe, expect, test } from 'vitest'
import { bearer, type EventBody, hourMs, moved, noon, record, visitorEvent } from '../support/demo-calls.ts'
import { aDeviceSecret, type Reply } from '../support/running-ledger.ts'
import { sharedLedger } from '../support/shared-ledger.ts'

const ledger = sharedLedger({ clockOnlyGoesOn: true })
const path = '/v1/controllers/ljungsten/statistics'

async function get(query = '', scope = 'consent.statistics', more = {}): Promise<Reply> {
  return ledger.get(path + query, { ...bearer(await ledger.token(scope)), ...more })
}

async function decide(people: number, verb: string, more: EventBody = {}): Promise<void> {
  const decisions = [{ purposeId: 'statistics', verb }]
  const events = Array.from({ length: people }, () => visitorEvent(ledger, aDeviceSecret(), { decisions, ...more }))
  expect((await record(ledger, { events })).status).toBe(200)
}

beforeAll(async () => {
  ledger.setClock(noon)
  await decide(14, 'given', { presentationId: 'cookie-banner-2025', channel: 'web' })
  await decide(12, 'refused', { channel: 'web' })
  await decide(3, 'given', { channel: 'ios' })
  await ledger.local.runner.settle()
  ledger.setClock(moved(noon, 24 * hourMs))
  await decide(2, 'given', { channel: 'web' })
  await ledger.local.runner.settle()
  ledger.setClock(moved(noon, 48 * hourMs))
  await decide(1, 'given', { channel: 'web' })
  await ledger.local.runner.settle()
  await ledger.local.statistics.run()
  await ledger.local.statistics.run()
})

const day = '2026-11-22'

describe('the numbers', () => {
  test('are those of complete days; those of fewer than ten people are merged or withheld', async () => {
    const { status, json } = await get(`?from=${day}&to=2026-11-24&by=day,channel`)
    expect(status).toBe(200)
    expect(json).toMatchObject({ controller: 'ljungsten', from: day, to: '2026-11-24', by: ['day', 'channel'], k: 10 })
    expect(json.through).toBe('2026-11-23')
    const none = { shown: 0, withdrawn: 0, expired: 0, ignored: 0 }
    const about = { purposeId: 'statistics' }
    expect(json.rows).toEqual(
      [
        { ...about, day, channel: 'web', given: 14, refused: 12, ...none },
        // Three on a telephone: they and how many they are stay hidden.
        { ...about, day, channel: null, given: 0, refused: 0, ...none, withheld: ['given'] },
        { ...about, day: '2026-11-23', channel: null, given: 0, refused: 0, ...none, withheld: ['given'] },
      ].toSorted((a, b) => (JSON.stringify([a.day, a.channel]) < JSON.stringify([b.day, b.channel]) ? -1 : 1)),
    )
  })

  test('compare two wordings', async () => {
    const { rows } = (await get(`?from=${day}&to=${day}&by=presentation`)).json
    expect(rows).toContainEqual(expect.objectContaining({ presentation: 'cookie-banner-2025', given: 14 }))
  })

  test('of one topic are those of all, without the others', async () => {
    const all = (await get(`?from=${day}&to=2026-11-24&by=day,channel`)).json.rows
    const query = `?from=${day}&to=2026-11-24&by=day,channel`
    expect((await get(`${query}&purposeId=statistics`)).json.rows).toEqual(all)
    expect((await get(`${query}&policyId=cookie-policy`)).json.rows).toEqual([])
    expect((await get(`${query}&policyId=cookie-policy&purposeId=statistics`)).json.rows).toEqual(all)
  })

  test('for a greater k say less', async () => {
    const { rows } = (await get(`?from=${day}&to=${day}&by=channel&k=15`)).json
    expect(rows.map(({ given, refused }: EventBody) => [given, refused])).toEqual([[0, 0]])
  })

  test('count again to the same', async () => {
    const before = (await ledger.stored('entries')).filter(({ pk }) => pk === 'ljungsten#statistics').length
    await ledger.local.statistics.run()
    expect((await ledger.stored('entries')).filter(({ pk }) => pk === 'ljungsten#statistics')).toHaveLength(before)
  })

  test('say how many people a scheduled version will ask again, in tens', async () => {
    const { upcoming } = (await get()).json
    const cookies = upcoming.find(({ policyId }: EventBody) => policyId === 'cookie-policy')
    expect(cookies).toMatchObject({ version: '3', day: '2026-11-23' })
    // 19 stand, 17 of that day and 2 of the next; the people of the demo world are more.
    expect(cookies.topics).toEqual([
      { purposeId: 'statistics', standing: expect.any(Number), askedAgain: expect.any(Number) },
    ])
    expect(cookies.topics[0].standing % 10).toBe(0)
    expect(cookies.topics[0].standing).toBeGreaterThanOrEqual(10)
  })
})

describe('the table', () => {
  const table =
    'purpose,policy,channel,shown,given,refused,withdrawn,expired,ignored,withheld\r\n' +
    'statistics,,web,0,14,12,0,0,0,\r\n' +
    'statistics,,,0,,0,0,0,0,given\r\n'

  test.each([
    ['?format=csv&', {}],
    ['?', { accept: 'text/csv' }],
  ])('is got by %s %j', async (query, headers) => {
    const { text, headers: got } = await get(`${query}from=${day}&to=${day}&by=channel`, 'consent.statistics', headers)
    expect(got.get('content-type')).toBe('text/csv; charset=utf-8')
    expect(got.get('content-disposition')).toContain(`statistics-ljungsten-${day}-${day}.csv`)
    expect(text.split('\r\n').toSorted()).toEqual(table.split('\r\n').toSorted())
  })
})

describe('who may ask', () => {
  test.each(['consent.audit', 'consent.admin', 'consent.check', ''])('the scope "%s" may not', async (scope) => {
    const { status, json } = await get('', scope)
    expect([status, json.code]).toEqual([403, 'forbidden'])
  })

  test('the scope itself sees no person', async () => {
    const token = bearer(await ledger.token('consent.statistics'))
    for (const other of ['reads', 'sites', 'grants', 'erasure-requests'])
      expect((await ledger.get(`/v1/controllers/ljungsten/${other}`, token)).status).toBe(403)
  })

  test.each([
    ['?from=2026-11-23&to=2026-11-22', '/from'],
    ['?from=2024-11-23&to=2026-11-22', '/from'],
    ['?by=person', '/by'],
    ['?k=9', '/k'],
    ['?from=2026-13-01', '/from'],
  ])('%s is refused', async (query, field) => {
    expect((await get(query)).json).toMatchObject({ code: 'invalid-request', field })
  })
})
