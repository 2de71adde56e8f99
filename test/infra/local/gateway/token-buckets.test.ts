/** Rates: what a bucket gives at any time, that nobody pays for another, and how rates are written. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import * as fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { defaultRates, formatRates, openRateLimits, parseRates } from '../../../../infra/local/gateway/rate-limits.ts'
import { tokenBuckets } from '../../../../infra/local/gateway/token-buckets.ts'
import { LedgerError } from '../../../../shared/errors.ts'

const key = new Uint8Array(32).fill(7)

function bucketsAt(rate: { perSecond: number; burst: number }) {
  let now = 1_000_000
  const buckets = tokenBuckets(rate, () => now, key)
  return {
    take: buckets.take,
    pass(ms: number) {
      now += ms
    },
  }
}

describe('a bucket', () => {
  it('gives its burst at once, then its rate, and says how long the next takes', () => {
    const { take, pass } = bucketsAt({ perSecond: 4, burst: 3 })
    expect([1, 2, 3].map(() => take('a'))).toEqual([0, 0, 0])
    expect([take('a'), take('a')]).toEqual([250, 250])
    pass(200)
    expect(take('a')).toBe(50)
    pass(50)
    expect([take('a'), take('a')]).toEqual([0, 250])
  })

  it('never gives more than burst and rate allow, and gives a token after the wait that it returned', () => {
    const rates = fc.record({ perSecond: fc.integer({ min: 1, max: 1000 }), burst: fc.integer({ min: 1, max: 50 }) })
    fc.assert(
      fc.property(rates, fc.array(fc.nat(500), { maxLength: 300 }), (rate, pauses) => {
        const { take, pass } = bucketsAt(rate)
        let given = 0
        let elapsedMs = 0
        for (const ms of pauses) {
          pass(ms)
          elapsedMs += ms
          const waitMs = take('a')
          if (waitMs === 0) given += 1
          else {
            pass(waitMs + 0.001)
            elapsedMs += waitMs + 0.001
            expect(take('a')).toBe(0)
            given += 1
          }
          expect(given).toBeLessThanOrEqual(rate.burst + (elapsedMs * rate.perSecond) / 1000 + 0.01)
        }
      }),
    )
  })

  it('is full again soon after a clock that went back a year', () => {
    const { take, pass } = bucketsAt({ perSecond: 10, burst: 5 })
    for (let i = 0; i < 5; i++) take('a')
    pass(-365 * 24 * 3600 * 1000)
    expect(take('a')).toBeLessThanOrEqual(100)
    pass(500)
    expect(take('a')).toBe(0)
  })
})

describe('a table of buckets', () => {
  it('refuses no name because of a thousand others, though slots are shared', () => {
    const { take } = bucketsAt({ perSecond: 1, burst: 2 })
    for (let i = 0; i < 1000; i++) while (take(`busy ${i}`) === 0);
    const refused = Array.from({ length: 10_000 }, (_, i) => take(`quiet ${i}`)).filter((waitMs) => waitMs > 0)
    // A slot is busy for 3 % of names, both are for one in a thousand.
    expect(refused.length).toBeLessThan(50)
  })
})

test('one name’s flood causes no refusal of another, whatever their names and times', () => {
  const names = fc.uniqueArray(fc.string({ maxLength: 40 }), { minLength: 2, maxLength: 6 })
  const calls = fc.array(fc.record({ by: fc.nat(4), ms: fc.nat(400) }), { maxLength: 60 })
  fc.assert(
    fc.property(names, calls, ([flooding = '', ...others], taken) => {
      const { take, pass } = bucketsAt({ perSecond: 2, burst: 3 })
      const alone = others.map(() => bucketsAt({ perSecond: 2, burst: 3 }))
      for (const { by, ms } of taken) {
        pass(ms)
        for (const each of alone) each.pass(ms)
        while (take(flooding) === 0);
        const i = by % others.length
        expect(take(others[i] ?? '')).toBe(alone[i]?.take('its own table'))
      }
    }),
  )
})

/** Without garbage. */
function bytesInUse(): number {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

test('a million names take no memory, and a name that was not seen is still served', () => {
  const { take } = bucketsAt({ perSecond: 1, burst: 1_000_000 })
  take('first')
  const before = bytesInUse()
  for (let i = 0; i < 1_000_000; i++) take(`site_${i}`)
  // A map of a million names would hold some 100 MB.
  expect(bytesInUse() - before).toBeLessThan(10_000_000)
  expect(take('another')).toBe(0)
})

describe('rates on a command line', () => {
  test.each([
    ['off', undefined],
    ['site=5', { ...defaultRates, site: { perSecond: 5, burst: 5 } }],
    [
      'address=2:30,subject=1:2',
      { ...defaultRates, address: { perSecond: 2, burst: 30 }, subject: { perSecond: 1, burst: 2 } },
    ],
    ['controller=9:90', { ...defaultRates, controller: { perSecond: 9, burst: 90 } }],
    [formatRates(defaultRates), defaultRates],
  ])('%s', (text, rates) => {
    expect(parseRates(text)).toEqual(rates)
  })

  test.each([
    '',
    'on',
    '100',
    'address',
    'address=',
    'address=0',
    'address=1:0',
    'address=-1',
    'all=5',
    'site=1e9',
    'site=1;subject=2',
  ])('not %j', (text) => {
    expect(() => parseRates(text)).toThrow('--rate is "off", or like address=')
  })
})

test('a refusal says what is allowed and when to come back, in whole seconds', () => {
  const limits = openRateLimits({ ...defaultRates, site: { perSecond: 1, burst: 1 } }, () => 0)
  limits.admit('site', 'a')
  limits.admit('address', 'a')
  const refused = () => limits.admit('site', 'a')
  expect(refused).toThrow(LedgerError)
  expect(refused).toThrow(
    expect.objectContaining({
      code: 'rate-limited',
      facts: { allowed: '1 a second, 1 at once', retryAfterSeconds: 1 },
    }),
  )
})
