/** The reads of a day: pages put together, sums for each reader, and hours and days of UTC. */
import { describe, expect, it } from 'vitest'
import { hourRange } from '../../../../functions/console/reads/hour-range.ts'
import { fetchReads, movedDay, type Read, sumByReader } from '../../../../functions/console/reads/read-list.ts'

const anna = { auditor: { issuer: 'https://id.example', subject: 'anna' }, name: 'The authority' }
const bert = { auditor: { issuer: 'https://id.example', client: 'bert' }, name: 'The authority' }
const read = (hour: string, reader?: Read['reader'], subjects?: number): Read => ({
  ...{ hour: `2026-11-30T${hour}`, route: 'askConsents' },
  ...(reader && { reader }),
  ...(subjects !== undefined && { subjects }),
})

describe('the pages of a day', () => {
  const listing = (pages: readonly Read[][]) => {
    const asked: unknown[] = []
    return {
      asked,
      async listReads(query: object = {}) {
        asked.push(query)
        const reads = pages[asked.length - 1] ?? []
        return { day: '2026-11-30', reads, ...(asked.length < pages.length && { next: `after-${asked.length}` }) }
      },
    }
  }

  it('are put together, by hour', async () => {
    const ledger = listing([[read('14', bert), read('09', anna)], [read('11', anna)]])
    const { reads, hasMore } = await fetchReads(ledger, '2026-11-30')
    expect(reads.map(({ hour }) => hour.slice(-2))).toEqual(['09', '11', '14'])
    expect(hasMore).toBe(false)
    expect(ledger.asked).toEqual([{ day: '2026-11-30' }, { day: '2026-11-30', after: 'after-1' }])
  })

  it('end after twenty, and it is said that there are more', async () => {
    const ledger = listing(Array.from({ length: 30 }, () => [read('10', anna)]))
    const { reads, hasMore } = await fetchReads(ledger, '2026-11-30')
    expect([reads.length, hasMore, ledger.asked.length]).toEqual([20, true, 20])
  })
})

it('sums tell readers of one name apart, and put unknown readers together', () => {
  const reads = [read('09', anna, 1), read('09', bert, 100), read('10', anna, 2), read('10'), read('11'), read('11')]
  expect(sumByReader(reads)).toEqual([
    { reader: undefined, questions: 3, people: 0 },
    { reader: anna, questions: 2, people: 3 },
    { reader: bert, questions: 1, people: 100 },
  ])
})

it('days go over the ends of months and years', () => {
  expect(movedDay('2026-12-31', 1)).toBe('2027-01-01')
  expect(movedDay('2028-03-01', -1)).toBe('2028-02-29')
})

it('an hour has both of its ends, and what is no hour is shown as it is', () => {
  const written = /^\d+ \w+ (\d\d):(\d\d)–(\d\d):(\d\d) [\w+:]+$/.exec(hourRange('2026-11-30T14', 'en'))
  // In some time zones an hour of UTC begins at half past.
  const [hour, minute, nextHour, sameMinute] = (written ?? []).slice(1).map(Number)
  expect([nextHour, sameMinute]).toEqual([((hour ?? Number.NaN) + 1) % 24, minute])
  expect(hourRange('soon', 'en')).toBe('soon')
})
