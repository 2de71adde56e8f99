import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { endOfDuration, instantOf, isDuration, readDuration } from '../../../shared/consent/duration.ts'

const durationOf = (text: string) => readDuration(text) ?? expect.fail(`${text} is no duration`)

describe('calendar arithmetic in UTC', () => {
  it.each([
    ['2026-01-31T00:00:00.000Z', 'P1M', '2026-02-28T00:00:00.000Z'],
    ['2028-01-31T00:00:00.000Z', 'P1M', '2028-02-29T00:00:00.000Z'],
    ['2028-02-29T12:00:00.000Z', 'P1Y', '2029-02-28T12:00:00.000Z'],
    ['2028-02-29T12:00:00.000Z', 'P4Y', '2032-02-29T12:00:00.000Z'],
    ['2026-01-31T00:00:00.000Z', 'P2M', '2026-03-31T00:00:00.000Z'],
    ['2026-01-31T00:00:00.000Z', 'P1M1D', '2026-03-01T00:00:00.000Z'],
    ['2026-08-31T23:59:59.999Z', 'P1Y6M', '2028-02-29T23:59:59.999Z'],
    ['2026-03-01T00:00:00.000Z', 'P13M', '2027-04-01T00:00:00.000Z'],
    ['2026-12-15T00:00:00.000Z', 'P1M', '2027-01-15T00:00:00.000Z'],
    ['2026-02-01T00:00:00.000Z', 'P30D', '2026-03-03T00:00:00.000Z'],
    ['2026-02-01T00:00:00.000Z', 'P2W', '2026-02-15T00:00:00.000Z'],
    // Clocks change in Europe on these nights: not in UTC.
    ['2026-03-28T22:30:00.000Z', 'P1D', '2026-03-29T22:30:00.000Z'],
    ['2026-03-29T00:30:00.000Z', 'PT12H', '2026-03-29T12:30:00.000Z'],
    ['2026-10-24T22:30:00.000Z', 'P1D', '2026-10-25T22:30:00.000Z'],
    ['2026-01-01T00:00:00.001Z', 'P1Y2M3DT4H5M6S', '2027-03-04T04:05:06.001Z'],
    ['2026-01-01T00:00:00.000Z', 'P0D', '2026-01-01T00:00:00.000Z'],
    ['0050-01-31T00:00:00.000Z', 'P1M', '0050-02-28T00:00:00.000Z'],
    ['1969-12-31T23:59:59.999Z', 'P1D', '1970-01-01T23:59:59.999Z'],
    ['1904-02-29T06:00:00.000Z', 'P1Y', '1905-02-28T06:00:00.000Z'],
    ['2026-01-01T00:00:00Z', 'PT1S', '2026-01-01T00:00:01.000Z'],
    ['2026-01-01T00:00:00.000Z', 'P9999Y', '9999-12-31T23:59:59.999Z'],
    ['2026-01-01T00:00:00.000Z', 'P999999Y', '9999-12-31T23:59:59.999Z'],
    ['2026-01-01T00:00:00.000Z', 'P999999Y999999M999999DT999999H', '9999-12-31T23:59:59.999Z'],
  ])('%s + %s = %s', (at, duration, end) => {
    expect(endOfDuration(at, durationOf(duration))).toBe(end)
  })

  it('never ends before it begins, in text order', () => {
    const instant = fc.date({ min: new Date('1970-01-01'), max: new Date('2200-01-01'), noInvalidDate: true })
    const part = fc.nat(5000)
    fc.assert(
      fc.property(instant, part, part, part, (date, y, m, d) => {
        const at = date.toISOString()
        expect(String(endOfDuration(at, durationOf(`P${y}Y${m}M${d}D`))) >= at).toBe(true)
      }),
    )
  })
})

describe('what is a duration', () => {
  it.each(['P1Y', 'P13M', 'P30D', 'P2W', 'PT12H', 'PT1M', 'PT0S', 'P1YT1S', 'P1Y6M'])('%s is', (text) => {
    expect(isDuration(text)).toBe(true)
    expect(readDuration(text)).toBeDefined()
  })

  it.each([
    '',
    'P',
    'PT',
    'P1',
    '1Y',
    'p1y',
    'P1YT',
    'P-1Y',
    '-P1Y',
    '+P1Y',
    'P1.5Y',
    'P1,5Y',
    'P1W2D',
    'P1M1Y',
    'PT1D',
    'P1H',
    ' P1Y',
    'P1Y ',
    'P1Y\n',
    'P1234567Y',
    'P٣D',
    'session',
    'P1Y1Y',
    'P0001-01-01T00:00:00',
  ])('%j is none', (text) => {
    expect(isDuration(text)).toBe(false)
    expect(readDuration(text)).toBeUndefined()
  })

  it('refuses an instant that is none', () => {
    expect(endOfDuration('yesterday', durationOf('P1D'))).toBeUndefined()
    expect(endOfDuration('2026-13-01T00:00:00.000Z', durationOf('P1D'))).toBeUndefined()
  })
})

it.each([
  ['2026-01-01T00:00:00Z', '2026-01-01T00:00:00.000Z'],
  ['2026-01-01T01:00:00.5+01:00', '2026-01-01T00:00:00.500Z'],
  ['2026-01-01', undefined],
  ['0000-01-01T00:00:00+23:00', undefined],
  [undefined, undefined],
  [7, undefined],
])('the instant %j is %j', (text, instant) => {
  expect(instantOf(text)).toBe(instant)
})
