/**
 * A controller's log as of its newest checkpoint, and the proofs that can be made from it. On a warm instance a proof costs the
 * checkpoint, the index rows, and the batches of the last tile: the other tiles are in memory.
 */
import { LedgerError } from '../../errors.ts'
import { consistencyNodes, consistencyProof } from '../../tlog/consistency.ts'
import { inclusionNodes, inclusionProof, type NodeId } from '../../tlog/inclusion.ts'
import type { Hash } from '../../tlog/merkle.ts'
import { nodeInTile, type TileId, tileOf, tilePath } from '../../tlog/tile.ts'
import { formatTlogProof } from '../../tlog/tlog-proof.ts'
import type { Key } from '../store.ts'
import { checkpointSeconds, type LogReader, newestPublished, type PublishedCheckpoint, tileBytes } from './read.ts'

export interface Place {
  readonly index: number
  /** RFC 3339: time of the batch that gave it the index. */
  readonly loggedAt: string
}

/** A log as of one checkpoint: everything proven from it is proven against the same root. */
export interface LogView extends PublishedCheckpoint {
  readonly seconds: number
  /** Where each entry is; `undefined` when it is not (yet) in the tree. */
  placesOf(keys: readonly Key[]): Promise<(Place | undefined)[]>
  /** `c2sp.org/tlog-proof@v1` for each index. */
  proofs(indexes: readonly number[]): Promise<string[]>
  /** That the tree of `oldSize` is a prefix of this one. */
  consistency(oldSize: number): Promise<Hash[]>
}

export async function viewLog(reader: LogReader, controller: string): Promise<LogView> {
  const checkpoint = await newestPublished(reader, controller)
  const { size, note } = checkpoint

  /** Hashes of perfect subtrees, each tile read once. */
  async function nodesFor(ids: readonly NodeId[]): Promise<(id: NodeId) => Hash> {
    const tiles = new Map<string, { tile: TileId; bytes: Uint8Array }>()
    const wanted = new Map(ids.map((id) => tileOf(id, size)).map((tile) => [tilePath(tile), tile]))
    await Promise.all(
      [...wanted].map(async ([path, tile]) => {
        const bytes = await tileBytes(reader, controller, tile)
        if (bytes === undefined) throw new LedgerError('log-forked', 'a published tile is gone', { given: path })
        tiles.set(path, { tile, bytes })
      }),
    )
    return (id) => {
      const name = `node/${controller}/${id.level}/${id.index}`
      const known = reader.tiles.get(name)
      if (known !== undefined) return known
      const found = tiles.get(tilePath(tileOf(id, size)))
      if (found === undefined) throw new Error('a tile that was not asked for')
      // A perfect subtree never changes: its root, of up to 128 hashes of its tile, is computed once.
      const hash = nodeInTile(found.tile, found.bytes, id)
      reader.tiles.put(name, hash)
      return hash
    }
  }

  return {
    ...checkpoint,
    seconds: checkpointSeconds(reader, checkpoint),
    async placesOf(keys) {
      const rows = await reader.log.get(keys)
      return rows.map((row) => {
        const { index, at } = row?.values ?? {}
        return typeof index === 'number' && index < size ? { index, loggedAt: String(at) } : undefined
      })
    },
    async proofs(indexes) {
      const node = await nodesFor(indexes.flatMap((index) => inclusionNodes(index, size).flat()))
      return indexes.map((index) =>
        formatTlogProof({ index, hashes: inclusionProof(index, size, node), checkpoint: note }),
      )
    },
    async consistency(oldSize) {
      const node = await nodesFor(consistencyNodes(oldSize, size).flat())
      return consistencyProof(oldSize, size, node)
    },
  }
}

/** The tlog-proof of each entry against the newest checkpoint; `undefined` for what it does not have yet. */
export async function tlogProofs(
  reader: LogReader,
  controller: string,
  keys: readonly Key[],
): Promise<(string | undefined)[]> {
  const view = await viewLog(reader, controller)
  const places = await view.placesOf(keys)
  const proofs = (await view.proofs(places.filter((place) => place !== undefined).map(({ index }) => index))).values()
  return places.map((place) => (place === undefined ? undefined : proofs.next().value))
}
