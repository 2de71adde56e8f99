/** Pages after the first are joined to it, and those that came before a failure are kept. */
import { expect, it } from 'vitest'
import { type LaterPage, loadLaterPages } from '../../../../functions/console/timeline/later-pages.ts'
import type { Timeline } from '../../../../shared/server/wire.ts'
import { anEvent, answer, now } from '../histories.ts'

const events = Array.from({ length: 5 }, (_, index) => anEvent(now, index))
const pageFrom = (start: number): Timeline => ({
  ...answer(events.slice(start, start + 1)),
  ...(start + 1 < events.length && { next: String(start + 1) }),
})

/** The places that were asked for, and how many events are there in the end. */
async function loaded(most: number, failsAt?: string) {
  const asked: string[] = []
  let found = 0
  const ask = async ({ after }: LaterPage) => {
    asked.push(after)
    if (after === failsAt) throw new Error('no answer')
    return pageFrom(Number(after))
  }
  const done = loadLaterPages(pageFrom(0), most, ask, (timeline) => {
    found = timeline.events.length
  })
  const failed = await done.then(
    () => false,
    () => true,
  )
  return { asked, found, failed }
}

it.each([
  ['the next page', 1, undefined, { asked: ['1'], found: 2, failed: false }],
  ['all pages', Number.POSITIVE_INFINITY, undefined, { asked: ['1', '2', '3', '4'], found: 5, failed: false }],
  ['those before a failure', Number.POSITIVE_INFINITY, '3', { asked: ['1', '2', '3'], found: 3, failed: true }],
])('%s', async (_, most, failsAt, expected) => {
  expect(await loaded(most, failsAt)).toEqual(expected)
})
