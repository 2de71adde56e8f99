/**
 * Reads the batches of a log: the last one, the one before an index, and all from an index on, in order. A log that its sequencer and
 * publisher did not write this way is `log-forked`: the job stops, and an operator decides.
 */
import { LedgerError } from '../../errors.ts'
import { type CompactRange, emptyRoot, type Hash, rootOf } from '../../tlog/merkle.ts'
import { TlogError } from '../../tlog/tlog-error.ts'
import { type QueryOptions, queryAll, type Table } from '../store.ts'
import { type Batch, batchEnd, batchPk, numberSk, readBatch } from './log-items.ts'

/** A tree, with the hashes that appending to it needs. */
export interface Tree {
  readonly range: CompactRange
  readonly root: Hash
}

export function lastBatch(log: Table, controller: string): Promise<Batch | undefined> {
  return oneBatch(log, controller, { descending: true })
}

/** The last batch that begins before this leaf index. */
export function batchBefore(log: Table, controller: string, index: number): Promise<Batch | undefined> {
  return oneBatch(log, controller, { descending: true, after: numberSk(index) })
}

async function oneBatch(log: Table, controller: string, options: QueryOptions): Promise<Batch | undefined> {
  const [item] = (await log.query(batchPk(controller), { ...options, limit: 1 })).items
  return item && readBatch(controller, item)
}

/** The batches from the one that has this leaf, without a gap. */
export async function* batchesFrom(
  log: Table,
  controller: string,
  index: number,
  limit?: number,
): AsyncGenerator<Batch> {
  const first = await batchBefore(log, controller, index + 1)
  if (first === undefined || batchEnd(first) <= index) throw forkedLogError('no batch has this leaf', index)
  yield first
  yield* batchesAfter(log, controller, batchEnd(first), limit)
}

/** The batches from an index at which one ends. `limit`: batches read at a time. */
export async function* batchesAfter(
  log: Table,
  controller: string,
  index: number,
  limit?: number,
): AsyncGenerator<Batch> {
  let end = index
  for await (const item of queryAll(log, batchPk(controller), {
    after: numberSk(index - 1),
    ...(limit !== undefined && { limit }),
  })) {
    const batch = readBatch(controller, item)
    if (batch.first !== end) throw forkedLogError('a batch does not begin where the one before it ends', batch.first)
    yield batch
    end = batchEnd(batch)
  }
}

/** The tree that ends with this batch. Throws `log-forked` when its root is not that of its compact range. */
export function treeOf({ first, range, root }: Batch): Tree {
  if (!equalHashes(rootOfStored(range, first), root)) {
    throw forkedLogError("the root of a batch is not that of the batch's compact range", first)
  }
  return { range, root }
}

function rootOfStored(range: CompactRange, first: number): Hash {
  try {
    return rootOf(range)
  } catch (error) {
    throw error instanceof TlogError
      ? forkedLogError('the compact range of a batch does not fit its size', first, error)
      : error
  }
}

export const emptyTree: Tree = { range: { size: 0, hashes: [] }, root: emptyRoot }

export function equalHashes(a: Hash, b: Hash): boolean {
  return Buffer.compare(a, b) === 0
}

/** @param given a leaf index, a tree size or an object name; never personal data */
export function forkedLogError(message: string, given: number | string, cause?: unknown): LedgerError {
  return new LedgerError('log-forked', message, { given }, cause)
}
