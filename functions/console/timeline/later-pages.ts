/**
 * Loads pages of a timeline after those that are loaded already, at the same instants. Each page that comes is recorded as a read, so those
 * before a failure are kept: otherwise they would be read again.
 */
import type { Timeline } from '../../../shared/server/wire.ts'

/** Place of a page: the instants of the first page, and the `next` of the one before. */
export interface LaterPage {
  readonly at: string
  readonly knownAt: string
  readonly after: string
}

/** @param most number of pages to load */
export async function loadLaterPages(
  timeline: Timeline,
  most: number,
  ask: (page: LaterPage) => Promise<Timeline>,
  onLoaded: (timeline: Timeline) => void,
): Promise<void> {
  const { at, knownAt } = timeline
  let whole = timeline
  try {
    for (let pages = 0; pages < most && whole.next !== undefined; pages++) {
      const { events, next } = await ask({ at, knownAt, after: whole.next })
      whole = { ...whole, events: [...whole.events, ...events], next }
    }
  } finally {
    onLoaded(whole)
  }
}
