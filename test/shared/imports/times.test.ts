import { describe, expect, it } from 'vitest'
import { isTimeFormat, isZone, readTime } from '../../../shared/imports/times.ts'

describe('a time', () => {
  it.each([
    ['2025-03-04T12:30:00Z', {}, '2025-03-04T12:30:00.000Z'],
    ['2025-03-04T12:30:00+02:00', {}, '2025-03-04T10:30:00.000Z'],
    ['2025-03-04 12:30:00 UTC', {}, '2025-03-04T12:30:00.000Z'],
    ['2025-03-04 12:30', { zone: 'Europe/Stockholm' }, '2025-03-04T11:30:00.000Z'],
    ['2025-07-04', { zone: 'Europe/Stockholm' }, '2025-07-03T22:00:00.000Z'],
    [1741091400, { format: 'epoch-s' }, '2025-03-04T12:30:00.000Z'],
    ['1741091400123', { format: 'epoch-ms' }, '2025-03-04T12:30:00.123Z'],
    ['04/03/2025 12:30', { format: 'dd/MM/yyyy HH:mm' }, '2025-03-04T12:30:00.000Z'],
    ['3/4/2025', { format: 'MM/dd/yyyy' }, '2025-03-04T00:00:00.000Z'],
    [
      '4.3.2025 kl. 12:30:15',
      { format: 'dd.MM.yyyy kl. HH:mm:ss', zone: 'America/New_York' },
      '2025-03-04T17:30:15.000Z',
    ],
    // The hour that is skipped, and the one that is there twice.
    ['2025-03-30 02:30', { zone: 'Europe/Stockholm' }, '2025-03-30T01:30:00.000Z'],
    ['2025-10-26 02:30', { zone: 'Europe/Stockholm' }, '2025-10-26T00:30:00.000Z'],
    ['2025-10-26 03:30', { zone: 'Europe/Stockholm' }, '2025-10-26T02:30:00.000Z'],
  ])('%s, %o', (text, form, expected) => {
    expect(readTime(text, form)).toBe(expected)
  })

  it.each([
    ['2025-03-04 12:30', {}],
    ['2025-02-30T12:30:00Z', {}],
    ['1969-12-31T23:59:59Z', {}],
    ['31/02/2025', { format: 'dd/MM/yyyy' }],
    ['04/03/2025', { format: 'yyyy-MM-dd' }],
    ['2025-03-04 25:00', { format: 'yyyy-MM-dd HH:mm' }],
    ['2024-02-31 10:00:00', { zone: 'Europe/Stockholm' }],
    ['2023-02-29', { zone: 'UTC' }],
    ['0075-01-01', { format: 'yyyy-MM-dd' }],
    ['', {}],
    [undefined, {}],
    ['99999999999999999', { format: 'epoch-ms' }],
    ['-5', { format: 'epoch-s' }],
  ])('%s, %o is refused', (text, form) => {
    expect(() => readTime(text, form)).toThrowError(expect.objectContaining({ reason: 'bad-time' }))
  })

  it('has a form and a zone that exist', () => {
    expect(['iso', 'epoch-s', 'yyyyMMdd', 'MM/dd', 'dd/MM/yyyy dd', 'x'].map(isTimeFormat)).toEqual([
      true,
      true,
      true,
      false,
      false,
      false,
    ])
    expect(['Europe/Stockholm', 'UTC', 'Mars/North', ''].map(isZone)).toEqual([true, true, false, false])
  })
})
