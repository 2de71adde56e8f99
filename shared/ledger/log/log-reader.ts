/**
 * Reads a controller's log: published checkpoints, tiles and entry bundles. Full tiles, and partial ones above level 0, are objects. The
 * partial level-0 tile and the last bundle are built from the batches. Tiles never change, so they stay in memory.
 */
import { parseCosignature } from '../../tlog/cosignature.ts'
import { concatBytes } from '../../tlog/encoding.ts'
import { formatBundle } from '../../tlog/entry-bundle.ts'
import { hashLength, leafHash } from '../../tlog/merkle.ts'
import { parseNote } from '../../tlog/note.ts'
import { bundlePath, formatTile, fullWidth, type TileId, tilePath } from '../../tlog/tile.ts'
import type { Ledger } from '../ledger.ts'
import type { Item, QueryOptions, Table } from '../store.ts'
import { batchesAfter, batchesFrom, equalHashes, forkedLogError } from './batches.ts'
import { asDamagedLogError, damagedLogError } from './damage.ts'
import {
  type Batch,
  checkpointPk,
  type LoggedEntry,
  logObject,
  numberSk,
  timeLeaf,
  timePk,
  witnessName,
} from './log-items.ts'

export type LogReader = Pick<Ledger, 'log' | 'objects' | 'entries' | 'host' | 'cached'>

export interface PublishedCheckpoint {
  readonly size: number
  /** The signed note. */
  readonly note: string
}

/** The greatest published size up to and including `size`. */
export async function checkpointBefore(reader: Pick<LogReader, 'log'>, controller: string, size: number) {
  return oneCheckpoint(reader, controller, { after: `${numberSk(size)}~`, descending: true })
}

/** The smallest published size above `size`: the first that has the leaf of that index. */
export async function checkpointAfter(reader: Pick<LogReader, 'log'>, controller: string, size: number) {
  return oneCheckpoint(reader, controller, { after: numberSk(size) })
}

async function oneCheckpoint(
  reader: Pick<LogReader, 'log'>,
  controller: string,
  options: QueryOptions,
): Promise<PublishedCheckpoint | undefined> {
  const { items } = await reader.log.query(checkpointPk(controller), { ...options, limit: 1 })
  return items[0] && readCheckpoint(items[0])
}

export async function checkpointsAfter(
  reader: LogReader,
  controller: string,
  after: number,
  limit: number,
): Promise<PublishedCheckpoint[]> {
  const { items } = await reader.log.query(checkpointPk(controller), { after: numberSk(after), limit })
  return items.map(readCheckpoint)
}

function readCheckpoint({ sk, values }: Item): PublishedCheckpoint {
  return { size: Number(sk), note: String(values.note) }
}

/** When the ledger's own witness saw the checkpoint: seconds since 1970. */
export function checkpointSeconds({ host }: Pick<Ledger, 'host'>, { note }: PublishedCheckpoint): number {
  try {
    const cosigned = parseNote(note).signatures.find(({ name }) => name === witnessName(host))
    if (cosigned !== undefined) return parseCosignature(cosigned.signature).timeSeconds
  } catch (error) {
    throw asDamagedLogError('checkpoint', 'the row of a checkpoint is none', error)
  }
  throw damagedLogError('checkpoint', 'a checkpoint lacks the cosignature of the ledger’s own witness')
}

/** The bytes of a tile of a published tree, in the given width; `undefined` when there is no such object. */
export async function tileBytes(reader: LogReader, controller: string, tile: TileId): Promise<Uint8Array | undefined> {
  const name = logObject(controller, tilePath(tile))
  const known = reader.cached.get(name)
  if (known !== undefined) return known
  if (tile.level === 0 && tile.width < fullWidth) return partialTile(reader, controller, tile)
  const bytes = await reader.objects.get(name)
  if (bytes !== undefined) reader.cached.put(name, bytes)
  return bytes
}

/**
 * The first hashes of the last level-0 tile. Hashes read before are kept. They end at a published size, where a batch ends too, so only
 * later batches are read.
 */
async function partialTile(reader: LogReader, controller: string, { index, width }: TileId): Promise<Uint8Array> {
  const first = index * fullWidth
  const name = `${logObject(controller, tilePath({ level: 0, index, width: fullWidth }))}.p`
  const known = reader.cached.get(name) ?? new Uint8Array(0)
  if (known.length >= width * hashLength) return known.subarray(0, width * hashLength)
  const from = first + known.length / hashLength
  const batches =
    from === first
      ? batchesFrom(reader.log, controller, first, width)
      : batchesAfter(reader.log, controller, from, width)
  const entries = await entriesOf(batches, from, first + width)
  const bytes = concatBytes(known, formatTile(entries.map((entry) => entry.leafHash)))
  reader.cached.put(name, bytes)
  return bytes
}

async function entriesOf(batches: AsyncGenerator<Batch>, from: number, to: number): Promise<LoggedEntry[]> {
  const found: LoggedEntry[] = []
  for await (const { first, entries } of batches) {
    found.push(...entries.slice(Math.max(0, from - first), to - first))
    if (first + entries.length >= to) break
  }
  if (found.length !== to - from) throw forkedLogError('the log table ends before a size that is published', to)
  return found
}

export async function bundleBytes(
  reader: LogReader,
  controller: string,
  bundle: { readonly index: number; readonly width: number },
): Promise<Uint8Array | undefined> {
  if (bundle.width === fullWidth) return reader.objects.get(logObject(controller, bundlePath(bundle)))
  const first = bundle.index * fullWidth
  const entries = await entriesOf(batchesFrom(reader.log, controller, first, bundle.width), first, first + bundle.width)
  return formatBundle(await leavesOf(reader.entries, controller, entries, first))
}

/** The leaf bytes of logged entries, from index `first` on. Throws `log-forked` when an entry is not the one that was logged. */
export async function leavesOf(
  entries: Pick<Table, 'get'>,
  controller: string,
  logged: readonly LoggedEntry[],
  first: number,
): Promise<Uint8Array[]> {
  const isTime = ({ key }: LoggedEntry): boolean => key.pk === timePk(controller)
  const stored = (await entries.get(logged.filter((entry) => !isTime(entry)).map(({ key }) => key))).values()
  return logged.map((entry, i) => {
    const leaf = isTime(entry) ? timeLeaf(entry.key.sk) : stored.next().value?.values.leaf
    const bytes = Buffer.from(typeof leaf === 'string' ? leaf : '')
    if (!equalHashes(leafHash(bytes), entry.leafHash))
      throw forkedLogError('an entry differs from its leaf in the log', first + i)
    return bytes
  })
}
