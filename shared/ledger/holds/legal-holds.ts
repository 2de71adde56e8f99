/**
 * Makes, releases and lists holds. The function that does it may read the vault and insert only what holds are made of.
 *
 * A hold is made in three steps: its entry; then its mark, or a turn for each subject that the identifier names (`hold-turns.ts`); then the
 * answer. A crash before the last turn leaves an entry that is listed and may hold nothing; the same request completes it. A release is one
 * insert.
 *
 * A hold on a purpose or on what is older than a date has no turn. Code that destroys keys reads its mark right before, and relies on what it
 * read for half a minute. So what was read before the hold may still be destroyed for a minute, and no longer (`keepsAllFrom`).
 */
import type { Identity } from '../../consent/event.ts'
import type { Hold, HoldGround, HoldScope } from '../../consent/holds.ts'
import { LedgerError } from '../../errors.ts'
import type { PublishResult } from '../controllers/publish-once.ts'
import { erasureKey, isErasure } from '../erasure/erasure-entry.ts'
import { type Holder, holderName } from '../holder-entry.ts'
import { type Eraser, type Ledger, timestamp } from '../ledger.ts'
import { type Item, insertOne } from '../store.ts'
import type { HoldsKey, VaultScope } from '../vault/subject-keys.ts'
import { vaultNames } from '../vault/vault.ts'
import { holdsKeyIn } from '../vault/vault-rows.ts'
import {
  holdItem,
  holdKey,
  holdMark,
  holdPk,
  holdPrefix,
  isHoldOf,
  openHold,
  releaseItem,
  releaseKey,
  type StoredHold,
} from './hold-entries.ts'
import { holdIdsIn, keepsAllFrom, mayBeErasing, takeTurn, turnsOf } from './hold-turns.ts'

export interface HoldDraft {
  readonly holdId: string
  readonly ground: HoldGround
  readonly until?: string | undefined
  readonly covers:
    | Exclude<HoldScope, { readonly kind: 'subject' }>
    | { readonly kind: 'subject'; readonly identity: Identity }
}

export interface MadeHold extends PublishResult<StoredHold> {
  /** RFC 3339. From then at the latest nothing that it covers is destroyed; what was decided before may still go until then. */
  readonly keepsAllFrom: string
}

/** Holds need no right to delete. */
export type HoldKeeper = Pick<Eraser, 'entries' | 'clock' | 'random'> & { readonly vault: Pick<Eraser['vault'], 'get'> }

/** Each try reads the turns once. A further one is needed only when another hold or a run of retention took the turn. */
const maxTries = 8

/**
 * Makes a hold, or completes and returns the one that the same request made before. Except for a subject whose erasure was recorded before,
 * nothing that it covers is destroyed from `keepsAllFrom` on.
 *
 * @throws `not-found` when the ledger has no such subject; `already-exists` when another hold has the id; `invalid-request` when it would
 * have ended already; `unavailable` while the subject is being erased
 */
export async function makeHold(
  keeper: HoldKeeper,
  scope: VaultScope,
  { holdId, ground, until, covers }: HoldDraft,
  actor: Holder,
): Promise<MadeHold> {
  const by = holderName(actor)
  const now = timestamp(keeper.clock)
  const subjects = covers.kind === 'subject' ? await subjectsNamed(keeper, scope, covers.identity) : []
  const drawn: Hold = {
    ...{ holdId, ground, madeAt: now, covers: covers.kind === 'subject' ? { kind: 'subject' } : covers },
    ...(until !== undefined && { until }),
  }
  const earlier = await earlierHold(keeper, scope, drawn, subjects)
  if (earlier === undefined && until !== undefined && until <= now)
    throw new LedgerError('invalid-request', 'the hold would have ended already', { field: '/until', given: until })
  const created =
    earlier === undefined && (await insertOne(keeper.entries, holdItem(scope, drawn, by, subjects, keeper.random)))
  const record = earlier ?? (created ? { ...drawn, by } : await earlierHold(keeper, scope, drawn, subjects))
  if (record === undefined) throw new LedgerError('unavailable', 'what was stored a moment ago cannot be read')
  let isCompleted = false
  if (covers.kind !== 'subject') isCompleted = await insertOne(keeper.entries, holdMark(scope.controller, holdId))
  else for (const subject of subjects) if (await takeHoldTurn(keeper, scope, subject, holdId)) isCompleted = true
  return { record, created, keepsAllFrom: keepsAllFrom(keeper.clock, record.madeAt, isCompleted && !created) }
}

/**
 * Ends a hold. A second release changes nothing and returns the first.
 *
 * @throws `not-found` when there is no such hold; `keys-unreadable` when the hold or an earlier release cannot be read. A hold that cannot be
 * read is released all the same: no other way ends what it keeps.
 */
export async function releaseHold(
  { entries, clock, random }: Pick<HoldKeeper, 'entries' | 'clock' | 'random'>,
  scope: VaultScope,
  holdId: string,
  by: Holder,
): Promise<StoredHold> {
  const keys = [holdKey(scope.controller, holdId), releaseKey(scope.controller, holdId)]
  const [made, released] = await entries.get(keys)
  if (made === undefined) throw new LedgerError('not-found', 'no such hold', { given: holdId })
  if (released === undefined) await insertOne(entries, releaseItem(scope, holdId, timestamp(clock), by, random))
  const [, stored] = released === undefined ? await entries.get(keys) : [made, released]
  const hold = openedHold(scope, made, stored)
  if (hold === undefined) throw new LedgerError('keys-unreadable', 'the hold or its release cannot be read')
  return hold
}

function openedHold(scope: VaultScope, made: Item, released: Item | undefined): StoredHold | undefined {
  try {
    return openHold(scope, made, released)
  } catch {
    return undefined
  }
}

export interface HoldPage {
  readonly holds: readonly StoredHold[]
  /** Ids of those that cannot be read, or whose release cannot: while they are not released, they keep everything. Absent when there are none. */
  readonly unreadable?: readonly string[]
  /** Pass as `after` to read on; absent on the last page. */
  readonly next?: string
}

/** A page of the controller's holds, by their ids, with those that have ended. */
export async function listHolds(
  { entries }: Pick<Ledger, 'entries'>,
  scope: VaultScope,
  { limit, after }: { readonly limit: number; readonly after?: string | undefined },
): Promise<HoldPage> {
  const { controller } = scope
  const page = await entries.query(holdPk(controller), {
    ...{ prefix: holdPrefix, limit },
    ...(after !== undefined && { after: holdPrefix + after }),
  })
  const idOf = (sk: string) => sk.slice(holdPrefix.length)
  const releases = await entries.get(page.items.map(({ sk }) => releaseKey(controller, idOf(sk))))
  const opened = page.items.map((made, i) => openedHold(scope, made, releases[i]))
  const unreadable = page.items.flatMap(({ sk }, i) => (opened[i] === undefined ? [idOf(sk)] : []))
  return {
    holds: opened.filter((hold) => hold !== undefined),
    ...(unreadable.length > 0 && { unreadable }),
    ...(page.next !== undefined && { next: idOf(page.next) }),
  }
}

/** The subjects that this spelling may name: one, as a rule. */
async function subjectsNamed({ vault }: HoldKeeper, scope: VaultScope, identity: Identity): Promise<HoldsKey[]> {
  const names = await vaultNames(scope, identity)
  const rows = await vault.get(names.map(({ pk }) => ({ pk, sk: 'subject' })))
  const subjects = rows.flatMap((row) => (row && holdsKeyIn(scope, row)) ?? [])
  // A hold on one of two subjects of the name would be acknowledged and keep nothing of the other.
  if (subjects.length < rows.filter((row) => row !== undefined).length)
    throw new LedgerError('keys-unreadable', 'the keys that the ledger has for this subject cannot be read')
  if (subjects.length === 0) throw noSubject()
  return subjects
}

/** The hold of this id, if the same request made it. */
async function earlierHold(
  { entries }: HoldKeeper,
  scope: VaultScope,
  drawn: Hold,
  subjects: readonly HoldsKey[],
): Promise<StoredHold | undefined> {
  const { holdId } = drawn
  const [made, released] = await entries.get([holdKey(scope.controller, holdId), releaseKey(scope.controller, holdId)])
  if (made === undefined) return undefined
  const hold = openHold(scope, made, released)
  const said = ({ ground, until, covers }: Hold) => JSON.stringify([ground, until, covers])
  if (said(hold) === said(drawn) && subjects.every((subject) => isHoldOf(made, holdId, subject))) return hold
  throw new LedgerError('already-exists', 'another hold has this id', {
    ...{ field: '/holdId', given: holdId },
    allowed: 'a new id, or exactly the same content',
  })
}

/** False when the hold has its turn already. */
async function takeHoldTurn(
  keeper: HoldKeeper,
  scope: VaultScope,
  subject: HoldsKey,
  holdId: string,
): Promise<boolean> {
  const { entries, random } = keeper
  for (let tried = 0; tried < maxTries; tried++) {
    const turns = await turnsOf(entries, scope.controller, subject)
    if (holdIdsIn(turns).includes(holdId)) return false
    const [erased] = await entries.get([erasureKey(scope.controller, subject.sub)])
    if (erased !== undefined && isErasure(scope, erased)) throw noSubject()
    if (mayBeErasing(turns, timestamp(keeper.clock)))
      throw new LedgerError('unavailable', 'the subject is being erased; send the hold again')
    if (await takeTurn(entries, scope.controller, subject, turns, { does: 'hold', holdId }, random)) return true
  }
  throw new LedgerError('unavailable', 'the subject is being changed; send the hold again')
}

function noSubject(): LedgerError {
  return new LedgerError('not-found', 'the ledger has no such subject: there is nothing to hold')
}
