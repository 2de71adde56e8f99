/**
 * Items and objects of a controller's log, as they are stored.
 *
 *   leaf index   PK, SK of its entry                     index; at, the time of its batch
 *   batch        PK `<controller>#log`                   SK its first leaf index, 16 digits; id, entries, root, range, at
 *   checkpoint   PK `<controller>#checkpoint`            SK its tree size, 16 digits; note
 *   set-back     PK `<controller>#clock`                 SK a tree size, 16 digits; from, until; or `mark`: see `set-backs.ts`
 *   turn         PK `<controller>#turn`                  SK a leaf index, or a tree size to be extended: see `turns.ts`
 *   `time` leaf  PK `<controller>#time`, SK the hour, `2026-11-22T10`; an index row whose leaf is made from its key
 *
 *   entries      for each: u8 length ‖ PK after `<controller>#` ‖ u8 length ‖ SK ‖ leaf hash (32)
 *   range        hashes of the perfect subtrees of the tree that ends with this batch, largest first, 32 bytes each
 *
 *   objects      `log/<controller>/tile/...` as tlog-tiles names them, `log/<controller>/checkpoints/<nines' complement of the
 *                size, 18 digits in groups of three>`, so that a list by name begins with the newest; `served/<controller>/checkpoint`, a copy for static serving
 */
import { LedgerError } from '../../errors.ts'
import type { CompactRange, Hash } from '../../tlog/merkle.ts'
import type { Item, Key } from '../store.ts'
import { damagedLogError } from './damage.ts'

/** Bounds of a batch: its entries, and the bytes that they take. An item of DynamoDB has at most 400 KB. */
export const maxBatchEntries = 1000
export const maxBatchBytes = 300_000

/** An entry as a batch has it. */
export interface LoggedEntry {
  readonly key: Key
  readonly leafHash: Hash
}

/** Entries that got consecutive leaf indexes in one insert. */
export interface Batch {
  /** Index of its first leaf; the tree before it has this size. */
  readonly first: number
  /** 16 random bytes by which a sequencer recognises its own batch. */
  readonly id: Uint8Array
  readonly entries: readonly LoggedEntry[]
  /** Root of the tree that ends with this batch. */
  readonly root: Hash
  readonly range: CompactRange
  /** RFC 3339. Never before the time of the batch before it, unless the log's clock was set back. */
  readonly at: string
}

export const batchEnd = (batch: Batch): number => batch.first + batch.entries.length

export const batchPk = (controller: string): string => `${controller}#log`
export const checkpointPk = (controller: string): string => `${controller}#checkpoint`
export const clockPk = (controller: string): string => `${controller}#clock`
export const turnPk = (controller: string): string => `${controller}#turn`
export const timePk = (controller: string): string => `${controller}#time`
/** Partition of the erasures, which are not announced: see `release-erasures.ts`. */
export const erasedPk = (controller: string): string => `${controller}#erased`
export const isErasure = (key: Key): boolean => key.pk === erasedPk(controllerOf(key))
/** A tree size or leaf index as a sort key. */
export const numberSk = (n: number): string => String(n).padStart(16, '0')

/** A controller's id has no `#`. */
export const controllerOf = (key: Key): string => key.pk.slice(0, key.pk.indexOf('#'))
export const originOf = (host: string, controller: string): string => `${host}/${controller}`
/** Key name of the ledger's own witness. */
export const witnessName = (host: string): string => `${host}/witness`

export const timeKey = (controller: string, hour: string): Key => ({ pk: timePk(controller), sk: hour })
/** Canonical JSON. The only leaf without an item among the entries. */
export const timeLeaf = (hour: string): string => JSON.stringify({ hour, kind: 'time', v: 1 })

export const logObject = (controller: string, path: string): string => `log/${controller}/${path}`
export const servedCheckpoint = (controller: string): string => `served/${controller}/checkpoint`
export const checkpointFolder = (controller: string): string => `log/${controller}/checkpoints/`

export function checkpointObject(controller: string, size: number): string {
  const complement = String(999_999_999_999_999_999n - BigInt(size)).padStart(18, '0')
  return checkpointFolder(controller) + complement.match(/.{3}/g)?.join('/')
}

/** Bytes that the entry takes in a batch. */
export function packedBytes(key: Key): number {
  return 2 + Buffer.byteLength(subKey(key)) + Buffer.byteLength(key.sk) + 32
}

/** Whether both lengths fit into one byte. */
export function fitsBatch(key: Key): boolean {
  return Buffer.byteLength(subKey(key)) <= 255 && Buffer.byteLength(key.sk) <= 255
}

const subKey = (key: Key): string => key.pk.slice(key.pk.indexOf('#') + 1)

export function batchItem(controller: string, batch: Batch): Item {
  return {
    pk: batchPk(controller),
    sk: numberSk(batch.first),
    values: {
      id: batch.id,
      entries: packEntries(controller, batch.entries),
      root: batch.root,
      range: Buffer.concat(batch.range.hashes),
      at: batch.at,
    },
  }
}

/** Throws `log-damaged` when the item is not a batch. */
export function readBatch(controller: string, item: Item): Batch {
  const { id, entries, root, range, at } = item.values
  const isWhole = id instanceof Uint8Array && entries instanceof Uint8Array && root instanceof Uint8Array
  if (!isWhole || !(range instanceof Uint8Array) || typeof at !== 'string' || range.length % 32 !== 0)
    throw noBatch(item)
  const first = Number(item.sk)
  const unpacked = unpackEntries(controller, entries, item)
  const hashes = Array.from({ length: range.length / 32 }, (_, i) => range.subarray(i * 32, i * 32 + 32))
  return { first, id, entries: unpacked, root, range: { size: first + unpacked.length, hashes }, at }
}

function packEntries(controller: string, entries: readonly LoggedEntry[]): Uint8Array {
  const parts: Uint8Array[] = []
  for (const { key, leafHash } of entries) {
    if (controllerOf(key) !== controller || !fitsBatch(key))
      throw new LedgerError('internal', 'the key of an entry does not fit a batch')
    const pk = Buffer.from(subKey(key))
    const sk = Buffer.from(key.sk)
    parts.push(Buffer.of(pk.length), pk, Buffer.of(sk.length), sk, leafHash)
  }
  return Buffer.concat(parts)
}

function unpackEntries(controller: string, packed: Uint8Array, item: Item): LoggedEntry[] {
  const bytes = Buffer.from(packed.buffer, packed.byteOffset, packed.length)
  const entries: LoggedEntry[] = []
  let at = 0
  const text = () => {
    const length = bytes[at] ?? 0
    at += 1 + length
    return bytes.toString('utf8', at - length, at)
  }
  while (at < bytes.length) {
    const key = { pk: `${controller}#${text()}`, sk: text() }
    const leafHash = bytes.subarray(at, at + 32)
    at += 32
    if (leafHash.length !== 32) throw noBatch(item)
    entries.push({ key, leafHash })
  }
  return entries
}

function noBatch(item: Item): LedgerError {
  return damagedLogError('batch', `an item of the log is not a batch: ${item.sk}`)
}

export function indexItem(key: Key, index: number, at: string): Item {
  return { ...key, values: { index, at } }
}

export function checkpointItem(controller: string, size: number, note: string): Item {
  return { pk: checkpointPk(controller), sk: numberSk(size), values: { note } }
}
