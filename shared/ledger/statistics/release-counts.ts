/**
 * Hides small numbers in the record of a day. What is released of a day is made once, from that day alone, and every answer is a sum of
 * released cells. So no question, and no two questions whose answers are subtracted, say more than the released cells do.
 *
 *   1  A cell in which each count is 0 or at least k is released as it is.
 *   2  The others of a topic are merged by leaving out the locale, then the channel, the presentation and the version, until they are large
 *      enough.
 *   3  Of what is still small, only counts of at least k are released, and no fewer than two of the others are withheld: `shown` is nearly
 *      the sum of its answers, so a single one could be computed.
 *
 * A person counts once for a topic, measure and day (`subject-steps.ts`), so k decisions are k people, also after merging.
 *
 * Counts for a greater k are made from those released for the least one: made from the record, they would give away by subtraction what the
 * least one withholds.
 */
import { type Cell, type CellKey, type Counts, cellKey, cellOf, dimensions, type Measure, measures } from './cells.ts'

export const leastK = 10

export interface ReleasedCell {
  readonly cell: Cell
  /** In the order of `measures`. */
  readonly counts: Counts
  /** Measures of which some people are left out. */
  readonly withheld: readonly Measure[]
}

export function releasedCells(cells: readonly (readonly [CellKey, Counts])[], k: number): ReleasedCell[] {
  const least = release(
    cells.map(([key, counts]) => ({ cell: cellOf(key), counts, withheld: [] })),
    leastK,
  )
  return k <= leastK ? least : release(least, k)
}

function release(cells: readonly ReleasedCell[], k: number): ReleasedCell[] {
  const released: ReleasedCell[] = []
  let small = cells.filter(({ counts, withheld: before }) => before.length > 0 || counts.some((count) => count > 0))
  for (const leftOut of [undefined, ...dimensions.toReversed()]) {
    const merged = leftOut === undefined ? small : mergedWithout(small, leftOut)
    released.push(...merged.filter(({ counts }) => isLarge(counts, k)))
    small = merged.filter(({ counts }) => !isLarge(counts, k))
  }
  return [...mergedEqual(released), ...small.map((each) => withheld(each, k))]
}

const isLarge = (counts: Counts, k: number) => counts.every((count) => count === 0 || count >= k)

function mergedWithout(cells: readonly ReleasedCell[], name: (typeof dimensions)[number]): ReleasedCell[] {
  return mergedEqual(
    cells.map(({ cell, ...rest }) => {
      const { [name]: _, ...coarser } = cell
      return { cell: coarser, ...rest }
    }),
  )
}

function mergedEqual(cells: readonly ReleasedCell[]): ReleasedCell[] {
  const byKey = Map.groupBy(cells, ({ cell }) => cellKey(cell))
  return [...byKey].map(([key, equal]) => ({ cell: cellOf(key), ...sumOf(equal) }))
}

export function sumOf(
  cells: readonly Pick<ReleasedCell, 'counts' | 'withheld'>[],
): Pick<ReleasedCell, 'counts' | 'withheld'> {
  return {
    counts: measures.map((_, i) => cells.reduce((sum, { counts }) => sum + (counts[i] ?? 0), 0)),
    withheld: measures.filter((measure) => cells.some((each) => each.withheld.includes(measure))),
  }
}

function withheld({ cell, counts, withheld: before }: ReleasedCell, k: number): ReleasedCell {
  const given = measures.flatMap((measure, i) => ((counts[i] ?? 0) > 0 ? [{ measure, count: counts[i] ?? 0 }] : []))
  const small = given.filter(({ count }) => count < k)
  const large = given.filter(({ count }) => count >= k).sort((a, b) => a.count - b.count)
  const hidden = new Set([...small, ...(small.length === 1 ? large.slice(0, 1) : [])].map(({ measure }) => measure))
  return {
    cell,
    counts: measures.map((measure, i) => (hidden.has(measure) ? 0 : (counts[i] ?? 0))),
    withheld: measures.filter((measure) => hidden.has(measure) || before.includes(measure)),
  }
}

/**
 * A number of people whose changes from day to day would tell of single people: whole multiples of k, and 0 for fewer than k. It is made from the
 * multiple of the least k, because else the answers for many k would tell the number itself.
 */
export function roundedTo(people: number, k: number): number {
  const least = Math.floor(people / leastK) * leastK
  return Math.floor(least / k) * k
}
