/**
 * What an instance of the ledger stands on: its tables, objects and keys, its clock and its randomness. Everything below
 * `shared/ledger` is a function over this; an instance has one for its whole life.
 */
import type { ControllerSnapshots } from './controller-snapshots.ts'
import type { InclusionPromiseIssuer } from './inclusion-promises.ts'
import type { TileCache } from './log/log-reader.ts'
import type { Clock, Keyring, Objects, Randomness, RetentionVault, Signer, Table, VaultEraser } from './store.ts'

export interface Ledger {
  readonly entries: Table
  /** Only read here: the sequencer alone inserts. */
  readonly log: Table
  readonly vault: Table
  readonly objects: Objects
  readonly keyring: Keyring
  readonly clock: Clock
  readonly random: Randomness
  /** What is known of controllers, sites and policies, cached for at most 30 s. */
  readonly controllers: ControllerSnapshots
  /** First part of the origin of every log: `<host>/<controller>`. */
  readonly host: string
  /** That the log will have a leaf: signed by this instance. */
  readonly promiseIssuer: InclusionPromiseIssuer
  /** Tiles of the logs that this instance has read. */
  readonly tiles: TileCache
}

/** Dependencies of the sequencer and the publisher. No other component has them. */
export interface LogWriter {
  readonly entries: Pick<Table, 'get' | 'query'>
  readonly log: Table
  readonly objects: Objects
  readonly clock: Clock
  readonly random: Randomness
  readonly host: string
  /** Signs checkpoints and certificates of receipt keys, of every controller's log. */
  readonly checkpointSigner: Signer
  /** The ledger's own witness: its cosignature says when a checkpoint was made. */
  readonly witnessSigner: Signer
}

/** What erases: of all that have the vault it alone can delete from it, and it cannot write to it. */
export interface Eraser extends Pick<Ledger, 'entries' | 'clock' | 'random'> {
  readonly vault: VaultEraser
  readonly deletedRowCopies: DeletedRowCopies
}

/** What ends retentions, on a schedule: it may also read the whole vault, and take single keys out of a row. */
export interface RetentionJob extends Omit<Eraser, 'deletedRowCopies'>, Pick<Ledger, 'controllers'> {
  /** Shows whether the clock can be trusted. */
  readonly log: Pick<Table, 'query'>
  readonly vault: RetentionVault
}

/**
 * Where a row that was deleted from the vault can still be read. `recovery`: in point-in-time recovery, for so many days. `file`: in
 * the database's file, until it is vacuumed. `unknown`: another's database, whose backups are not the ledger's.
 */
export type DeletedRowCopies =
  | { readonly in: 'recovery'; readonly days: number }
  | { readonly in: 'file' }
  | { readonly in: 'unknown' }

/** Days of the vault's point-in-time recovery on AWS; the shortest that there is. */
export const vaultRecoveryDays = 1

/** The instant as the ledger writes it: RFC 3339, UTC, milliseconds. */
export function timestamp(clock: Clock): string {
  return new Date(clock()).toISOString()
}
