/**
 * The hash tiles of one signed tree (https://c2sp.org/tlog-tiles), each verified as it is read, in any order. The last, partial tiles of all
 * levels together make the root that was signed; every full tile makes the hash that the tile above it holds. So a tile is known to be right
 * before anything is done with it, and a wrong one is named. At most `maxCached` tiles are in memory.
 */
import { equalBytes } from '../tlog/encoding.ts'
import { appendLeaves, type CompactRange, emptyRange, type Hash, rootOf } from '../tlog/merkle.ts'
import { fullWidth, parseTile, type TileId, tilePath, tileWidth } from '../tlog/tile.ts'
import { rangeOfRows } from '../tlog/tile-cascade.ts'
import { TlogError } from '../tlog/tlog-error.ts'
import { LogFailure } from './log-failure.ts'

/** `undefined`: it does not have the tile. */
export type TileReader = (tile: TileId) => Promise<Uint8Array | undefined>

export interface SignedTree {
  readonly size: number
  readonly root: Hash
}

const maxCached = 64

export class VerifiedTiles {
  readonly size: number
  readonly #readers: readonly TileReader[]
  /** Hashes of the last tile of each level, level 0 first; none where all tiles of the level are full. */
  readonly #edge: readonly (readonly Hash[])[]
  readonly #cached = new Map<string, Promise<readonly Hash[]>>()

  private constructor(size: number, readers: readonly TileReader[], edge: readonly (readonly Hash[])[]) {
    this.size = size
    this.#readers = readers
    this.#edge = edge
  }

  /**
   * @param tree size and root of a checkpoint whose signature was verified
   * @param readers asked in this order, until one has what verifies
   * @throws LogFailure when the last tiles do not make the root
   */
  static async open({ size, root }: SignedTree, readers: readonly TileReader[]): Promise<VerifiedTiles> {
    for (const read of readers) {
      const rows = await Promise.all(edgeTiles(size).map((tile) => rowOf(tile, read)))
      const edge = rows.filter((row) => row !== undefined)
      if (edge.length === rows.length && equalBytes(rootOf(rangeOf(edge)), root))
        return new VerifiedTiles(size, readers, edge)
    }
    throw new LogFailure('tile', `the last tiles of the levels do not make the root of the checkpoint of size ${size}`)
  }

  /**
   * The hashes of a tile, as wide as it is in this tree.
   *
   * @throws LogFailure when no reader has the tile whose root the tile above it holds
   */
  async tile(level: number, index: number): Promise<readonly Hash[]> {
    const width = tileWidth(level, index, this.size)
    if (width < fullWidth) return this.#edge[level]?.slice(0, width) ?? []
    const key = `${level}/${index}`
    const known = this.#cached.get(key)
    const read = known ?? this.#verified({ level, index, width })
    this.#cached.delete(key)
    this.#cached.set(key, read)
    const [oldest] = this.#cached.keys()
    if (this.#cached.size > maxCached && oldest !== undefined) this.#cached.delete(oldest)
    try {
      return await read
    } catch (error) {
      if (this.#cached.get(key) === read) this.#cached.delete(key)
      throw error
    }
  }

  /** The root of the tree of the first `size` leaves, which is this tree or an earlier one. */
  async rootAt(size: number): Promise<Hash> {
    const rows = await Promise.all(
      edgeTiles(size).map(async ({ level, index, width }) =>
        width === 0 ? [] : (await this.tile(level, index)).slice(0, width),
      ),
    )
    return rootOf(rangeOf(rows))
  }

  async #verified(tile: TileId): Promise<readonly Hash[]> {
    const { level, index } = tile
    const expected = (await this.tile(level + 1, Math.floor(index / fullWidth)))[index % fullWidth]
    for (const read of this.#readers) {
      const hashes = await rowOf(tile, read)
      if (hashes && expected && equalBytes(rootOf(appendLeaves(emptyRange, hashes)), expected)) return hashes
    }
    throw new LogFailure(tilePath(tile), 'it does not make the hash that the tile above it has in its place')
  }
}

/** The last tile of each level in a tree of `size`; a width of 0 means that all of its tiles are full. */
function edgeTiles(size: number): TileId[] {
  const tiles: TileId[] = []
  for (let level = 0; size >= fullWidth ** level; level++) {
    const index = Math.floor(size / fullWidth ** (level + 1))
    tiles.push({ level, index, width: tileWidth(level, index, size) })
  }
  return tiles
}

/** `undefined` where the reader has no tile, or one of another form. */
async function rowOf(tile: TileId, read: TileReader): Promise<Hash[] | undefined> {
  if (tile.width === 0) return []
  const bytes = await read(tile)
  try {
    return bytes && parseTile(bytes, tile.width)
  } catch (error) {
    if (error instanceof TlogError) return undefined
    throw error
  }
}

function rangeOf([leaves = [], ...above]: readonly (readonly Hash[])[]): CompactRange {
  const upper = rangeOfRows(above)
  return { size: upper.size + leaves.length, hashes: [...upper.hashes, ...appendLeaves(emptyRange, leaves).hashes] }
}
