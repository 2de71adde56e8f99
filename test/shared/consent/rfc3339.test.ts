/** What RFC 3339 allows is read, at the doors that read instants, and what it does not allow is refused with what would help. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseWith } from '../../../functions/http/call.ts'
import { instant } from '../../../shared/api/schemas/scalars.ts'
import { readRfc3339 } from '../../../shared/consent/rfc3339.ts'

describe('an instant', () => {
  it.each([
    ['2026-03-01T12:00:00Z', '2026-03-01T12:00:00.000Z'],
    ['2026-03-01t12:00:00z', '2026-03-01T12:00:00.000Z'],
    ['2026-03-01t12:00:00.5+02:00', '2026-03-01T10:00:00.500Z'],
    ['2026-03-01T12:00:00.123456789Z', '2026-03-01T12:00:00.123Z'],
    ['2016-12-31T23:59:60Z', '2017-01-01T00:00:00.000Z'],
    ['2016-12-31T23:59:60.75z', '2017-01-01T00:00:00.000Z'],
    ['2017-01-01T00:59:60+01:00', '2017-01-01T00:00:00.000Z'],
    ['1990-12-31T15:59:60-08:00', '1991-01-01T00:00:00.000Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
  ])('%s is %s', (text, expected) => {
    expect(readRfc3339(text)).toBe(expected)
    expect(parseWith(instant, text)).toBe(expected)
  })

  it.each([
    '2016-12-31T22:59:60Z',
    '2026-03-01T12:00:60Z',
    '2026-02-30T12:00:00Z',
    '2026-03-01T24:00:00Z',
    '2026-03-01T12:60:00Z',
    '2026-03-01T12:00:61Z',
    '2026-03-01T12:00:00',
    '2026-03-01T12:00Z',
    '2026-03-01',
    '2026-03-01T12:00:00+2:00',
    '2026-03-01T12:00:00+24:00',
    `2026-03-01T12:00:00.${'0'.repeat(40)}Z`,
    '',
  ])('is not %j', (text) => {
    expect(readRfc3339(text)).toBeUndefined()
    expect(() => parseWith(instant, text)).toThrow('an RFC 3339 instant')
  })

  it.each(['1969-12-31T23:59:59Z', '9999-12-31T23:59:59-01:00', '0000-01-01T00:00:00+01:00'])(
    '%s is out of range',
    (text) => {
      expect(() => parseWith(instant, text)).toThrow('an instant from 1970 to 9999')
    },
  )

  it('is read from whatever a clock prints, in either case and any offset', () => {
    const date = fc.date({ min: new Date(0), max: new Date('9990-01-01T00:00:00Z'), noInvalidDate: true })
    fc.assert(
      fc.property(date, fc.integer({ min: -23, max: 23 }), (at, hours) => {
        const local = new Date(at.getTime() + hours * 3_600_000).toISOString().slice(0, -1)
        const offset = `${hours < 0 ? '-' : '+'}${String(Math.abs(hours)).padStart(2, '0')}:00`
        for (const text of [`${local}${offset}`, `${local}${offset}`.toLowerCase()])
          expect(readRfc3339(text)).toBe(at.toISOString())
      }),
    )
  })
})

it('whose + a query made a space is refused with a hint at %2B', () => {
  expect(() => parseWith(instant, '2026-03-01T12:00:00 02:00')).toThrow('%2B')
  expect(() => parseWith(instant, '2026-03-01T12:00:00')).not.toThrow('%2B')
})
