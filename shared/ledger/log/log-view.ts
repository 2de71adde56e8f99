/**
 * A controller's log as of its newest checkpoint, and the proofs that can be made from it. On a warm instance a proof costs the
 * checkpoint, the index rows, and the batches of the last tile: the other tiles are in memory.
 *
 * Every proof is verified against the checkpoint's root before it is returned: a changed table or object is `log-damaged`.
 */
import { promisedDelaySeconds } from '../../consent/promised-delay.ts'
import { parseCheckpoint } from '../../tlog/checkpoint.ts'
import { consistencyNodes, consistencyProof, verifyConsistency } from '../../tlog/consistency.ts'
import { inclusionNodes, inclusionProof, type NodeId, verifyInclusion } from '../../tlog/inclusion.ts'
import { type Hash, leafHash } from '../../tlog/merkle.ts'
import { parseNote } from '../../tlog/note.ts'
import { nodeInTile, type TileId, tileOfNode, tilePath } from '../../tlog/tile.ts'
import { formatTlogProof } from '../../tlog/tlog-proof.ts'
import type { Item, Key } from '../store.ts'
import { newestCosigned, newestPublishedCheckpoint, newestWithCosignatures } from './cosignatures.ts'
import { asDamagedLogError, damagedLogError } from './damage.ts'
import { originOf } from './log-items.ts'
import { checkpointSeconds, type LogReader, type PublishedCheckpoint, tileBytes } from './log-reader.ts'

/** Where the log has an entry. */
export interface LogPosition {
  readonly index: number
  /** RFC 3339: time of the batch that gave it the index. */
  readonly loggedAt: string
}

/** A leaf index, with the leaf bytes (as text) that the log should have there. */
export interface IndexedLeaf {
  readonly index: number
  readonly leaf: string
  /** Extra data of the proof, which no signature covers. */
  readonly extra?: string | undefined
}

/** A log as of one checkpoint: everything proven from it is proven against the same root. */
export interface LogView extends PublishedCheckpoint {
  readonly root: Hash
  readonly seconds: number
  /** The position of each entry; `undefined` when this tree does not have it. */
  positionsOf(keys: readonly Key[]): Promise<(LogPosition | undefined)[]>
  /** `c2sp.org/tlog-proof@v1` for each leaf, verified. */
  proofs(leaves: readonly IndexedLeaf[]): Promise<string[]>
  /** Consistency proof that the older tree is a prefix of this one, verified. */
  consistency(old: PublishedCheckpoint): Promise<Hash[]>
}

/**
 * As of the newest checkpoint, with the cosignatures of outside witnesses. For what was known at an instant, the newest one that a witness
 * cosigned is as good and says more, if that was so much later that the log had promised to have all that was recorded by then.
 *
 * @param knownAt RFC 3339
 */
export async function viewLog(reader: LogReader, controller: string, knownAt?: string): Promise<LogView> {
  if (knownAt !== undefined) {
    const witnessed = await newestCosigned(reader, controller)
    const neededSeconds = Date.parse(knownAt) / 1000 + promisedDelaySeconds
    if (witnessed && witnessed.cosignedSeconds >= neededSeconds) return viewLogAt(reader, controller, witnessed)
  }
  return viewLogAt(reader, controller, await newestPublishedCheckpoint(reader, controller))
}

export function viewLogAt(reader: LogReader, controller: string, checkpoint: PublishedCheckpoint): LogView {
  const { size, note } = checkpoint
  const { root, seconds } = readPublished(reader, controller, checkpoint)

  /** Hashes of perfect subtrees, each tile read once. */
  async function nodesFor(ids: readonly NodeId[]): Promise<(id: NodeId) => Hash> {
    const tiles = new Map<string, { tile: TileId; bytes: Uint8Array }>()
    const wanted = new Map(ids.map((id) => tileOfNode(id, size)).map((tile) => [tilePath(tile), tile]))
    await Promise.all(
      [...wanted].map(async ([path, tile]) => {
        const bytes = await tileBytes(reader, controller, tile).catch((error: unknown) => {
          throw asDamagedLogError('tile', 'a tile cannot be made from what the log has', error)
        })
        if (bytes === undefined) throw damagedLogError('tile', `a published tile is gone: ${path}`)
        tiles.set(path, { tile, bytes })
      }),
    )
    return (id) => {
      const name = `node/${controller}/${id.level}/${id.index}`
      const known = reader.cached.get(name)
      if (known !== undefined) return known
      const found = tiles.get(tilePath(tileOfNode(id, size)))
      if (found === undefined) throw new Error('a tile that was not asked for')
      // A perfect subtree never changes: its root, of up to 128 hashes of its tile, is computed once.
      const hash = nodeIn(found.tile, found.bytes, id)
      reader.cached.put(name, hash)
      return hash
    }
  }

  return {
    ...checkpoint,
    ...{ root, seconds },
    async positionsOf(keys) {
      const rows = await reader.log.get(keys)
      return rows.map((row) => {
        const place = row && readPosition(row)
        return place && place.index < size ? place : undefined
      })
    },
    async proofs(leaves) {
      const node = await nodesFor(leaves.flatMap(({ index }) => inclusionNodes(index, size).flat()))
      return leaves.map(({ index, leaf, extra }) => {
        const hashes = inclusionProof(index, size, node)
        checkInclusion(index, size, leaf, hashes, root)
        return formatTlogProof({ index, hashes, checkpoint: note, ...(extra && { extra: Buffer.from(extra) }) })
      })
    },
    async consistency(old) {
      const { root: oldRoot } = readPublished(reader, controller, old)
      const node = await nodesFor(consistencyNodes(old.size, size).flat())
      const hashes = consistencyProof(old.size, size, node)
      try {
        verifyConsistency(old.size, size, oldRoot, root, hashes)
      } catch (error) {
        throw asDamagedLogError(
          'known-at',
          'an older checkpoint or a tile is not what the newest one commits to',
          error,
        )
      }
      return hashes
    },
  }
}

/** Root and time of the checkpoint. Compares the row with its key; does not verify its signatures. */
function readPublished(reader: LogReader, controller: string, checkpoint: PublishedCheckpoint) {
  try {
    const { origin, size, root } = parseCheckpoint(parseNote(checkpoint.note).text)
    const isOurs = origin === originOf(reader.host, controller) && size === checkpoint.size
    if (isOurs) return { root, seconds: checkpointSeconds(reader, checkpoint) }
  } catch (error) {
    throw asDamagedLogError('checkpoint', 'the row of a checkpoint is none', error)
  }
  throw damagedLogError('checkpoint', 'the row of a checkpoint holds a checkpoint of another size or log')
}

/** The position in an index row. Throws `log-damaged` when the row holds none. */
export function readPosition({ values: { index, at } }: Item): LogPosition {
  if (!Number.isSafeInteger(index) || Number(index) < 0 || Number.isNaN(Date.parse(String(at))))
    throw damagedLogError('index', 'the index row of an entry has no index or no time')
  return { index: Number(index), loggedAt: String(at) }
}

function nodeIn(tile: TileId, bytes: Uint8Array, id: NodeId): Hash {
  try {
    return nodeInTile(tile, bytes, id)
  } catch (error) {
    throw asDamagedLogError('tile', `a published tile is not one: ${tilePath(tile)}`, error)
  }
}

function checkInclusion(index: number, size: number, leaf: string, hashes: readonly Hash[], root: Hash): void {
  try {
    verifyInclusion(index, size, leafHash(Buffer.from(leaf)), hashes, root)
  } catch (error) {
    throw asDamagedLogError(
      'inclusion',
      'an entry, its index row or a tile is not what the checkpoint commits to',
      error,
    )
  }
}

/**
 * The tlog-proof of each entry against the newest checkpoint; `undefined` for entries that it lacks, and for all while the controller has no
 * log yet.
 */
export async function tlogProofs(
  reader: LogReader,
  controller: string,
  entries: readonly (Omit<IndexedLeaf, 'index'> & { readonly key: Key })[],
): Promise<(string | undefined)[]> {
  const newest = await newestWithCosignatures(reader, controller)
  if (newest === undefined) return entries.map(() => undefined)
  const view = viewLogAt(reader, controller, newest)
  const places = await view.positionsOf(entries.map(({ key }) => key))
  const placed = entries.flatMap(({ leaf, extra }, i) => (places[i] ? [{ leaf, extra, index: places[i].index }] : []))
  const proofs = (await view.proofs(placed)).values()
  return places.map((place) => (place === undefined ? undefined : proofs.next().value))
}
