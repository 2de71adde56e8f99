/**
 * Makes the tiles above level 0 from the full tiles below (`tile-cascade.ts`), and compares each with the log's tile when it is full or, for
 * the last of a level, at the end. Holds at most 256 hashes for each level.
 */
import { encodeHex, equalBytes } from '../tlog/encoding.ts'
import type { CompactRange, Hash } from '../tlog/merkle.ts'
import { fullWidth, type TileId, tilePath, tileWidth } from '../tlog/tile.ts'
import { addFullTile, type MadeTile, partialTilesAbove, rangeOfRows } from '../tlog/tile-cascade.ts'
import { LogFailure } from './log-failure.ts'

export class UpperTiles {
  readonly #size: number
  readonly #read: (tile: TileId) => Promise<Hash[]>
  /** Hashes of the last, partial tile of each level, level 1 first. */
  #rows: Hash[][] = []

  constructor(size: number, read: (tile: TileId) => Promise<Hash[]>) {
    this.#size = size
    this.#read = read
  }

  /** The tree of all full tiles so far. */
  get range(): CompactRange {
    return rangeOfRows(this.#rows)
  }

  /** The next full tile of level 0. */
  async add(index: number, leafHashes: readonly Hash[]): Promise<void> {
    const [, ...above] = addFullTile(this.#rows, index, leafHashes)
    for (const made of above) if (made.tile.width === fullWidth) await this.#compare(made)
  }

  async finish(): Promise<void> {
    for (const tile of partialTilesAbove(this.range.size)) {
      const hashes = this.#rows[tile.level - 1] ?? []
      if (tile.width > 0) await this.#compare({ tile, hashes })
    }
  }

  /** Continues from the tree that an earlier run walked. Fails if the log's tiles no longer make that tree. */
  async resume(earlier: CompactRange): Promise<CompactRange> {
    this.#rows = []
    for (const { level, index, width } of partialTilesAbove(earlier.size)) {
      const now = tileWidth(level, index, this.#size)
      const hashes = width === 0 ? [] : await this.#read({ level, index, width: now })
      this.#rows.push(hashes.slice(0, width))
    }
    const found = this.range
    const isSame =
      found.hashes.length === earlier.hashes.length &&
      found.hashes.every((hash, i) => equalBytes(hash, earlier.hashes[i] ?? hash.subarray(1)))
    if (!isSame) {
      throw new LogFailure(
        'state',
        `the log's tiles no longer make the tree of ${earlier.size} that the earlier run walked`,
      )
    }
    return found
  }

  async #compare({ tile, hashes }: MadeTile): Promise<void> {
    const found = await this.#read(tile)
    const wrong = hashes.findIndex((hash, i) => !equalBytes(hash, found[i] ?? hash.subarray(1)))
    if (wrong < 0) return
    throw new LogFailure(
      tilePath(tile),
      `hash ${wrong} is ${encodeHex(found[wrong] ?? new Uint8Array())}; the tile below it makes ${encodeHex(hashes[wrong] ?? new Uint8Array())}`,
    )
  }
}
