/**
 * Leaf index rows: which entry has which index. The batch decides; its rows repeat it.
 *
 * Invariant: once a batch is committed, every entry of every batch before it has its row. So only rows of the last batch can be missing, and
 * after completing those, "no row" means "in no batch", provided that the next commit follows that last batch.
 */

import type { Item, Key, Table } from '../store.ts'
import { forkedLogError } from './batches.ts'
import { type Batch, indexItem } from './log-items.ts'

/** Inserts the rows that the batch lacks, and returns their number. Throws unless all of them are there afterwards. */
export async function completeIndexRows(log: Table, batch: Batch): Promise<number> {
  const rows = rowsOf(batch)
  const stored = await log.get(rows)
  rows.forEach((row, i) => {
    checkRow(row, stored[i])
  })
  const missing = rows.filter((_, i) => stored[i] === undefined)
  await insertRows(log, missing)
  return missing.length
}

/** Inserts the rows of a batch that was just committed, without reading first. */
export function insertIndexRows(log: Table, batch: Batch): Promise<void> {
  return insertRows(log, rowsOf(batch))
}

/** Those of the keys that have no row. A read that cannot be answered throws, so absence is certain. */
export async function withoutRow(log: Table, keys: readonly Key[]): Promise<Key[]> {
  const rows = await log.get(keys)
  return keys.filter((_, i) => rows[i] === undefined)
}

function rowsOf({ first, entries, at }: Batch): Item[] {
  return entries.map(({ key }, i) => indexItem(key, first + i, at))
}

/** Tries all rows before it throws an error. `completeIndexRows` inserts what is missing then. */
async function insertRows(log: Table, rows: readonly Item[]): Promise<void> {
  if (rows.length === 0) return
  const results = await log.insert(rows)
  const taken = rows.filter((_, i) => results[i]?.outcome === 'exists')
  const stored = taken.length === 0 ? [] : await log.get(taken)
  taken.forEach((row, i) => {
    checkRow(row, stored[i])
  })
  for (const result of results) if (result.outcome === 'error') throw result.error
}

function checkRow(row: Item, stored: Item | undefined): void {
  if (stored === undefined) return
  if (stored.values.index === row.values.index && stored.values.at === row.values.at) return
  throw forkedLogError('an entry has two leaf indexes', Number(row.values.index))
}
