/**
 * Erases a subject: inserts an erasure entry, then deletes the subject's rows of the vault. What their keys opened stays closed for ever, and every
 * digest and proof stays valid. The order matters, because it explains every loss in the vault.
 *
 *   1  read the rows under the person's name; if there are none, done
 *   2  read the holds; if one stands, insert the request and stop (`waiting-erasures.ts`); otherwise take a turn (`hold-turns.ts`), and
 *      insert the mark of the day, then the erasure entry of their `sub` (a run that crashed may have inserted them)
 *   3  delete the rows by which linked subjects find this one (`link-rows.ts`), the other rows, then the row `subject`; back to 1
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
import type { Identity } from '../../consent/event.ts'
import { LedgerError } from '../../errors.ts'
import type { StoredHold } from '../holds/hold-entries.ts'
import { isRecent } from '../holds/hold-turns.ts'
import { anyHoldStands, holdsAgainstErasure } from '../holds/standing-holds.ts'
import { type Eraser, timestamp } from '../ledger.ts'
import { removeRowsLeadingTo } from '../links/link-rows.ts'
import { type Item, insertOne, queryAll } from '../store.ts'
import { rowsUnder } from '../vault/rows-under.ts'
import type { HoldsKey, VaultScope } from '../vault/subject-keys.ts'
import { currentNames, vaultNames } from '../vault/vault.ts'
import { holdsKeyIn } from '../vault/vault-rows.ts'
import { type ErasureActor, type ErasureReason, erasureItem, erasureKey, isErasure } from './erasure-entry.ts'
import { erasureMark } from './erasure-marks.ts'
import { requestItem } from './waiting-erasures.ts'

export interface ErasureResult {
  /** RFC 3339. */
  readonly erasedAt: string
  /** Subjects that had this name: usually one; none for a person whom the ledger does not know (any more). */
  readonly subjects: number
  /** Number of their events, which no longer open. */
  readonly events: number
  /** Holds that stand against it. The subjects that they cover are not erased and not among `subjects`; the request is recorded. */
  readonly held: readonly StoredHold[]
}

/** Each round reads the name once. A further round is needed only when another writer inserted rows under the name in between. */
const maxRounds = 8

/**
 * Erases every subject that this spelling of an identifier may name. Names of the current form come last, because a writer may make a new
 * subject under them until then. May be repeated, and run by several processes at once.
 */
export async function eraseSubject(
  eraser: Eraser,
  scope: VaultScope,
  identity: Identity,
  reason: ErasureReason,
  actor?: ErasureActor,
): Promise<ErasureResult> {
  const done: Done = { erasedAt: timestamp(eraser.clock), subjects: 0, events: 0, held: [] }
  const current = await currentNames(scope, identity)
  const names = (await vaultNames(scope, identity)).map(({ pk }) => pk)
  for (const pk of [...names.filter((each) => !current.includes(each)), ...current])
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
  held: readonly StoredHold[]
}

async function eraseName(eraser: Eraser, scope: VaultScope, pk: string, why: Why, done: Done): Promise<void> {
  for (let round = 0; round < maxRounds; round++) {
    const rows = await rowsUnder(eraser.vault, pk)
    if (rows.length === 0) return
    const row = rows.find(({ sk }) => sk === 'subject')
    const subject = row && holdsKeyIn(scope, row)
    // A row that does not unwrap has no known `sub` to record, but is deleted as well, unless a hold may be on it.
    if (row && subject === undefined && (await anyHoldStands(eraser, scope, timestamp(eraser.clock)))) throw mayBeHeld()
    if (subject !== undefined) {
      const { sub } = subject
      const events = await countEvents(eraser, scope, sub)
      const readAtMs = eraser.clock()
      const held = await holdsAgainst(eraser, scope, rows, subject)
      if (held.length > 0) {
        const item = requestItem(scope, sub, why.reason, why.actor, done.erasedAt, eraser.random)
        await insertOne(eraser.entries, item)
        done.held = [...done.held, ...held]
        return
      }
      if (!isRecent(eraser.clock, readAtMs)) throw busy()
      done.events += events
      done.subjects++
      const day = done.erasedAt.slice(0, 10)
      await insertOne(eraser.entries, erasureMark(scope.controller, sub, day))
      await insertOne(eraser.entries, erasureItem(scope, sub, why.reason, why.actor, day, eraser.random))
    }
    await removeRowsLeadingTo(eraser.vault, scope, rows)
    // The row `subject` goes last, so that after a crash the next run can still tell whose the other rows are.
    await eraser.vault.remove(rows.filter((each) => each !== row))
    if (row) await eraser.vault.remove([row])
  }
  throw busy()
}

/** When there are none, the turn of the erasure has been taken. An erasure that has its entry is only completed: no hold came before it. */
async function holdsAgainst(
  eraser: Eraser,
  scope: VaultScope,
  rows: readonly Item[],
  subject: HoldsKey,
): Promise<readonly StoredHold[]> {
  const [entry] = await eraser.entries.get([erasureKey(scope.controller, subject.sub)])
  if (entry !== undefined && isErasure(scope, entry)) return []
  return holdsAgainstErasure(eraser, scope, subject, rows, timestamp(eraser.clock))
}

function busy(): LedgerError {
  return new LedgerError('unavailable', 'the subject is being written to; send the erasure again')
}

function mayBeHeld(): LedgerError {
  return new LedgerError(
    'keys-unreadable',
    'the keys of this subject cannot be read, and a hold that stands may be on it',
  )
}

async function countEvents({ entries }: Eraser, { controller }: VaultScope, sub: string): Promise<number> {
  let events = 0
  for await (const _ of queryAll(entries, `${controller}#${sub}`, { prefix: 'event#' })) events++
  return events
}
