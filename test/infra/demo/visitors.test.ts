/** The invented visitors of `npm start -- --visitors`: enough of them for numbers, and never into a log that is past their days. */
import { expect, test } from 'vitest'
import { recordVisitors } from '../../../infra/demo/visitors.ts'
import { bearer } from '../../support/demo-calls.ts'
import { sharedLedger } from '../../support/shared-ledger.ts'

const ledger = sharedLedger({ clockOnlyGoesOn: true })
/** A Thursday: two working days before it. */
const now = '2026-11-26T12:00:00.000Z'

test('are counted for each purpose, and are recorded once', async () => {
  ledger.setClock(now)
  expect(await recordVisitors(ledger.local, Date.parse(now), 2)).toBe(true)
  const path = '/v1/controllers/ljungsten/statistics?by=presentation'
  const { json } = await ledger.get(path, bearer(await ledger.token('consent.statistics')))
  expect(json.through).toBe('2026-11-25')
  const given = new Map<string, number>()
  for (const row of json.rows) given.set(row.purposeId, (given.get(row.purposeId) ?? 0) + row.given)
  expect([...given.keys()].sort()).toEqual(['marketing-cookies', 'partner-offers', 'preferences', 'statistics'])
  expect(given.get('preferences')).toBeGreaterThan(given.get('marketing-cookies') ?? 0)
  expect(await recordVisitors(ledger.local, Date.parse(now), 2)).toBe(false)
})
