/**
 * The tiles above level 0 of a tree that grows by full level-0 tiles ([tlog-tiles](https://c2sp.org/tlog-tiles)). Each full tile adds its root to
 * the tile above it, which may become full in turn.
 */
import { appendLeaves, emptyRange, type Hash, rootOf } from './merkle.ts'
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
