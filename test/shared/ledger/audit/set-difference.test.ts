/** The difference of two sets, against sets; and what is left of it when too much differs. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { setDifference } from '../../../../shared/ledger/audit/set-difference.ts'

const shape = { cellCount: 300, elementBytes: 12 }
const key = Buffer.alloc(32, 7)
const names = (count: number, kind: string) => Array.from({ length: count }, (_, i) => `${kind}-${i}`)

it.each([
  [0, 0],
  [1, 0],
  [0, 1],
  [40, 60],
  [150, 20],
])('reads out what was only added and only removed: %i and %i of a thousand', (onlyAdded, onlyRemoved) => {
  const both = names(1_000, 'both')
  const [added, removed] = [names(onlyAdded, 'added'), names(onlyRemoved, 'removed')]
  const first = setDifference(shape, key)
  for (const name of [...both, ...added]) first.add(name)
  // Goes on from its cells, as from a position that was stored.
  const difference = setDifference(shape, key, first.pack())
  for (const name of [...removed, ...both.toReversed()]) difference.remove(name)
  const left = difference.read()
  expect({ ...left, added: new Set(left.added), removed: new Set(left.removed) }).toEqual({
    added: new Set(added),
    removed: new Set(removed),
    isWhole: true,
    beyondCandidates: Math.max(0, onlyAdded - onlyRemoved),
  })
  expect(left.added).toHaveLength(onlyAdded)
  const again = setDifference(shape, key, difference.pack()).read()
  expect({ ...again, added: new Set(again.added), removed: new Set(again.removed) }).toMatchObject({
    added: new Set(added),
    removed: new Set(removed),
  })
})

it('says so when more differs than it can name, and names nothing that does not', () => {
  const difference = setDifference(shape, key)
  const added = names(400, 'added')
  for (const name of added) difference.add(name)
  const left = difference.read()
  expect(left.isWhole).toBe(false)
  expect(left.added.every((name) => added.includes(name))).toBe(true)
  expect(left.removed).toEqual([])
})

it('takes no text that is too long or has a NUL, and no cells of another shape', () => {
  const difference = setDifference(shape, key)
  expect(['twelve bytes', 'thirteen bytes', 'nu\0', 'åäöåäöå'].map(difference.fits)).toEqual([
    true,
    false,
    false,
    false,
  ])
  expect(() => setDifference(shape, key, new Uint8Array(5))).toThrow('another shape')
})

it('finds a few among thousands of candidates, of which any may have been added', () => {
  const texts = fc.integer({ min: 0, max: 3_000 })
  fc.assert(
    fc.property(texts, texts, fc.integer({ min: 0, max: 12 }), (included, others, lost) => {
      const difference = setDifference(shape, key)
      const few = names(lost, 'lost')
      for (const name of [...few, ...names(included, 'in')]) difference.add(name)
      const left = difference.read([...names(others, 'out'), ...names(included, 'in')])
      expect(left).toMatchObject({ removed: [], isWhole: true })
      expect(left.added).toEqual(expect.arrayContaining(few))
      // Candidates that share each of their cells with something else are named too.
      const more = left.added.filter((name) => !few.includes(name))
      expect(more.every((name) => name.startsWith('in-'))).toBe(true)
      expect(more.length).toBeLessThanOrEqual(30)
      expect(left.beyondCandidates).toBeLessThanOrEqual(lost)
    }),
    { numRuns: 8 },
  )
})

it('counts what no candidate can explain', () => {
  const difference = setDifference(shape, key)
  for (const name of [...names(500, 'lost'), ...names(400, 'in')]) difference.add(name)
  const left = difference.read(names(400, 'in'))
  expect(left.isWhole).toBe(false)
  expect(left.beyondCandidates).toBe(500)
  expect(left.added.every((name) => name.startsWith('lost') || name.startsWith('in'))).toBe(true)
})
