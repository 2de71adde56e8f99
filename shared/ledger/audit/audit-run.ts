/** A run of the self-audit: what it reads, and the state that its parts share. */
import type { ControllerSecrets } from '../derived-keys.ts'
import type { Clock, Item, Key, Keyring, Objects, Randomness, Table, TableScan } from '../store.ts'
import type { SubjectKeys, VaultScope } from '../vault/subject-keys.ts'
import type { CheckId, FindingLocation, Severity } from './findings.ts'
import type { PassState } from './pass-state.ts'

/** Dependencies of the self-audit. A role that can only read is enough. */
export interface AuditedLedger {
  readonly entries: Table & TableScan
  readonly log: Table & TableScan
  readonly vault: Table & TableScan
  readonly objects: Pick<Objects, 'get' | 'first' | 'readServed'>
  readonly keyring: Keyring
  readonly clock: Clock
  readonly random: Randomness
  readonly host: string
  /** Ed25519 public keys, 32 bytes: of the log, and of the ledger's own witness. */
  readonly checkpointKey: Uint8Array
  readonly earlierCheckpointKeys?: readonly Uint8Array[]
  readonly witnessKey: Uint8Array
}

export interface Progress {
  readonly phase: 'vault' | 'entries' | 'log' | 'rows'
  /** Items of the phase so far. */
  readonly done: number
}

/** State of one run, shared by its parts. */
export interface Audit {
  readonly ledger: AuditedLedger
  /** When the run began; ages are judged by it. */
  readonly nowMs: number
  readonly pass: PassState
  /** All controllers found so far; `undefined` for one that cannot be read. */
  readonly controllers: Map<string, AuditedController | undefined>
  /** Vault rows of holders of tokens, of the slices that were read in this run. */
  readonly holderRows: Map<string, readonly Item[]>
  readonly readSlices: Set<number>
  readonly found: (check: CheckId, controller: string, where: FindingLocation, options?: FoundOptions) => void
  readonly progress: (progress: Progress) => void
  /** False when the run must end at the next position that can be stored. */
  readonly mayGoOn: () => boolean
}

export interface FoundOptions {
  readonly severity?: Severity
  /** Added to the text of the check. */
  readonly detail?: string
}

export interface AuditedController {
  readonly country: string
  readonly secrets: ControllerSecrets
  /** ISO 8601 durations, of all versions and their purposes. */
  readonly evidenceTerms: ReadonlySet<string>
  readonly contextTerms: ReadonlySet<string>
}

export interface Sealed extends Entry {
  readonly sub: string
  /** Entries of a controller whose secrets cannot be read are left out: that is reported by itself, and none of them can be opened. */
  readonly known: AuditedController
}

/** A read that its reader's keys opened. */
export interface OpenedRead {
  readonly item: Item
  readonly keys: SubjectKeys
  readonly scope: VaultScope
}

export type Kind =
  | 'event'
  | 'read'
  | 'subject-read'
  | 'act'
  | 'record'
  | 'erasure'
  /** A hold, its release, or a request to erase that waits for the end of one. */
  | 'hold'
  | 'hold-mark'
  /** A grant of an auditor, or its revocation. */
  | 'grant'
  /** A plan or a manifest of what retention destroyed. */
  | 'disposition'
  /** A change of an endpoint, or a redelivery that was asked for. */
  | 'endpoint'
  /** How far deliveries have come, and how they ended. */
  | 'delivery'
  /** What was asked to import or export, or how far it is. */
  | 'transfer'
  /** Counts, which follow from the log. */
  | 'statistics'
  | 'turn'
  | 'link'
  | 'mandate'
  | 'other'
  | 'configuration'

export interface Entry {
  readonly item: Item
  readonly controller: string
  readonly kind: Kind
}

export const keyOf = ({ pk, sk }: Key): Key => ({ pk, sk })
