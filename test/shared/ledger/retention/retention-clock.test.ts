/** Keys are destroyed by a time that the log has been at, not by what one clock says. */
import { expect, it } from 'vitest'
import { indexItem, timeKey } from '../../../../shared/ledger/log/log-items.ts'
import { retentionTime } from '../../../../shared/ledger/retention/retention-clock.ts'
import { memoryTable } from '../../../support/memory-table.ts'

const now = '2026-11-22T12:00:00.000Z'
const lead = (day: string) => new Date(Date.parse(`${day}T00:00:00.000Z`) + 400 * 86_400_000).toISOString()

it.each([
  ['nothing is logged', [], now, now],
  ['the log was at work the days before', ['2026-11-20T08', '2026-11-21T23', '2026-11-22T11'], now, now],
  ['the log rested for a year', ['2025-10-01T08', '2025-11-20T08', '2025-11-21T08', '2025-11-22T08'], now, now],
  [
    'the clock is 20 years ahead',
    ['2026-11-20T08', '2026-11-21T08', '2026-11-22T08'],
    '2046-01-01T00:00:00.000Z',
    lead('2026-11-20'),
  ],
  [
    'it was so for an hour about midnight, and the log with it',
    ['2026-11-20T08', '2026-11-22T08', '2046-01-01T23', '2046-01-02T00'],
    '2046-01-02T00:30:00.000Z',
    lead('2026-11-22'),
  ],
  ['the log is young', ['2026-11-22T08', '2026-11-22T09'], '2046-01-01T00:00:00.000Z', lead('2026-11-22')],
  [
    'the log has been there for three days',
    ['2026-11-22T08', '2046-01-01T08', '2046-01-02T08', '2046-01-03T08'],
    '2046-01-03T09:00:00.000Z',
    '2046-01-03T09:00:00.000Z',
  ],
])('when %s', async (_, hours, clock, expected) => {
  const log = memoryTable()
  await log.insert(hours.map((hour, index) => indexItem(timeKey('acme', hour), index, `${hour}:00:00.000Z`)))
  expect(await retentionTime(log, 'acme', Date.parse(clock))).toBe(expected)
})
