/**
 * Erases a subject: inserts an erasure entry, then deletes the subject's rows of the vault. What their keys opened stays closed for ever, and every
 * digest and proof stays valid. The order matters, because it explains every loss in the vault.
 *
 *   1  read the rows under the person's name; if there are none, done
 *   2  insert the mark of the day, then the erasure entry of their `sub` (a run that crashed may have inserted them)
 *   3  delete the years, then the row `subject`; back to 1
 *
 * A crash before 2 leaves everything. After a crash between 2 and 3 the same erasure, requested again, finds the rows and goes on. After
 * the last deletion it finds nothing. An erasure is complete only when a read *after* the deletion finds no rows for the name, because a
 * writer may have made a year's row in between. Such a writer reads the subject's row again before it seals (`vault.ts`). Two cases:
 *
 *   it saw the row    then its year was there before the row was deleted, and is found and deleted here
 *   it did not        then it seals nothing, and asks its client to send the event again: as a new subject
 *
 * Invariant: when this returns, no key in the vault opens an event that any subject of this name wrote before. An event that a writer still
 * inserts with those keys is closed, explained by the entry, and cannot be attributed. A new subject written under the name in between
 * is erased too, with its own entry: a row is deleted only as it was read, so two erasures at once never delete a subject without an
 * entry. Events written afterwards belong to another subject.
 */
import type { Identity } from '../consent/event.ts'
import { LedgerError } from '../errors.ts'
import { type ErasureActor, type ErasureReason, erasureItem } from './erasure-entry.ts'
import { erasureMark } from './erasure-marks.ts'
import { type Eraser, timestamp } from './ledger.ts'
import { type Item, insertOne, queryAll } from './store.ts'
import type { VaultScope } from './subject-keys.ts'
import { vaultNames } from './vault.ts'
import { subOf } from './vault-rows.ts'

export interface ErasureResult {
  /** RFC 3339. */
  readonly erasedAt: string
  /** Subjects that had this name: usually one; none for a person whom the ledger does not know (any more). */
  readonly subjects: number
  /** Number of their events, which no longer open. */
  readonly events: number
}

/** Each round reads the name once. A further round is needed only when another writer inserted rows under the name in between. */
const maxRounds = 8

/**
 * Erases every subject that this spelling of an identifier may name. The current name comes last, because a writer may make a new subject
 * under it until then. May be repeated, and run by several processes at once.
 */
export async function eraseSubject(
  eraser: Eraser,
  scope: VaultScope,
  identity: Identity,
  reason: ErasureReason,
  actor?: ErasureActor,
): Promise<ErasureResult> {
  const done = { erasedAt: timestamp(eraser.clock), subjects: 0, events: 0 }
  for (const { pk } of vaultNames(scope, identity).toReversed())
    await eraseName(eraser, scope, pk, { reason, actor }, done)
  return done
}

interface Why {
  readonly reason: ErasureReason
  readonly actor?: ErasureActor | undefined
}

/** What the erasure has done so far. */
interface Done extends ErasureResult {
  subjects: number
  events: number
}

async function eraseName(eraser: Eraser, scope: VaultScope, pk: string, why: Why, done: Done): Promise<void> {
  for (let round = 0; round < maxRounds; round++) {
    const rows = await rowsOf(eraser, pk)
    if (rows.length === 0) return
    const subject = rows.find(({ sk }) => sk === 'subject')
    const known = subject && subOf(scope, subject)
    // A row that does not unwrap has no known `sub` to record, but is deleted as well.
    if (known !== undefined && known !== 'unreadable') {
      const { sub } = known
      done.events += await countEvents(eraser, scope, sub)
      done.subjects++
      const day = done.erasedAt.slice(0, 10)
      await insertOne(eraser.entries, erasureMark(scope.controller, sub, day))
      await insertOne(eraser.entries, erasureItem(scope, sub, why.reason, why.actor, day, eraser.random))
    }
    // The row `subject` goes last, so that after a crash the next run can still tell whose the other rows are.
    await eraser.vault.remove(rows.filter((row) => row !== subject))
    if (subject) await eraser.vault.remove([subject])
  }
  throw new LedgerError('unavailable', 'the subject is being written to; send the erasure again')
}

async function rowsOf({ vault }: Eraser, pk: string): Promise<Item[]> {
  const rows: Item[] = []
  for await (const row of queryAll(vault, pk)) rows.push(row)
  return rows
}

async function countEvents({ entries }: Eraser, { controller }: VaultScope, sub: string): Promise<number> {
  let events = 0
  for await (const _ of queryAll(entries, `${controller}#${sub}`, { prefix: 'event#' })) events++
  return events
}
