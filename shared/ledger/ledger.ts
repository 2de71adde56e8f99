/**
 * What an instance of the ledger stands on: its tables, objects and keys, its clock and its randomness. Everything below
 * `shared/ledger` is a function over this; an instance has one for its whole life.
 */
import type { ControllerBooks } from './controllers.ts'
import type { Clock, Keyring, Objects, Randomness, Table } from './store.ts'

export interface Ledger {
  readonly entries: Table
  readonly vault: Table
  readonly objects: Objects
  readonly keyring: Keyring
  readonly clock: Clock
  readonly random: Randomness
  /** What is known of controllers, sites and policies, cached for at most 30 s. */
  readonly books: ControllerBooks
}

/** The instant as the ledger writes it: RFC 3339, UTC, milliseconds. */
export function timestamp(clock: Clock): string {
  return new Date(clock()).toISOString()
}
