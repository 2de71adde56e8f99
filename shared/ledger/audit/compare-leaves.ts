/**
 * Compares the leaves of batches with entries and index rows, as sets, up to the time at which a pass began. The entries table, the log table and
 * the batches are each read once, in their own order; asking for the entry and the row of each leaf would cost several times as much. A leaf that
 * only one of them has is then looked at by itself.
 *
 *   rows     leaf index, time, key    batches add them, index rows take them away
 *   leaves   leaf index, hash, key    batches add them, entries with an index row take them away
 */
import { isAhead } from '../../consent/clocks.ts'
import { promisedDelaySeconds } from '../../consent/promised-delay.ts'
import { type Hash, leafHash } from '../../tlog/merkle.ts'
import { batchBefore, equalHashes, lastBatch } from '../log/batches.ts'
import { type Batch, batchEnd, controllerOf, type LoggedEntry, timePk } from '../log/log-items.ts'
import type { Item, Key } from '../store.ts'
import { type Audit, keyOf } from './audit-run.ts'
import type { PassState } from './pass-state.ts'

/** Remembers a leaf of a batch. Returns false for a leaf that must be compared by itself, because it is newer than the pass or its key is too long. */
export function expectLeaf(
  { pass }: Audit,
  { at }: Batch,
  index: number,
  { key, leafHash: hash }: LoggedEntry,
): boolean {
  const row = elementOf(index, at, key)
  const leaf = elementOf(index, textOf(hash), key)
  if (!isOfPass(pass, at) || !pass.rows.fits(row) || !pass.leaves.fits(leaf)) return false
  pass.rows.add(row)
  // The leaf of an hour has no entry.
  if (key.pk !== timePk(controllerOf(key))) pass.leaves.add(leaf)
  return true
}

/** Takes away the leaf of an entry that has an index row. An entry that is in no batch is found by its row. */
export function meetEntry({ pass }: Audit, { pk, sk, values: { leaf } }: Item, row: Item): void {
  const { index, at } = row.values
  if (typeof index !== 'number' || typeof leaf !== 'string' || !isOfPass(pass, at)) return
  const element = elementOf(index, textOf(leafHash(Buffer.from(leaf))), { pk, sk })
  if (pass.rows.fits(elementOf(index, String(at), { pk, sk })) && pass.leaves.fits(element)) pass.leaves.remove(element)
}

export async function meetRow(audit: Audit, row: Item): Promise<void> {
  const { pass, nowMs } = audit
  const { index, at } = row.values
  if (typeof index !== 'number') return reportRow(audit, row, undefined)
  const element = elementOf(index, String(at), row)
  if (isOfPass(pass, at) && pass.rows.fits(element)) pass.rows.remove(element)
  // A row of a later batch is left to the next pass.
  else if (isDated(at) && !isOfPass(pass, at) && !isAhead(Date.parse(at), nowMs)) return
  else if (!(await isAt(audit, index, row))) reportRow(audit, row, index)
}

/** Reports what is left after batches, entries and rows were read. */
export async function auditDifferences(audit: Audit): Promise<void> {
  const { pass, found } = audit
  const rows = pass.rows.read()
  const leaves = pass.leaves.read()
  for (const element of rows.added) await checkRowOf(audit, elementIn(element))
  for (const element of rows.removed) {
    const { index, key } = elementIn(element)
    if (!(await isAt(audit, index, key))) reportRow(audit, key, index)
  }
  // Leaves that were only removed need no look: either the entry's row was only removed too, or its batch has another leaf of it, which was only added.
  for (const element of leaves.added) await checkEntryOf(audit, elementIn(element))
  const detail = 'of so many entries that they cannot be named'
  if (!rows.isWhole) found('index-differs', '', {}, { detail })
  if (!leaves.isWhole) found('leaf-differs', '', {}, { detail })
}

async function checkRowOf(audit: Audit, { index, value: at, key }: Element): Promise<void> {
  const controller = controllerOf(key)
  const where = { leafIndex: index, key }
  const [row] = await audit.ledger.log.get([key])
  if (row !== undefined) {
    if (row.values.index !== index || row.values.at !== at) audit.found('index-differs', controller, where)
    return
  }
  // The next run of the sequencer adds what the last batch lacks.
  const last = await lastBatch(audit.ledger.log, controller).catch(() => undefined)
  const isLast = last !== undefined && index >= last.first
  const severity = isDue(audit, Date.parse(at)) ? 'warning' : 'pending'
  audit.found('index-missing', controller, where, { severity: isLast ? severity : 'error' })
}

async function checkEntryOf({ ledger, found }: Audit, { index, value: hash, key }: Element): Promise<void> {
  const [item] = await ledger.entries.get([key])
  const where = { leafIndex: index, key }
  if (item === undefined) found('entry-missing', controllerOf(key), where)
  else if (!isLeaf(item.values.leaf, Buffer.from(hash, 'base64url'))) found('leaf-differs', controllerOf(key), where)
}

export function isLeaf(leaf: Item['values'][string] | undefined, logged: Hash): boolean {
  return typeof leaf === 'string' && equalHashes(leafHash(Buffer.from(leaf)), logged)
}

/** Whether a batch of this time must be complete by now. */
export function isDue({ nowMs }: Audit, loggedMs: number): boolean {
  return loggedMs + promisedDelaySeconds * 1000 < nowMs || isAhead(loggedMs, nowMs)
}

const isDated = (at: unknown): at is string => typeof at === 'string' && !Number.isNaN(Date.parse(at))
const isOfPass = ({ startedMs }: PassState, at: unknown): at is string => isDated(at) && Date.parse(at) <= startedMs

function reportRow(audit: Audit, key: Key, index: number | undefined): void {
  const where = { key: keyOf(key), ...(index !== undefined && { leafIndex: index }) }
  audit.found('index-differs', controllerOf(key), where)
}

interface Element {
  readonly index: number
  readonly value: string
  readonly key: Key
}

const textOf = (hash: Hash): string => Buffer.from(hash).toString('base64url')
const elementOf = (index: number, value: string, { pk, sk }: Key): string => `${index}\n${value}\n${pk}\n${sk}`

function elementIn(element: string): Element {
  const [index, value = '', pk = '', ...sk] = element.split('\n')
  return { index: Number(index), value, key: { pk, sk: sk.join('\n') } }
}

/** Batches that cannot be read were reported when the log was. */
async function isAt({ ledger }: Audit, index: number, { pk, sk }: Key): Promise<boolean> {
  const batch = await batchBefore(ledger.log, controllerOf({ pk, sk }), index + 1).catch(() => undefined)
  if (batch === undefined || index < batch.first || index >= batchEnd(batch)) return false
  const at = batch.entries[index - batch.first]
  return at !== undefined && at.key.pk === pk && at.key.sk === sk
}
