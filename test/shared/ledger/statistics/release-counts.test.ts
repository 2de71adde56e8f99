/** What is released of a day: no small number, and nothing from which one follows. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type Cell,
  type CellKey,
  type Counts,
  cellKey,
  cellOf,
  dimensions,
  measures,
} from '../../../../shared/ledger/statistics/cells.ts'
import {
  leastK,
  type ReleasedCell,
  releasedCells,
  roundedTo,
} from '../../../../shared/ledger/statistics/release-counts.ts'

type Raw = readonly (readonly [CellKey, Counts])[]

const cell: fc.Arbitrary<Cell> = fc.record(
  {
    purposeId: fc.constantFrom('newsletter', 'statistics'),
    version: fc.constantFrom('1', '2'),
    presentation: fc.constantFrom('short', 'long'),
    channel: fc.constantFrom('web', 'ios', 'paper'),
    locale: fc.constantFrom('sv-SE', 'en'),
  },
  { requiredKeys: ['purposeId'] },
)
const count = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 200 }))
const raw: fc.Arbitrary<Raw> = fc
  .array(fc.tuple(cell, fc.tuple(count, count, count, count, count, count)), { maxLength: 14 })
  .map((cells) => [...new Map(cells.map(([each, counts]) => [cellKey(each), counts]))])

const k = fc.constantFrom(10, 20, 50)
const textOf = (released: readonly ReleasedCell[]) =>
  JSON.stringify(released.map(({ cell: each, ...rest }) => [cellKey(each), rest]).sort())
const changed = (cells: Raw, key: CellKey, measure: number, by: number): Raw =>
  cells.map(([each, counts]) => [each, each === key ? counts.map((n, i) => (i === measure ? n + by : n)) : counts])

test('no count of fewer than k is released', () => {
  fc.assert(
    fc.property(raw, k, (cells, asked) => {
      for (const { counts } of releasedCells(cells, asked))
        for (const each of counts) expect(each === 0 || each >= asked).toBe(true)
    }),
  )
})

test('nothing is invented: a topic’s released sums are at most its real ones, and the same where nothing is withheld', () => {
  fc.assert(
    fc.property(raw, k, (cells, asked) => {
      const released = releasedCells(cells, asked)
      measures.forEach((measure, i) => {
        const real = cells.reduce((sum, [, counts]) => sum + (counts[i] ?? 0), 0)
        const shown = released.reduce((sum, { counts }) => sum + (counts[i] ?? 0), 0)
        expect(shown).toBeLessThanOrEqual(real)
        if (!released.some(({ withheld }) => withheld.includes(measure))) expect(shown).toBe(real)
      })
    }),
  )
})

/**
 * Every answer is a sum of what is released for a day and a k, and what is released for a greater k is made from what is for the least. So
 * two days with equal releases have equal answers to every question. A count is safe if another one leads to the same release.
 */
test('no count of fewer than k follows from everything that is released', () => {
  fc.assert(
    fc.property(raw, (cells) => {
      const known = textOf(releasedCells(cells, leastK))
      const hidden = cells.flatMap(([key, counts]) =>
        counts.flatMap((n, measure) => (n > 0 && n < leastK ? [{ key, measure, n }] : [])),
      )
      for (const { key, measure, n } of hidden) {
        const others = [-1, 1].map((by) => changed(cells, key, measure, by))
        // The same person in another cell, or in one that this day has none in yet, which shares the first dimensions or none.
        const { purposeId, ...stated } = cellOf(key)
        const unseen = dimensions.map((_, shared) => {
          const values = dimensions.map((name, i) => [name, i < shared ? stated[name] : 'unseen'])
          return cellKey({ purposeId, ...Object.fromEntries(values) })
        })
        const withUnseen: Raw = [...cells, ...unseen.map((each) => [each, measures.map(() => 0)] as const)]
        const moves = withUnseen.flatMap(([other, counts]) =>
          other === key || cellOf(other).purposeId !== purposeId
            ? []
            : [1, -1].flatMap((by) =>
                (counts[measure] ?? 0) + by < 0
                  ? []
                  : [changed(changed(withUnseen, key, measure, -by), other, measure, by)],
              ),
        )
        const isSafe = [...others, ...moves].some((other) => textOf(releasedCells(other, leastK)) === known)
        expect(isSafe, `${key} ${measures[measure]} ${n}`).toBe(true)
      }
    }),
    { numRuns: 300 },
  )
})

test('what a greater k withholds does not follow from two answers of different k', () => {
  const day: Raw = [
    [cellKey({ purposeId: 'newsletter', channel: 'web' }), [47, 0, 0, 0, 0, 0]],
    [cellKey({ purposeId: 'newsletter', channel: 'ios' }), [5, 0, 0, 0, 0, 0]],
  ]
  const sums = [10, 50].map((asked) => releasedCells(day, asked).reduce((sum, { counts }) => sum + (counts[0] ?? 0), 0))
  expect(sums).toEqual([47, 0])
})

describe('a single small count', () => {
  test('takes the next one with it, because what was shown is nearly the sum of the answers', () => {
    const day: Raw = [[cellKey({ purposeId: 'newsletter' }), [40, 25, 12, 3, 0, 0]]]
    expect(releasedCells(day, 10)).toEqual([
      { cell: { purposeId: 'newsletter' }, counts: [40, 25, 0, 0, 0, 0], withheld: ['refused', 'withdrawn'] },
    ])
  })
})

test('people who would be asked again are counted in multiples of k, and no choice of k tells more', () => {
  expect([9, 10, 19, 20, 25].map((people) => roundedTo(people, 10))).toEqual([0, 10, 10, 20, 20])
  expect(Math.max(...Array.from({ length: 191 }, (_, i) => roundedTo(137, 10 + i)))).toBe(130)
})
