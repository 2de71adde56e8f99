/**
 * Writes the tiles and entry bundles of a log that grows, as C2SP tlog-tiles names them. A level-0 tile and its bundle are
 * written once, when they are full; until then their leaves are in the batches. Each full tile adds a hash to the tile above it,
 * and above level 0 every width is written, so that any published size finds all of its tiles.
 *
 * Objects are written once, so writing again is harmless, and other bytes under a name are a fork. Tiles do not depend on each other, so
 * several are written at once. Memory: one row of 256 hashes a level, and the leaves of as many bundles.
 */
import { LedgerError } from '../../errors.ts'
import { formatBundle } from '../../tlog/entry-bundle.ts'
import type { CompactRange, Hash } from '../../tlog/merkle.ts'
import { bundlePath, formatTile, fullWidth, parseTile, type TileId, tilePath } from '../../tlog/tile.ts'
import { addFullTile, partialTilesAbove, rangeOfRows } from '../../tlog/tile-cascade.ts'
import type { LogWriter } from '../ledger.ts'
import type { Table } from '../store.ts'
import { atOnce } from './at-once.ts'
import { equalHashes, forkedLogError } from './batches.ts'
import { type LoggedEntry, logObject } from './log-items.ts'
import { leavesOf } from './log-reader.ts'

/** Level-0 tiles with their bundles that one log writes at once: as many as one processor can make while S3 stores the first. */
const maxTilesAtOnce = 16

export interface TileWriter {
  /** Appends the next entries. When this returns, every tile that they complete is stored. */
  append(entries: readonly LoggedEntry[]): Promise<void>
}

/** @param edge the tree to extend; its size is a multiple of 256 and its tiles are stored */
export function tileWriter(
  logWriter: Pick<LogWriter, 'objects'> & { readonly entries: Pick<Table, 'get'> },
  controller: string,
  edge: CompactRange,
): TileWriter {
  let index = edge.size / fullWidth
  let waiting: LoggedEntry[] = []
  /** The hashes of the last tile of each level from 1 on, read when the first tile is complete. */
  let above: Hash[][] | undefined

  const put = (path: string, bytes: Uint8Array): Promise<void> =>
    logWriter.objects.put(logObject(controller, path), bytes).catch((error: unknown) => {
      const isOther = error instanceof LedgerError && error.code === 'already-exists'
      throw isOther ? forkedLogError('a tile is already stored with other bytes', path, error) : error
    })

  async function complete(rows: Hash[][], entries: readonly LoggedEntry[]): Promise<void> {
    const number = index++
    const hashes = entries.map((entry) => entry.leafHash)
    const made = addFullTile(rows, number, hashes)
    const leaves = await leavesOf(logWriter.entries, controller, entries, number * fullWidth)
    await Promise.all([
      put(bundlePath({ index: number, width: fullWidth }), formatBundle(leaves)),
      ...made.map(({ tile, hashes: row }) => put(tilePath(tile), formatTile(row))),
    ])
  }

  return {
    async append(entries) {
      waiting = [...waiting, ...entries]
      const count = Math.floor(waiting.length / fullWidth)
      if (count === 0) return
      above ??= await readEdge(logWriter, controller, edge)
      const rows = above
      const full = Array.from({ length: count }, (_, i) => waiting.slice(i * fullWidth, (i + 1) * fullWidth))
      waiting = waiting.slice(count * fullWidth)
      await atOnce(maxTilesAtOnce, full, (each) => complete(rows, each))
    },
  }
}

/** The partial tiles above level 0 at this size. Throws `log-forked` unless together they are the compact range. */
async function readEdge(
  logWriter: Pick<LogWriter, 'objects'>,
  controller: string,
  edge: CompactRange,
): Promise<Hash[][]> {
  const rows: Hash[][] = []
  for (const tile of partialTilesAbove(edge.size))
    rows.push(tile.width === 0 ? [] : await readTile(logWriter, controller, tile))
  const { hashes } = rangeOfRows(rows)
  const isEdge =
    hashes.length === edge.hashes.length && edge.hashes.every((hash, i) => equalHashes(hash, hashes[i] ?? hash))
  if (!isEdge) throw forkedLogError('stored tiles belong to another tree', edge.size)
  return rows
}

async function readTile({ objects }: Pick<LogWriter, 'objects'>, controller: string, tile: TileId): Promise<Hash[]> {
  const path = tilePath(tile)
  const bytes = await objects.get(logObject(controller, path))
  if (bytes?.length !== tile.width * 32)
    throw forkedLogError('a tile of a published size is missing or cut short', path)
  return parseTile(bytes, tile.width)
}
