/**
 * Reading a controller's log: its published checkpoints, its tiles and its entry bundles. Full tiles, and partial ones above
 * level 0, are objects; the partial tile of level 0 and the last entry bundle are built from the batches. What was read never
 * changes, so tiles stay in memory.
 */
import { LedgerError } from '../errors.ts'
import { formatBundle } from '../tlog/bundle.ts'
import { parseCosignature } from '../tlog/cosignature.ts'
import { parseNote } from '../tlog/note.ts'
import { bundlePath, formatTile, fullWidth, type TileId, tilePath } from '../tlog/tile.ts'
import { batchesFrom, forked } from './batches.ts'
import type { Ledger } from './ledger.ts'
import { checkpointPk, type LoggedEntry, logObject, position, timeLeaf, timePk, witnessName } from './log-items.ts'
import type { Item, QueryOptions } from './store.ts'

export type LogReader = Pick<Ledger, 'log' | 'objects' | 'entries' | 'host' | 'tiles'>

export interface PublishedCheckpoint {
  readonly size: number
  /** The signed note. */
  readonly note: string
}

/** The greatest size published, read strongly. Throws while the controller has no log yet: its creation is moments old. */
export async function newestPublished(reader: LogReader, controller: string): Promise<PublishedCheckpoint> {
  const newest = await checkpointBefore(reader, controller, Number.MAX_SAFE_INTEGER)
  if (newest === undefined) throw new LedgerError('not-found', 'the controller has no log yet', { given: controller })
  return newest
}

/** The greatest published size up to and including `size`. */
export async function checkpointBefore(reader: LogReader, controller: string, size: number) {
  return oneCheckpoint(reader, controller, { after: `${position(size)}~`, descending: true })
}

/** The smallest published size above `size`: the first that has the leaf of that index. */
export async function checkpointAfter(reader: LogReader, controller: string, size: number) {
  return oneCheckpoint(reader, controller, { after: position(size) })
}

async function oneCheckpoint(
  reader: LogReader,
  controller: string,
  options: QueryOptions,
): Promise<PublishedCheckpoint | undefined> {
  const { items } = await reader.log.query(checkpointPk(controller), { ...options, limit: 1 })
  return items[0] && readCheckpoint(items[0])
}

/** The newest checkpoint made at or before the instant, older than `newest`; found by bisection, since sizes grow with time. */
export async function checkpointAt(
  reader: LogReader,
  controller: string,
  instantMs: number,
  newest: PublishedCheckpoint,
): Promise<PublishedCheckpoint | undefined> {
  let early: PublishedCheckpoint | undefined
  let floor = 0
  let tooLate = newest.size
  while (floor < tooLate) {
    const middle = Math.floor((floor + tooLate) / 2)
    const found = await checkpointBefore(reader, controller, middle)
    if (found !== undefined && checkpointSeconds(reader, found) * 1000 > instantMs) tooLate = found.size
    else {
      early = found ?? early
      floor = middle + 1
    }
  }
  return early
}

export async function checkpointsAfter(
  reader: LogReader,
  controller: string,
  after: number,
  limit: number,
): Promise<PublishedCheckpoint[]> {
  const { items } = await reader.log.query(checkpointPk(controller), { after: position(after), limit })
  return items.map(readCheckpoint)
}

function readCheckpoint({ sk, values }: Item): PublishedCheckpoint {
  return { size: Number(sk), note: String(values.note) }
}

/** When the ledger's own witness saw the checkpoint: seconds since 1970. */
export function checkpointSeconds({ host }: Pick<Ledger, 'host'>, { note }: PublishedCheckpoint): number {
  const cosigned = parseNote(note).signatures.find(({ name }) => name === witnessName(host))
  if (cosigned === undefined) throw new LedgerError('internal', 'a checkpoint without the cosignature of our witness')
  return parseCosignature(cosigned.signature).timeSeconds
}

/** The entries at [from, to), by their batches. */
export async function entriesBetween(
  { log }: Pick<LogReader, 'log'>,
  controller: string,
  from: number,
  to: number,
): Promise<LoggedEntry[]> {
  const found: LoggedEntry[] = []
  for await (const { first, entries } of batchesFrom(log, controller, from)) {
    found.push(...entries.slice(Math.max(0, from - first), to - first))
    if (first + entries.length >= to) break
  }
  if (found.length !== to - from) throw forked('the log table ends before a size that is published', to)
  return found
}

/** The leaves' bytes, from the entries; a `time` leaf from its key. */
export async function leavesOf(
  { entries }: Pick<LogReader, 'entries'>,
  controller: string,
  logged: readonly LoggedEntry[],
): Promise<string[]> {
  const isTime = ({ key }: LoggedEntry) => key.pk === timePk(controller)
  const items = await entries.get(logged.filter((entry) => !isTime(entry)).map(({ key }) => key))
  const stored = items.values()
  return logged.map((entry) => {
    const leaf = isTime(entry) ? timeLeaf(entry.key.sk) : stored.next().value?.values.leaf
    if (typeof leaf !== 'string') throw forked('an entry of the log is not in the table', controller)
    return leaf
  })
}

/** The bytes of a tile as wide as asked, of a tree that has at least that much. `undefined`: there is no such object. */
export async function tileBytes(reader: LogReader, controller: string, tile: TileId): Promise<Uint8Array | undefined> {
  const name = logObject(controller, tilePath(tile))
  const known = reader.tiles.get(name)
  if (known !== undefined) return known
  const bytes = await readTile(reader, controller, tile, name)
  if (bytes !== undefined) reader.tiles.put(name, bytes)
  return bytes
}

async function readTile(
  reader: LogReader,
  controller: string,
  { level, index, width }: TileId,
  name: string,
): Promise<Uint8Array | undefined> {
  if (level > 0 || width === fullWidth) return reader.objects.get(name)
  const first = index * fullWidth
  const entries = await entriesBetween(reader, controller, first, first + width)
  return formatTile(entries.map((entry) => entry.leafHash))
}

export async function bundleBytes(
  reader: LogReader,
  controller: string,
  bundle: { readonly index: number; readonly width: number },
): Promise<Uint8Array | undefined> {
  if (bundle.width === fullWidth) return reader.objects.get(logObject(controller, bundlePath(bundle)))
  const first = bundle.index * fullWidth
  const entries = await entriesBetween(reader, controller, first, first + bundle.width)
  const leaves = await leavesOf(reader, controller, entries)
  return formatBundle(leaves.map((leaf) => Buffer.from(leaf)))
}

/** The least recently used go first. */
export interface TileCache {
  get(name: string): Uint8Array | undefined
  put(name: string, bytes: Uint8Array): void
}

export function tileCache(maxTiles = 512): TileCache {
  const kept = new Map<string, Uint8Array>()
  return {
    get(name) {
      const bytes = kept.get(name)
      if (bytes !== undefined) {
        kept.delete(name)
        kept.set(name, bytes)
      }
      return bytes
    },
    put(name, bytes) {
      kept.set(name, bytes)
      const [oldest] = kept.keys()
      if (kept.size > maxTiles && oldest !== undefined) kept.delete(oldest)
    },
  }
}
