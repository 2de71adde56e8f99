import { describe, expect, it } from 'vitest'
import { consistencyProof } from '../../../shared/tlog/consistency.ts'
import { inclusionProof, type NodeId } from '../../../shared/tlog/inclusion.ts'
import {
  formatTile,
  nodeInTile,
  parseTile,
  parseTilePath,
  type TileId,
  tileOfNode,
  tilePath,
  tileWidth,
} from '../../../shared/tlog/tile.ts'
import { hex, NaiveTree } from './naive-tree.ts'
import { refusal } from './refusal.ts'

const tree = new NaiveTree()

/** A tile by its definition in tlog-tiles: width roots of 256^level leaves each. */
function tileBytes({ level, index, width }: TileId): Uint8Array {
  const span = 256 ** level
  return formatTile(
    Array.from({ length: width }, (_, i) => tree.root((index * 256 + i) * span, (index * 256 + i + 1) * span)),
  )
}

/** Every tile of a tree: full ones, and the partial one of each level. */
function tilesOf(size: number): TileId[] {
  return shape(size).flatMap(([full = 0, partial = 0], level) => [
    ...Array.from({ length: full }, (_, index) => ({ level, index, width: 256 })),
    ...(partial > 0 ? [{ level, index: full, width: partial }] : []),
  ])
}

/** Every tile of a tree, by level: how many full ones, and the width of the partial one. */
function shape(size: number): number[][] {
  const levels: number[][] = []
  for (let level = 0; tileWidth(level, 0, size) > 0; level++) {
    let full = 0
    while (tileWidth(level, full, size) === 256) full++
    levels.push([full, tileWidth(level, full, size)])
    expect(tileWidth(level, full + 1, size)).toBe(0)
  }
  return levels
}

describe('the tiles of a tree', () => {
  it.each([
    [0, []],
    [1, [[0, 1]]],
    [255, [[0, 255]]],
    [
      256,
      [
        [1, 0],
        [0, 1],
      ],
    ],
    [
      257,
      [
        [1, 1],
        [0, 1],
      ],
    ],
    [
      65_535,
      [
        [255, 255],
        [0, 255],
      ],
    ],
    [
      65_536,
      [
        [256, 0],
        [1, 0],
        [0, 1],
      ],
    ],
    [
      65_537,
      [
        [256, 1],
        [1, 0],
        [0, 1],
      ],
    ],
    [
      70_000,
      [
        [273, 112],
        [1, 17],
        [0, 1],
      ],
    ],
  ])('at size %d', (size, expected) => {
    expect(shape(size)).toEqual(expected)
  })

  it('at sizes past 32 bits', () => {
    expect(tileWidth(0, 2 ** 24, 2 ** 32 + 5)).toBe(5)
    expect(tileWidth(0, 2 ** 24, 2 ** 32)).toBe(0)
    expect(tileWidth(0, 2 ** 24 - 1, 2 ** 32)).toBe(256)
    expect(tileWidth(4, 0, 2 ** 32 + 5)).toBe(1)
    expect(tileWidth(3, 0, 2 ** 32 + 5)).toBe(256)
    expect(tileWidth(3, 1, 2 ** 32 + 5)).toBe(0)
    expect(tileWidth(6, 0, 2 ** 53 - 1)).toBe(31)
    expect(tileWidth(7, 0, 2 ** 53 - 1)).toBe(0)
    expect(tileWidth(63, 0, 2 ** 53 - 1)).toBe(0)
    expect(tileOfNode({ level: 0, index: 2 ** 32 + 3 }, 2 ** 32 + 5)).toEqual({ level: 0, index: 2 ** 24, width: 5 })
  })

  it.each([
    [64, 0, 1],
    [-1, 0, 1],
    [0.5, 0, 1],
    [0, -1, 1],
    [0, 2 ** 53, 1],
    [0, 0, -1],
    [0, 0, 2 ** 53],
  ])('level %d index %d size %d are out of range', (level, index, size) => {
    expect(refusal(() => tileWidth(level, index, size))).toBe('out-of-range')
  })
})

describe('the tiles of a tree, stored by their paths', () => {
  it('give a reader all it needs: proofs read only from tiles equal the naive ones', () => {
    for (const size of [1, 100, 255, 256, 257, 300, 511, 512, 4_000, 65_535, 65_536, 65_537, 70_000]) {
      const stored = new Map(tilesOf(size).map((tile) => [tilePath(tile), tileBytes(tile)]))
      const read = (node: NodeId): Uint8Array => {
        const tile = tileOfNode(node, size)
        const bytes = stored.get(tilePath(tile))
        if (!bytes) throw new Error(`${tilePath(tile)} was not written`)
        return nodeInTile(tile, bytes, node)
      }
      const edges = [0, 1, 127, 128, 254, 255, 256, 257, 65_279, 65_280, 65_535, 65_536, 65_791, 69_887, 69_888]
      const indexes = [...edges, size - 1, size - 2, Math.floor(size / 2), Math.floor(size / 3)]
      for (const index of indexes.filter((i) => i >= 0 && i < size))
        expect(inclusionProof(index, size, read).map(hex)).toEqual(tree.path(index, 0, size).map(hex))
      for (const from of indexes.filter((i) => i > 0 && i <= size))
        expect(consistencyProof(from, size, read).map(hex)).toEqual(tree.proof(from, size).map(hex))
    }
  })
})

describe('nodeInTile', () => {
  const tile: TileId = { level: 1, index: 1, width: 5 }
  const bytes = new Uint8Array(5 * 32)

  it.each([
    ['a node of the tile before', { level: 8, index: 255 }],
    ['a node past the width', { level: 8, index: 261 }],
    ['two nodes of which one is past the width', { level: 9, index: 130 }],
    ['the level below', { level: 7, index: 512 }],
    ['the level above', { level: 16, index: 1 }],
    ['no integer', { level: 8, index: 256.5 }],
    ['a level without end', { level: Number.POSITIVE_INFINITY, index: 0 }],
  ])('refuses %s', (_, node) => {
    expect(refusal(() => nodeInTile(tile, bytes, node))).toBe('out-of-range')
  })

  it.each([0, 1, 31, 32, 159, 161, 192, 8192])('refuses a tile of width 5 with %d bytes', (length) => {
    expect(refusal(() => nodeInTile(tile, new Uint8Array(length), { level: 8, index: 256 }))).toBe('malformed-tile')
    expect(refusal(() => parseTile(new Uint8Array(length), 5))).toBe('malformed-tile')
  })

  it('refuses nodes that the tree does not have', () => {
    expect(refusal(() => tileOfNode({ level: 0, index: 5 }, 5))).toBe('out-of-range')
    expect(refusal(() => tileOfNode({ level: 1, index: 2 }, 5))).toBe('out-of-range')
    expect(refusal(() => tileOfNode({ level: 60, index: 0 }, 2 ** 53 - 1))).toBe('out-of-range')
    expect(refusal(() => tileOfNode({ level: 0, index: 2 ** 32 }, 5))).toBe('out-of-range')
    expect(refusal(() => tileOfNode({ level: 2 ** 40, index: 0 }, 5))).toBe('out-of-range')
  })
})

describe('tile paths', () => {
  it.each([
    ['tile/0/000', 0, 0, 256],
    ['tile/0/999', 0, 999, 256],
    ['tile/0/x001/000', 0, 1000, 256],
    ['tile/3/x001/x234/067', 3, 1_234_067, 256],
    ['tile/0/x001/x234/067.p/8', 0, 1_234_067, 8],
    ['tile/63/000.p/255', 63, 0, 255],
    ['tile/0/x009/x007/x199/x254/x740/991.p/1', 0, 2 ** 53 - 1, 1],
    ['tile/0/x016/x777/216.p/5', 0, 2 ** 24, 5],
    ['tile/0/x004/x294/x967/296', 0, 2 ** 32, 256],
  ])('%s', (path, level, index, width) => {
    expect(tilePath({ level, index, width })).toBe(path)
    expect(parseTilePath(path)).toEqual({ kind: 'tile', tile: { level, index, width } })
  })
})
