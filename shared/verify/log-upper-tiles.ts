/**
 * Computes the tiles above level 0 from the roots of the full tiles below, and compares each with the log's tile when it is full or, for the
 * last of a level, at the end. Holds at most 256 hashes for each level.
 */
import { encodeHex, equalBytes } from '../tlog/encoding.ts'
import { appendLeaves, type CompactRange, emptyRange, type Hash, rootOf } from '../tlog/merkle.ts'
import { fullWidth, type TileId, tilePath, tileWidth } from '../tlog/tile.ts'
import { LogFailure } from './log-failure.ts'

interface Level {
  /** Index of the tile that is being filled. */
  index: number
  hashes: Hash[]
}

export class UpperTiles {
  readonly #size: number
  readonly #read: (tile: TileId) => Promise<Hash[]>
  /** Level 1 first. */
  readonly #levels: Level[] = []

  constructor(size: number, read: (tile: TileId) => Promise<Hash[]>) {
    this.#size = size
    this.#read = read
  }

  /** The tree of all full tiles so far: at each level its hashes are perfect subtrees. */
  get range(): CompactRange {
    let size = 0
    const hashes: Hash[] = []
    for (let level = this.#levels.length; level >= 1; level--) {
      const { hashes: own } = this.#at(level)
      hashes.push(...appendLeaves(emptyRange, own).hashes)
      size += own.length * fullWidth ** level
    }
    return { size, hashes }
  }

  /** The root of the next full tile of level 0. */
  async add(root: Hash): Promise<void> {
    let above = root
    for (let level = 1; ; level++) {
      const tile = this.#at(level)
      tile.hashes.push(above)
      if (tile.hashes.length < fullWidth) return
      await this.#compare(level, tile)
      above = rootOf(appendLeaves(emptyRange, tile.hashes))
      tile.index++
      tile.hashes = []
    }
  }

  async finish(): Promise<void> {
    for (const [i, tile] of this.#levels.entries()) if (tile.hashes.length > 0) await this.#compare(i + 1, tile)
  }

  /** Continues from the tree that an earlier run walked. Fails if the log's tiles no longer make that tree. */
  async resume(earlier: CompactRange): Promise<CompactRange> {
    for (let level = 1; fullWidth ** level <= earlier.size; level++) {
      const count = Math.floor(earlier.size / fullWidth ** level)
      const index = Math.floor(count / fullWidth)
      const width = tileWidth(level, index, this.#size)
      const all = width === 0 ? [] : await this.#read({ level, index, width })
      this.#levels[level - 1] = { index, hashes: all.slice(0, count % fullWidth) }
    }
    const found = this.range
    const isSame =
      found.size === earlier.size && found.hashes.every((h, i) => equalBytes(h, earlier.hashes[i] ?? h.subarray(1)))
    if (!isSame || found.hashes.length !== earlier.hashes.length) {
      throw new LogFailure(
        'state',
        `the log's tiles no longer make the tree of ${earlier.size} that the earlier run walked`,
      )
    }
    return found
  }

  #at(level: number): Level {
    const found = this.#levels[level - 1] ?? { index: 0, hashes: [] }
    this.#levels[level - 1] = found
    return found
  }

  async #compare(level: number, { index, hashes }: Level): Promise<void> {
    const tile = { level, index, width: hashes.length }
    const found = await this.#read(tile)
    const wrong = hashes.findIndex((hash, i) => !equalBytes(hash, found[i] ?? hash.subarray(1)))
    if (wrong < 0) return
    throw new LogFailure(
      tilePath(tile),
      `hash ${wrong} is ${encodeHex(found[wrong] ?? new Uint8Array())}; the tile below it makes ${encodeHex(hashes[wrong] ?? new Uint8Array())}`,
    )
  }
}
