/** The limit on one controller's log: its bucket beside a naive one, and a fleet of instances that know of each other by the log only. */
import * as fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import {
  afterReading,
  type Bucket,
  type ControllerLimit,
  limitControllers,
  parseControllerLimit,
  waitOf,
} from '../../../functions/http/controller-limit.ts'
import { LedgerError } from '../../../shared/errors.ts'
import type { ControllerSnapshot } from '../../../shared/ledger/controllers/controller-snapshots.ts'

const limit: ControllerLimit = { rate: 100, burst: 1000 }
const snapshotOf = (controller: string, logSize?: number) =>
  ({ controller: { controller }, ...(logSize !== undefined && { logSize }) }) as ControllerSnapshot

/** `readings`: sizes of a log, each after the second at which it was read. */
function waitAfter(readings: string): number {
  let bucket: Bucket | undefined
  let now = 0
  for (const [second = 0, size = 0] of readings.split(' ').map((one) => one.split(':').map(Number))) {
    now = second * 1000
    bucket = afterReading(limit, bucket, size, now)
  }
  return bucket === undefined ? Number.NaN : waitOf(limit, bucket, now) / 1000
}

test.each([
  ['at the first reading, whatever the size', '0:1000000', 0],
  ['after growth at the rate', '0:0 15:1500 30:3000', 0],
  ['after a burst that fits', '0:0 15:2500', 0],
  ['after one entry more', '0:0 15:2501', 0.01],
  ['after ten times the rate', '0:0 15:15000', 125],
  ['after that, once some of it has passed', '0:0 15:15000 40:15000', 100],
  ['after idle time, which is saved up to a burst', '0:0 3600:0 3615:4500', 20],
  ['when an older reading comes late', '0:0 15:2500 16:0 17:2500', 0],
  ['after a standstill of a day is caught up', '0:0 86400:0 86415:1000000', 300],
])('with 100 entries a second and 1,000 at once the wait %s (%s) is %f s', (_, readings, wait) => {
  expect(waitAfter(readings)).toBeCloseTo(wait, 6)
})

test('a bucket agrees with a naive one, and no debt lasts longer than five minutes', () => {
  const steps = fc.array(fc.record({ seconds: fc.nat(60), growth: fc.nat(20_000) }), { minLength: 1, maxLength: 40 })
  const limits = fc.tuple(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 1, max: 20 }))
  fc.assert(
    fc.property(limits, steps, ([rate, times], taken) => {
      const given = { rate, burst: rate * times }
      let [tokens, size, now] = [given.burst, 0, 0]
      let bucket = afterReading(given, undefined, 0, 0)
      for (const { seconds, growth } of taken) {
        now += seconds * 1000
        size += growth
        tokens = Math.max(Math.min(given.burst, tokens) + seconds * rate - growth, -300 * rate)
        bucket = afterReading(given, bucket, size, now)
        expect(waitOf(given, bucket, now) / 1000).toBeCloseTo(Math.max(0, -tokens / rate), 4)
      }
      expect(waitOf(given, afterReading(given, bucket, size, now - 1e9), now - 1e9)).toBeLessThanOrEqual(300_000)
    }),
  )
})

/** Seconds until a log has what was recorded, and until an instance reads it again. */
const batchingSeconds = 10
const snapshotSeconds = 15
const controllers = ['flooding', 'busy', 'quiet'] as const

/** Entries that each controller recorded, and calls of it that were refused, when calls are spread over instances evenly. */
function fleet(instances: number, seconds: number, offered: Readonly<Record<(typeof controllers)[number], number>>) {
  let now = 0
  const made = Array.from({ length: instances }, () => limitControllers(limit, () => now))
  const recorded = { flooding: [0], busy: [0], quiet: [0] }
  const refused = { flooding: 0, busy: 0, quiet: 0 }
  const read = made.map(() => new Map<string, ControllerSnapshot>())
  for (let second = 1; second <= seconds; second++) {
    now = second * 1000
    for (const controller of controllers) {
      let more = 0
      for (const [i, admit] of made.entries()) {
        const known = read[i]?.get(controller)
        const logged = recorded[controller][Math.max(0, second - batchingSeconds)] ?? 0
        const snapshot = known && (second + i) % snapshotSeconds > 0 ? known : snapshotOf(controller, logged)
        read[i]?.set(controller, snapshot)
        try {
          admit(snapshot)
          more += offered[controller] / instances
        } catch (error) {
          if (!(error instanceof LedgerError) || error.code !== 'rate-limited') throw error
          refused[controller] += 1
        }
      }
      recorded[controller].push((recorded[controller][second - 1] ?? 0) + more)
    }
  }
  return { refused, recorded: (controller: (typeof controllers)[number]) => recorded[controller][seconds] ?? 0 }
}

describe('a fleet of instances', () => {
  it.each([1, 8, 20])('of %i: one controller’s flood causes no refusal of another, and is held to its rate', (size) => {
    const seconds = 3600
    const { refused, recorded } = fleet(size, seconds, { flooding: 1000, busy: 99, quiet: 0.1 })
    expect(refused).toMatchObject({ busy: 0, quiet: 0 })
    expect(refused.flooding).toBeGreaterThan(0)
    expect(recorded('busy')).toBeCloseTo(99 * seconds, 3)
    const share = recorded('flooding') / seconds / limit.rate
    expect(share).toBeGreaterThan(0.9)
    expect(share).toBeLessThan(1.1)
  })
})

test('a refusal says what is allowed and when to come back', () => {
  let now = 0
  const admit = limitControllers(limit, () => now)
  admit(snapshotOf('a', 0))
  now = 1000
  admit(snapshotOf('b', 50_000))
  const flooded = snapshotOf('a', 1350)
  expect(() => admit(flooded)).toThrow(
    expect.objectContaining({
      code: 'rate-limited',
      facts: { allowed: '100 entries a second, 1000 at once', retryAfterSeconds: 3 },
    }),
  )
  now = 3500
  admit(flooded)
})

test('a controller without a log is not refused', () => {
  const admit = limitControllers(limit, () => 0)
  for (let i = 0; i < 3; i++) admit(snapshotOf('new'))
})

test.each(['', '1', '0:0', '10:9', 'a:b', '-1:5'])('the variable is not %j', (text) => {
  expect(() => parseControllerLimit(text)).toThrow('lets nothing through')
})
