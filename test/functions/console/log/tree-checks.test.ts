/** The page's own checks of a log, against trees and tiles of the naive definition: what holds, what was changed, and what is a fork. */
import { describe, expect, it } from 'vitest'
import { readNodes, TileMismatch } from '../../../../functions/console/log/authenticated-tiles.ts'
import { readEntry } from '../../../../functions/console/log/log-entry.ts'
import { checkConsistency, findLeaf } from '../../../../functions/console/log/tree-checks.ts'
import { leafHash } from '../../../../shared/tlog/merkle.ts'
import { type TileId, tilePath } from '../../../../shared/tlog/tile.ts'
import { SourceError } from '../../../../shared/verify/log-source.ts'
import { type NaiveLog, naiveLog } from '../../../support/naive-log.ts'

const leafOf = (i: number) => `leaf ${i}`
const log = naiveLog(Array.from({ length: 66_000 }, (_, i) => leafOf(i)))
const other = naiveLog(Array.from({ length: 2_000 }, (_, i) => (i === 700 ? 'another leaf' : leafOf(i))))

const treeOf = (size: number, of: NaiveLog = log) => ({ size, root: new Uint8Array(of.root(size)) })

/** Serves the log; `changed` has a bit turned in each tile of these paths. */
function served(of: NaiveLog = log, changed: readonly string[] = []) {
  const asked: string[] = []
  return {
    asked,
    async tile(tile: TileId) {
      asked.push(tilePath(tile))
      const bytes = new Uint8Array(of.tile(tile.level, tile.index, tile.width))
      if (changed.includes(tilePath(tile))) bytes[40 % bytes.length] = (bytes[40 % bytes.length] ?? 0) ^ 1
      return bytes
    },
  }
}

describe('consistency', () => {
  it.each([
    [0, 0],
    [0, 5],
    [1, 2],
    [3, 7],
    [255, 256],
    [256, 257],
    [256, 512],
    [300, 1_000],
    [700, 65_536],
    [65_536, 66_000],
    [65_537, 66_000],
    [1, 66_000],
  ])('from %i to %i leaves', async (older, newer) => {
    const { asked, tile } = served()
    const check = await checkConsistency({ tile }, treeOf(older), treeOf(newer))
    expect(check).toMatchObject({ outcome: 'consistent', tiles: asked })
    // Two levels of tiles have all that a tree of 66,000 leaves needs; none is read twice.
    expect(new Set(asked).size).toBe(asked.length)
    expect(asked.length).toBeLessThanOrEqual(6)
  })

  it('needs no tile for one and the same tree, and finds two of one size', async () => {
    const { asked, tile } = served()
    expect(await checkConsistency({ tile }, treeOf(1_000), treeOf(1_000))).toMatchObject({ outcome: 'consistent' })
    expect(await checkConsistency({ tile }, treeOf(1_000, other), treeOf(1_000))).toEqual({
      outcome: 'fork',
      tiles: [],
    })
    expect(asked).toEqual([])
  })

  it('is a fork when the tiles make the newer tree and it begins otherwise', async () => {
    const { tile } = served()
    expect(await checkConsistency({ tile }, treeOf(900, other), treeOf(1_500))).toMatchObject({ outcome: 'fork' })
    expect(await checkConsistency({ tile }, treeOf(700, other), treeOf(1_500))).toMatchObject({ outcome: 'consistent' })
    const forked = { size: 0, root: new Uint8Array(32) }
    expect(await checkConsistency({ tile }, forked, treeOf(1_500))).toMatchObject({ outcome: 'fork' })
  })

  it('names the tile that was changed, and computes nothing from it', async () => {
    // A full tile of level 0, whose hash is in the tile above.
    const check = await checkConsistency(served(log, ['tile/0/002']), treeOf(700), treeOf(66_000))
    expect(check).toMatchObject({ outcome: 'wrong-tiles', mismatch: { paths: ['tile/0/002'] } })
    // The only tile of a small tree.
    const small = await checkConsistency(served(log, ['tile/0/000.p/7']), treeOf(3), treeOf(7))
    expect(small).toMatchObject({ outcome: 'wrong-tiles', mismatch: { paths: ['tile/0/000.p/7'] } })
    // At least one of the tiles at the right edge is wrong.
    const edge = await checkConsistency(served(log, ['tile/1/000.p/3']), treeOf(700), treeOf(1_000))
    expect(edge).toMatchObject({
      outcome: 'wrong-tiles',
      mismatch: { paths: ['tile/1/000.p/3', 'tile/0/003.p/232'] },
    })
  })

  it('says which tile could not be read, or has no hashes', async () => {
    const absent = async (tile: TileId) => {
      throw new SourceError('absent', tilePath(tile), `${tilePath(tile)}: 404`)
    }
    expect(await checkConsistency({ tile: absent }, treeOf(3), treeOf(7))).toEqual({
      ...{ outcome: 'unread', path: 'tile/0/000.p/7', says: 'tile/0/000.p/7: 404' },
    })
    const short = async () => new Uint8Array(31)
    expect(await checkConsistency({ tile: short }, treeOf(3), treeOf(7))).toMatchObject({
      ...{ outcome: 'wrong-tiles', mismatch: { paths: ['tile/0/000.p/7'], found: undefined } },
    })
  })
})

describe('a leaf', () => {
  it.each([
    [0, 1],
    [6, 7],
    [255, 256],
    [0, 257],
    [256, 257],
    [511, 66_000],
    [65_999, 66_000],
    [40_000, 65_536],
  ])('%i of %i', async (index, size) => {
    const found = await findLeaf(served(), treeOf(size), index)
    expect(found).toMatchObject({ outcome: 'found', hash: new Uint8Array(leafHash(Buffer.from(leafOf(index)))) })
  })

  it('is not found in tiles that the root does not commit to', async () => {
    const found = await findLeaf(served(log, ['tile/0/001']), treeOf(66_000), 300)
    expect(found).toMatchObject({ outcome: 'wrong-tiles', mismatch: { paths: ['tile/0/001'] } })
    await expect(readNodes(served(other), treeOf(1_500), [])).rejects.toBeInstanceOf(TileMismatch)
  })
})

describe('what a leaf says', () => {
  const hash = leafHash(Buffer.from(leafOf(300)))
  const bundles = (of: NaiveLog) => ({
    bundle: async ({ index, width }: { index: number; width: number }) => new Uint8Array(of.bundle(index, width)),
  })

  it('is what was logged, from the bundle of the tree’s size', async () => {
    expect(await readEntry(bundles(log), 400, 300, hash)).toEqual({ state: 'open', text: 'leaf 300' })
    expect(await readEntry(bundles(log), 1_000, 300, hash)).toEqual({ state: 'open', text: 'leaf 300' })
  })

  it('is refused when it hashes to another leaf, or the bundle is cut short', async () => {
    const changed = { bundle: async () => new Uint8Array(naiveLog([...Array(256)].map(() => 'x')).bundle(0, 144)) }
    expect(await readEntry(changed, 400, 300, hash)).toMatchObject({ state: 'wrong' })
    const cut = { bundle: async () => new Uint8Array(log.bundle(1, 144)).subarray(0, 500) }
    expect(await readEntry(cut, 400, 300, hash)).toMatchObject({ state: 'wrong' })
  })

  it('is closed to those whom the ledger refuses, and unread when it is not there', async () => {
    const refusing = (code: 'forbidden' | 'absent') => ({
      bundle: async () => {
        throw new SourceError(code, 'tile/entries/001', code)
      },
    })
    expect(await readEntry(refusing('forbidden'), 400, 300, hash)).toEqual({ state: 'closed' })
    expect(await readEntry(refusing('absent'), 400, 300, hash)).toEqual({ state: 'unread', says: 'absent' })
  })
})
