/**
 * Walks a controller's log in order and opens the events in it: what exports and fan-out are made from. A leaf index is a
 * position: whoever has dealt with leaf n goes on at n + 1, and two walks over the same leaves yield the same, except that events close.
 *
 * A walk holds one chunk of 100 leaves, and no key longer than that. The rows of the chunk's subjects are read from the vault each time,
 * strongly consistent, so an erasure during a walk closes what the walk reaches after it. Only the places of rows are remembered.
 *
 * Costs of a chunk: one read of each entry, a query of the vault's index for each subject that was not met lately, and a read of the subject's
 * row and of the row of the event's year. Reads share calls. An event of a subject without a row costs a read of its erasure.
 */
import { batchesFrom, forkedLogError } from '../log/batches.ts'
import type { Table } from '../store.ts'
import type { VaultScope } from '../vault/subject-keys.ts'
import { openChunk } from './open-chunk.ts'
import { type RowPlaces, rowPlaces } from './row-places.ts'
import type { LogWalker, PlacedLeaf, WalkedLeaf } from './walked-leaf.ts'

export interface WalkRange {
  /** Index of the first leaf. */
  readonly from: number
  /** Index after the last leaf: the size of a checkpoint, or less. */
  readonly to: number
  /** For tests. @default 100 */
  readonly chunk?: number
}

/**
 * The leaves of a log from one index to another, in order, without a gap. When it throws, every leaf before the one that would have come
 * next was yielded: go on there.
 *
 * @throws LedgerError `unavailable`, `log-forked` when the log ends before `to` or has a gap, `log-damaged` when a batch cannot be read
 *
 * @example
 * let position = 0
 * for await (const leaf of walkLog(walker, vaultScope(snapshot), { from: position, to: checkpoint.size })) {
 *   if (leaf.event?.state === 'opened') console.log(leaf.index, leaf.event.opened.event.decisions)
 *   position = leaf.index + 1
 * }
 */
export async function* walkLog(
  walker: LogWalker,
  scope: VaultScope,
  { from, to, chunk: leavesAtOnce = 100 }: WalkRange,
  places: RowPlaces = rowPlaces(),
): AsyncGenerator<WalkedLeaf> {
  if (from >= to) return
  let chunk: PlacedLeaf[] = []
  for await (const leaf of placedLeaves(walker.log, scope.controller, from, to)) {
    if (chunk.push(leaf) < leavesAtOnce) continue
    yield* await openChunk(walker, scope, chunk, places)
    chunk = []
  }
  yield* await openChunk(walker, scope, chunk, places)
}

async function* placedLeaves(log: Table, controller: string, from: number, to: number): AsyncGenerator<PlacedLeaf> {
  let index = from
  for await (const { first, at, entries } of batchesFrom(log, controller, from)) {
    for (const entry of entries.slice(index - first, to - first)) yield { ...entry, index: index++, loggedAt: at }
    if (index === to) return
  }
  throw forkedLogError('the log ends before a size that is published', to)
}
