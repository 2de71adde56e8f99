/**
 * The turns of a subject: the one order of all holds on it and of everything that destroys its keys.
 *
 *   PK `<controller>#held#<sub>`    SK the number of the turn from 0, 16 digits
 *   payload  the turn, sealed under a key of the subject (`HoldsKey`): what it was is lost with the subject
 *
 * A turn is taken by inserting the next number, which fails when another writer has taken it. The writer that lost reads all turns again and
 * decides anew.
 *
 *   a hold     inserts its entry, takes a turn, and is acknowledged after that. It takes none while an erasure may be under way.
 *   erasure    takes a turn before it inserts its entry and deletes, if no hold before that turn stands
 *   retention  the same; it takes a turn before it destroys the keys of a year, too
 *
 * Invariant: no turn that destroys comes after a hold that stood when the turn was taken. So a hold that was acknowledged keeps what it
 * covers until it ends, in every order of the steps. A turn before the hold may still destroy what it was taken for: the keys of years that
 * had lapsed, or all of the subject. In the second case no hold is made: its caller is asked to try again until the erasure has its entry,
 * and then gets `not-found`.
 *
 * A hold on a purpose or a date has no turn. What destroys reads these holds and, if half a minute has passed since then, does not begin
 * (`isRecent`). What was decided before a hold is therefore destroyed within a minute of it or not at all, and the answer to a hold states
 * the instant from which it keeps all that it covers. A subject whose erasure was recorded before the hold is not kept by it.
 *
 * A crash after a turn leaves the turn. A hold's turn counts from then on, and the same request completes the hold. An erasure that is
 * repeated takes another turn. A turn of an erasure without an entry keeps holds off for an hour; no run of an erasure or of retention takes
 * that long.
 */
import { conformsExactly } from '../../consent/exact-schema.ts'
import { either, eventId, instant, oneOf, record, type TypeOf } from '../../consent/schema.ts'
import { LedgerError } from '../../errors.ts'
import { numberSk } from '../log/log-items.ts'
import { openPayload, sealPayload } from '../sealed-payload.ts'
import { type Clock, type Item, insertOne, type Key, queryAll, type Randomness, type Table } from '../store.ts'
import type { HoldsKey } from '../vault/subject-keys.ts'

const anyTurn = either(
  record({ does: oneOf(['hold']), holdId: eventId }),
  /** Destroys the subject's own key, and with it all others. */
  record({ does: oneOf(['erase']), at: instant }),
  /** Destroys keys of some years. */
  record({ does: oneOf(['lapse']) }),
)
export type Turn = TypeOf<typeof anyTurn>

/** Longer than any turn, so that the length does not show what it was. */
const paddedBytes = 64

export const turnsPk = (controller: string, sub: string): string => `${controller}#held#${sub}`

/** @throws `keys-unreadable` when a turn does not open: it may be a hold, so nothing may be destroyed */
export async function turnsOf(
  entries: Pick<Table, 'query'>,
  controller: string,
  subject: HoldsKey,
): Promise<readonly Turn[]> {
  const turns: Turn[] = []
  for await (const item of queryAll(entries, turnsPk(controller, subject.sub))) {
    const turn = openTurn(item, subject)
    if (turn === undefined || item.sk !== numberSk(turns.length))
      throw new LedgerError(
        'keys-unreadable',
        'the holds on this subject cannot be read, so nothing of it is destroyed',
      )
    turns.push(turn)
  }
  return turns
}

/** `undefined` when it was not sealed for the subject, was changed, or is of a kind that only a later release knows. */
export function openTurn({ pk, sk, values: { payload } }: Item, { key }: HoldsKey): Turn | undefined {
  if (!(payload instanceof Uint8Array)) return undefined
  try {
    const turn = openPayload(payload, key, { pk, sk })
    return conformsExactly(anyTurn, turn) ? turn : undefined
  } catch {
    return undefined
  }
}

/** Takes the turn after these. False when it was taken already, which may be by this caller, if the answer to its first try was lost. */
export function takeTurn(
  entries: Table,
  controller: string,
  { sub, key }: HoldsKey,
  before: readonly Turn[],
  turn: Turn,
  random: Randomness,
): Promise<boolean> {
  const at: Key = { pk: turnsPk(controller, sub), sk: numberSk(before.length) }
  return insertOne(entries, { ...at, values: { payload: sealPayload(turn, key, at, random, paddedBytes) } })
}

export const holdIdsIn = (turns: readonly Turn[]): string[] =>
  turns.flatMap((turn) => (turn.does === 'hold' ? [turn.holdId] : []))

/** How long holds that were read may be relied on. */
const recentMs = 30_000
/**
 * How long a destruction that read no hold may go on after the hold: holds that were read are relied on for `recentMs`, and inserts are retried for
 * 10 s.
 */
const inForceMs = 60_000

/** Whether what was read at that time may still be relied on to destroy keys. Callers ask right before the first of them goes. */
export function isRecent(clock: Clock, readAtMs: number): boolean {
  const ageMs = clock() - readAtMs
  return ageMs >= 0 && ageMs < recentMs
}

/** A request has ended this long after it began. */
const requestMs = 30_000

/**
 * The instant from which a hold keeps all that it covers, RFC 3339.
 *
 * @param isLate the request that completes the hold is not the one that began it, so it says nothing of when the hold can be read
 */
export function keepsAllFrom(clock: Clock, madeAt: string, isLate: boolean): string {
  const fromMs = Date.parse(madeAt) + requestMs + inForceMs
  return new Date(isLate ? Math.max(fromMs, clock() + inForceMs) : fromMs).toISOString()
}

/** Longer than any run of an erasure (a call of 30 s) or of retention (15 minutes) and the difference of two clocks. */
const erasureMs = 3_600_000

/** Whether a turn is of an erasure that may be under way. It need not be the last: retention may have taken one after it. */
export function mayBeErasing(turns: readonly Turn[], now: string): boolean {
  return turns.some((turn) => turn.does === 'erase' && Math.abs(Date.parse(now) - Date.parse(turn.at)) < erasureMs)
}
