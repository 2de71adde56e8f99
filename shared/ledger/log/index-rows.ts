/**
 * Leaf index rows: which entry has which index. A batch is the truth; its rows follow it, and their values are determined by it.
 * Invariant: once a batch is committed, every entry of every batch before it has its row. So the rows of the last batch are all
 * that can be missing, and who brings those up may take "no row" for "in no batch", as long as it then commits right behind.
 */

import type { Item, Key, Table } from '../store.ts'
import { forkedLogError } from './batches.ts'
import { type Batch, indexItem } from './log-items.ts'

/** Inserts the rows that the batch lacks. Throws unless all of them are there afterwards. */
export async function completeIndexRows(log: Table, batch: Batch): Promise<void> {
  const rows = rowsOf(batch)
  const stored = await log.get(rows)
  rows.forEach((row, i) => {
    checkRow(row, stored[i])
  })
  await insertRows(
    log,
    rows.filter((_, i) => stored[i] === undefined),
  )
}

/** The rows of a batch that was committed just now, when none of them is expected to be there. */
export function insertIndexRows(log: Table, batch: Batch): Promise<void> {
  return insertRows(log, rowsOf(batch))
}

/** Of these keys, those that have no row: positively answered absent, since a get that cannot answer throws. */
export async function withoutRow(log: Table, keys: readonly Key[]): Promise<Key[]> {
  const rows = await log.get(keys)
  return keys.filter((_, i) => rows[i] === undefined)
}

function rowsOf({ first, entries, at }: Batch): Item[] {
  return entries.map(({ key }, i) => indexItem(key, first + i, at))
}

/** All are tried before any error is thrown; what is missing then, the next roll forward inserts. */
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
