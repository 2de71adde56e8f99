/**
 * Dependencies of the ledger's components. Everything in `shared/ledger` is a function over one of these; an instance makes its own once and keeps
 * it for life.
 */
import type { ControllerSnapshots } from './controllers/controller-snapshots.ts'
import type { Clock, Keyring, Objects, Randomness, RetentionVault, Signer, Table, VaultEraser } from './store.ts'

/** Dependencies of everything that answers requests. */
export interface Ledger {
  readonly entries: Table
  /** Only read: the log jobs alone insert. */
  readonly log: Table
  readonly vault: Table
  readonly objects: Objects
  readonly keyring: Keyring
  readonly clock: Clock
  readonly random: Randomness
  /** Snapshots of controllers with their sites and policies, at most 30 s old. */
  readonly controllers: ControllerSnapshots
  /** First part of every log's origin, `<host>/<controller>`. */
  readonly host: string
  /** Signs, with this instance's key, that the log will have a leaf. */
  readonly promiseIssuer: InclusionPromiseIssuer
  /** Tiles and texts that this instance has read: they never change. */
  readonly cached: ObjectCache
}

export interface InclusionPromise {
  readonly jws: string
  /** Certificates of the receipt key and of the instance's key. */
  readonly certificates: readonly [string, string]
}

export interface InclusionPromiseIssuer {
  /**
   * @param content digest of what the receipt says beside its leaf (`receiptDigest`)
   * @throws `unavailable` while the instance's key cannot be certified
   */
  issue(origin: string, leafHash: Uint8Array, content?: string): Promise<InclusionPromise>
}

/** Caches tiles, the roots of subtrees within them, and texts; evicts the least recently used. */
export interface ObjectCache {
  get(name: string): Uint8Array | undefined
  put(name: string, bytes: Uint8Array): void
}

/** A checkpoint key that another one replaces. */
export interface EarlierCheckpointKey extends Pick<Signer, 'publicKey'> {
  /** Absent once it is retired. */
  readonly sign?: Signer['sign']
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
  /** The keys that it replaces, newest first; absent when there is none. */
  readonly earlierCheckpointKeys?: readonly EarlierCheckpointKey[]
  /** The ledger's own witness: its cosignature says when a checkpoint was made. */
  readonly witnessSigner: Signer
}

/** Dependencies of erasure. It can delete rows of the vault and insert none. */
export interface Eraser extends Pick<Ledger, 'entries' | 'clock' | 'random'> {
  readonly vault: VaultEraser
  readonly deletedRowCopies: DeletedRowCopies
}

/** Dependencies of the daily retention. It may also read the whole vault and remove single keys of a row. */
export interface RetentionJob extends Omit<Eraser, 'deletedRowCopies'>, Pick<Ledger, 'controllers'> {
  /** Shows whether the clock can be trusted. */
  readonly log: Pick<Table, 'query'>
  readonly vault: RetentionVault
}

/**
 * Where copies of a row deleted from the vault can still be read. `recovery`: in point-in-time recovery, for `days`. `file`: in the
 * database file, until it is vacuumed. `unknown`: in backups of a database that the ledger does not operate.
 */
export type DeletedRowCopies =
  | { readonly in: 'recovery'; readonly days: number }
  | { readonly in: 'file' }
  | { readonly in: 'unknown' }

/** Days of the vault's point-in-time recovery on AWS; the shortest that there is. */
export const vaultRecoveryDays = 1

/** The present instant as the ledger writes it: RFC 3339, UTC, with milliseconds. */
export function timestamp(clock: Clock): string {
  return new Date(clock()).toISOString()
}
