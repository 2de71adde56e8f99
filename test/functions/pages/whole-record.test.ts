/** The record that the preference centre shows: all pages as one, and said so where it is not all. */
import { expect, it } from 'vitest'
import { fetchWholeRecord } from '../../../functions/pages/record/whole-record.ts'
import type { OwnRecord } from '../../../shared/client/own-record.ts'

/** A record of so many pages with one event each, all with the same text. */
const recordOf = (pages: number, failing?: number) => ({
  async ownRecord(after = '0'): Promise<OwnRecord | undefined> {
    const page = Number(after)
    if (page === failing) return undefined
    const parts = { events: [`event-${page}`], receipts: [`receipt-${page}`], texts: [{ sha256: 'same' }], leftOut: [] }
    const more = { titles: { [`purpose-${page}`]: {} }, ...(page + 1 < pages && { next: `${page + 1}` }) }
    // The cast is right, because the pages are joined without a look into their parts.
    return { ...parts, ...more } as unknown as OwnRecord
  },
})

it('is all pages in their order, each text once', async () => {
  const whole = await fetchWholeRecord(recordOf(3))
  expect(whole).toEqual({
    events: ['event-0', 'event-1', 'event-2'],
    receipts: ['receipt-0', 'receipt-1', 'receipt-2'],
    texts: [{ sha256: 'same' }],
    titles: { 'purpose-0': {}, 'purpose-1': {}, 'purpose-2': {} },
    leftOut: [],
  })
})

it.each([
  [20, 20, undefined, []],
  [21, 20, '20', [{ what: 'events', why: 'too-many' }]],
])('of %i pages has %i, and names what it lacks', async (pages, events, next, leftOut) => {
  const whole = await fetchWholeRecord(recordOf(pages))
  expect([whole?.events.length, whole?.next, whole?.leftOut]).toEqual([events, next, leftOut])
})

it('is none when a page could not be fetched', async () => {
  expect(await fetchWholeRecord(recordOf(3, 1))).toBeUndefined()
})
