import { describe, expect, it } from 'vitest'
import { appendLeaves, emptyRange, type Hash } from '../../../shared/tlog/merkle.ts'
import { fullWidth, tileWidth } from '../../../shared/tlog/tile.ts'
import { addFullTile, partialTilesAbove, rangeOfRows } from '../../../shared/tlog/tile-cascade.ts'
import { NaiveTree } from './naive-tree.ts'

const tree = new NaiveTree()
const tiles = 258

const hex = (hashes: readonly Uint8Array[] = []) => hashes.map((hash) => Buffer.from(hash).toString('hex'))

/** Hash i of tile n at level l is the root of the perfect subtree of 256^l leaves that starts at leaf (256n + i) * 256^l. */
function naiveTile({ level, index, width }: { level: number; index: number; width: number }): Uint8Array[] {
  const leaves = fullWidth ** level
  return Array.from({ length: width }, (_, i) => {
    const start = (fullWidth * index + i) * leaves
    return tree.root(start, start + leaves)
  })
}

describe('a tree that grows past a full tile of level 1', () => {
  const rows: Hash[][] = []
  const leafHashes = (index: number) => naiveTile({ level: 0, index, width: fullWidth })

  it('makes at each step the tiles that the definition has, and no other', () => {
    for (let index = 0; index < tiles; index++) {
      const made = addFullTile(rows, index, leafHashes(index))
      const size = (index + 1) * fullWidth
      // A level gets a hash when the tile below it becomes full.
      expect(made.map(({ tile }) => tile.level)).toEqual(size % fullWidth ** 2 === 0 ? [0, 1, 2] : [0, 1])
      for (const { tile, hashes } of made) {
        expect(tile.width).toBe(tileWidth(tile.level, tile.index, size))
        expect(hex(hashes)).toEqual(hex(naiveTile(tile)))
      }
      const partial = partialTilesAbove(size)
      expect(partial.map(({ width }) => width)).toEqual(partial.map((_, i) => rows[i]?.length))
      partial.forEach((tile, i) => {
        expect(hex(rows[i])).toEqual(hex(naiveTile(tile)))
      })
    }
  })

  it('is the compact range of all its leaves', () => {
    const all = Array.from({ length: tiles }, (_, index) => leafHashes(index)).flat()
    const { size, hashes } = appendLeaves(emptyRange, all)
    expect(rangeOfRows(rows).size).toBe(size)
    expect(hex(rangeOfRows(rows).hashes)).toEqual(hex(hashes))
  })
})

it('has no partial tile above level 0 in an empty tree', () => {
  expect(partialTilesAbove(0)).toEqual([])
  expect(rangeOfRows([])).toEqual(emptyRange)
})
