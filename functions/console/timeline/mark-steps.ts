/** Where the arrow keys lead from a mark: to the next group of marks in its lane, or to the nearest in time in another lane. */

import type { Place } from './lane-view.tsx'
import type { Lane, Mark } from './lanes.ts'
import { clustersOf, type Scale } from './pixels.ts'

export type Direction = 'before' | 'after' | 'above' | 'below' | 'first' | 'last'

export function neighbour(
  lanes: readonly Lane[],
  scale: Scale,
  { lane: key, index }: Place,
  direction: Direction,
): Place | undefined {
  const row = lanes.findIndex((lane) => lane.key === key)
  const lane = lanes[row]
  if (lane === undefined) return undefined
  if (direction === 'above' || direction === 'below') {
    const others = direction === 'above' ? lanes.slice(0, row).reverse() : lanes.slice(row + 1)
    const other = others.find(({ marks }) => marks.length > 0)
    const at = lane.marks[index]?.at
    return other && at !== undefined ? { lane: other.key, index: nearestIn(other.marks, at, 'either') } : undefined
  }
  if (direction === 'first') return { lane: key, index: 0 }
  if (direction === 'last') return { lane: key, index: lane.marks.length - 1 }
  const clusters = clustersOf(lane.marks, scale)
  const current = clusters.findIndex(({ first, last }) => first <= index && index <= last)
  const next = clusters[current + (direction === 'before' ? -1 : 1)]
  return next && { lane: key, index: next.first }
}

/**
 * The place of the mark at or nearest to an instant, by binary search.
 *
 * @param marks oldest first
 * @param side `after`: the first that is not before it; the length of the list when there is none
 */
export function nearestIn(marks: readonly Mark[], at: number, side: 'after' | 'either'): number {
  let [low, high] = [0, marks.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((marks[middle]?.at ?? at) < at) low = middle + 1
    else high = middle
  }
  if (side === 'after') return low
  const [before, after] = [marks[low - 1], marks[low]]
  if (before === undefined) return low
  return after === undefined || at - before.at < after.at - at ? low - 1 : low
}
