import fc from 'fast-check'
import { expect, it } from 'vitest'
import { backoffMs, retryAfterMs } from '../../shared/backoff.ts'

const backoff = { firstMs: 25, longestMs: 1_000 }

it('pauses between nothing and a ceiling that doubles up to the longest', () => {
  expect([1, 2, 3, 6, 7, 20, 2_000].map((failures) => backoffMs(backoff, failures, 1))).toEqual([
    25, 50, 100, 800, 1_000, 1_000, 1_000,
  ])
  expect(backoffMs(backoff, 5, 0.5)).toBe(200)
  expect(backoffMs(backoff, 5, 0)).toBe(0)
})

it('never pauses for less than the server asked for, nor for longer than both', () => {
  const random = fc.double({ min: 0, max: 1, noNaN: true })
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 100 }), random, fc.nat(10_000), (failures, chance, leastMs) => {
      const pauseMs = backoffMs(backoff, failures, chance, leastMs)
      expect(pauseMs).toBeGreaterThanOrEqual(leastMs)
      expect(pauseMs).toBeLessThanOrEqual(Math.max(leastMs, 1_000))
    }),
  )
})

const nowMs = Date.parse('2026-11-30T12:00:00.000Z')

it.each([
  [null, undefined],
  ['3', 3_000],
  ['0', 0],
  ['Mon, 30 Nov 2026 12:00:07 GMT', 7_000],
  ['Mon, 30 Nov 2026 11:59:53 GMT', 0],
  ['soon', undefined],
  ['', undefined],
  ['9999999999', 9_999_999_999_000],
  ['9'.repeat(400), Number.POSITIVE_INFINITY],
])('reads Retry-After: %s', (header, expected) => {
  expect(retryAfterMs(header, nowMs)).toBe(expected)
})
