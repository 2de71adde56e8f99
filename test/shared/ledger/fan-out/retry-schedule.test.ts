import { expect, it } from 'vitest'
import { deliveryId, parseDeliveryId } from '../../../../shared/ledger/fan-out/delivery-id.ts'
import { maxAttempts, nextAttemptMs, retryDelaysMs } from '../../../../shared/ledger/fan-out/retry-schedule.ts'

it('tries ten times, over more than three days, each time later', () => {
  expect(maxAttempts).toBe(10)
  expect(retryDelaysMs.reduce((sum, each) => sum + each, 0)).toBeGreaterThan(3 * 24 * 3_600_000)
  expect([...retryDelaysMs].sort((a, b) => a - b)).toEqual(retryDelaysMs)
  expect(nextAttemptMs(9, 0, 0)).toBe(24 * 3_600_000)
  expect(nextAttemptMs(10, 0, 0)).toBeUndefined()
})

it('jitters within a fifth, and obeys what the receiver asks for up to a day', () => {
  expect(nextAttemptMs(1, 1_000, 0)).toBe(6_000)
  expect(nextAttemptMs(1, 1_000, 0.999)).toBeLessThan(7_000)
  expect(nextAttemptMs(1, 0, 0.5, 60_000)).toBe(60_000)
  expect(nextAttemptMs(1, 0, 0.5, Number.MAX_SAFE_INTEGER)).toBe(24 * 3_600_000)
})

it('an id of a delivery leads back to its place, and other texts lead nowhere', () => {
  const place = { controller: 'acme', endpoint: 'crm-1', leaf: 123, part: 2 }
  expect(parseDeliveryId(deliveryId(place))).toEqual(place)
  for (const text of [
    '',
    'acme_crm_1',
    'acme_crm_01_0',
    'acme_crm_1_00',
    'acme_crm_ping_1',
    'acme_crm_1_0_',
    'A_crm_1_0',
  ])
    expect(parseDeliveryId(text)).toBeUndefined()
})
