/** A session of any length ends when the clock says so: not at once when it is long, and not late after the machine slept. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { atInstant } from '../../../../functions/console/shell/at-instant.ts'

const day = 86_400_000
beforeEach(() => {
  vi.useFakeTimers({ now: 0 })
})
afterEach(() => {
  vi.useRealTimers()
})

it.each([1_000, day, 40 * day])('after %i ms', (ms) => {
  const then = vi.fn()
  atInstant(ms, then)
  vi.advanceTimersByTime(ms - 1)
  expect(then).not.toHaveBeenCalled()
  vi.advanceTimersByTime(1)
  expect(then).toHaveBeenCalledOnce()
})

it('no timer is longer than a browser has', () => {
  atInstant(40 * day, () => {})
  for (let timer = 0, last = 0; timer < 10; timer++) {
    vi.advanceTimersToNextTimer()
    expect(Date.now() - last).toBeLessThan(2 ** 31)
    last = Date.now()
  }
})

it('soon after a sleep in which the instant passed', () => {
  const then = vi.fn()
  atInstant(day, then)
  vi.advanceTimersByTime(1_000)
  vi.setSystemTime(2 * day)
  vi.advanceTimersByTime(60_000)
  expect(then).toHaveBeenCalledOnce()
})

it('not once it was called off', () => {
  const then = vi.fn()
  atInstant(1_000, then)()
  vi.advanceTimersByTime(day)
  expect(then).not.toHaveBeenCalled()
})
