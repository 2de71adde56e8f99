/** Which holds stand against destroying the keys of a subject. Code that destroys keys reads them right before, and takes a turn (`hold-turns.ts`). */
import { coversYear, stands } from '../../consent/holds.ts'
import { LedgerError } from '../../errors.ts'
import type { Eraser } from '../ledger.ts'
import { eventsByYear } from '../retention/events-by-year.ts'
import { type Item, queryAll } from '../store.ts'
import type { HoldsKey, VaultScope } from '../vault/subject-keys.ts'
import { subjectKeysInRows, unreadableYearsIn } from '../vault/vault-rows.ts'
import { generalHolds, holdPk, holdPrefix, type StoredHold, unreleasedHolds } from './hold-entries.ts'
import { holdIdsIn, type Turn, takeTurn, turnsOf } from './hold-turns.ts'

export interface StandingHolds {
  /** The turns of the subject, which the next turn has to follow. */
  readonly turns: readonly Turn[]
  /** Those on the subject, and all that are on no subject: whether these cover it is not decided yet. */
  readonly holds: readonly StoredHold[]
}

/** @throws `keys-unreadable` when a hold cannot be read */
export async function standingHolds(
  { entries }: Pick<Eraser, 'entries'>,
  scope: VaultScope,
  subject: HoldsKey,
  now: string,
): Promise<StandingHolds> {
  const [turns, general] = await Promise.all([
    turnsOf(entries, scope.controller, subject),
    generalHolds(entries, scope),
  ])
  const holds = [...(await unreleasedHolds(entries, scope, holdIdsIn(turns))), ...general]
  return { turns, holds: holds.filter((hold) => stands(hold, now)) }
}

/** Each try reads the turns once. A further one is needed only when a hold or a run of retention took the turn. */
const maxTries = 8

/**
 * The holds against erasing the subject. When there are none, a turn has been taken: the erasure is decided and must be carried out now.
 *
 * @param rows of the subject in the vault
 */
export async function holdsAgainstErasure(
  eraser: Pick<Eraser, 'entries' | 'random'>,
  scope: VaultScope,
  subject: HoldsKey,
  rows: readonly Item[],
  now: string,
): Promise<readonly StoredHold[]> {
  for (let tried = 0; tried < maxTries; tried++) {
    const { turns, against } = await holdsOn(eraser, scope, subject, rows, now)
    if (against.length > 0) return against
    const turn: Turn = { does: 'erase', at: now }
    if (await takeTurn(eraser.entries, scope.controller, subject, turns, turn, eraser.random)) return []
  }
  throw new LedgerError('unavailable', 'the subject is being changed; send the erasure again')
}

/**
 * The holds that cover any key of the subject, and the turns that were read with them.
 *
 * @param rows of the subject in the vault
 */
export async function holdsOn(
  eraser: Pick<Eraser, 'entries'>,
  scope: VaultScope,
  subject: HoldsKey,
  rows: readonly Item[],
  now: string,
): Promise<{ readonly turns: readonly Turn[]; readonly against: readonly StoredHold[] }> {
  const { turns, holds } = await standingHolds(eraser, scope, subject, now)
  return { turns, against: await covering(eraser, scope, rows, holds) }
}

/** The events are read only for holds that depend on them. */
async function covering(
  { entries }: Pick<Eraser, 'entries'>,
  scope: VaultScope,
  rows: readonly Item[],
  holds: readonly StoredHold[],
): Promise<readonly StoredHold[]> {
  if (holds.every(({ covers }) => covers.kind === 'subject')) return holds
  const keys = subjectKeysInRows(scope, rows)
  const years = keys ? [...((await eventsByYear(entries, keys)) ?? []), ...unreadableYearsIn(rows, keys)] : []
  return holds.filter((hold) => hold.covers.kind === 'subject' || years.some((year) => coversYear(hold, year)))
}

/**
 * Whether any hold of the controller stands, for a subject whose own row does not open: then its turns cannot be found, and each hold may be
 * on it.
 *
 * @throws `keys-unreadable` when a hold cannot be read
 */
export async function anyHoldStands(
  { entries }: Pick<Eraser, 'entries'>,
  scope: VaultScope,
  now: string,
): Promise<boolean> {
  const holdIds: string[] = []
  for await (const { sk } of queryAll(entries, holdPk(scope.controller), { prefix: holdPrefix }))
    holdIds.push(sk.slice(holdPrefix.length))
  return (await unreleasedHolds(entries, scope, holdIds)).some((hold) => stands(hold, now))
}
