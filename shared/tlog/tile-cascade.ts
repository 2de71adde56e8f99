/**
 * The tiles above level 0 of a tree that grows by full level-0 tiles ([tlog-tiles](https://c2sp.org/tlog-tiles)). Each full tile adds its root to
 * the tile above it, which may become full in turn. The ledger's writer, its self-audit and the verifier share this file: it is a definition of
 * the format, tested against a naive one.
 */
import { appendLeaves, type CompactRange, emptyRange, type Hash, rootOf } from './merkle.ts'
import { fullWidth, type TileId } from './tile.ts'

export interface MadeTile {
  readonly tile: TileId
  readonly hashes: readonly Hash[]
}

/**
 * Adds a full level-0 tile to the tree.
 *
 * @param rows hashes of the last, partial tile of each level from 1 on; changed by the call
 * @param index of the level-0 tile, which follows those added before
 * @param leafHashes its 256 hashes
 * @returns the level-0 tile, and of each level above the tile that it adds a hash to, in its new width
 */
export function addFullTile(rows: Hash[][], index: number, leafHashes: readonly Hash[]): MadeTile[] {
  const made: MadeTile[] = [{ tile: { level: 0, index, width: fullWidth }, hashes: leafHashes }]
  let below = leafHashes
  let position = index
  for (let level = 1; below.length === fullWidth; level++) {
    const hashes = [...(rows[level - 1] ?? []), rootOf(appendLeaves(emptyRange, below))]
    const tile = { level, index: Math.floor(position / fullWidth), width: hashes.length }
    made.push({ tile, hashes })
    rows[level - 1] = hashes.length === fullWidth ? [] : hashes
    position = tile.index
    below = hashes
  }
  return made
}

/** The partial tiles of each level from 1 on in a tree of full level-0 tiles; a width of 0 means none. */
export function partialTilesAbove(size: number): TileId[] {
  const tiles: TileId[] = []
  for (let level = 1, count = size / fullWidth; count > 0; level++, count = Math.floor(count / fullWidth))
    tiles.push({ level, index: Math.floor(count / fullWidth), width: count % fullWidth })
  return tiles
}

/** The tree of all tiles added so far: the hashes of each row are perfect subtrees. */
export function rangeOfRows(rows: readonly (readonly Hash[])[]): CompactRange {
  return {
    size: rows.reduce((size, row, i) => size + row.length * fullWidth ** (i + 1), 0),
    hashes: rows.toReversed().flatMap((row) => appendLeaves(emptyRange, row).hashes),
  }
}
