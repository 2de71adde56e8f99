/** A run of the self-audit: what it reads, and the state that its phases share. */
import type { ControllerSecrets } from '../derived-keys.ts'
import type { Clock, Item, Key, Keyring, Objects, Randomness, Table, TableScan } from '../store.ts'
import type { SubjectKeys, VaultScope } from '../subject-keys.ts'
import type { CheckId, ComparedCounts, FindingLocation, Severity } from './findings.ts'
import type { KeyFingerprints } from './key-fingerprints.ts'

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
  readonly witnessKey: Uint8Array
}

export interface Progress {
  readonly phase: 'vault' | 'entries' | 'log' | 'rows'
  /** Items of the phase so far. */
  readonly done: number
}

/** State of one run, shared by its phases. */
export interface Audit {
  readonly ledger: AuditedLedger
  /** When it began; ages are judged by it. */
  readonly nowMs: number
  readonly compared: ComparedCounts
  /** All controllers found so far; `undefined` for one that cannot be read. */
  readonly controllers: Map<string, AuditedController | undefined>
  /** Vault partition keys by `sub`. */
  readonly subjects: Map<string, string>
  /** Entries that had no index row when they were read, with what to say of them unless a batch has them. */
  readonly unsequenced: Map<string, Unsequenced>
  /** Entries that do not open and may be of a subject recorded after the vault was read. */
  readonly doubtful: Sealed[]
  readonly prints: Map<string, KeyFingerprints>
  readonly found: (check: CheckId, controller: string, where: FindingLocation, options?: FoundOptions) => void
  readonly progress: (progress: Progress) => void
}

export interface FoundOptions {
  readonly severity?: Severity
  /** Added to the text of the check. */
  readonly detail?: string
}

export interface Unsequenced {
  readonly key: Key
  readonly severity: Severity
}

export interface AuditedController {
  readonly secrets: ControllerSecrets
  /** ISO 8601 durations, of all versions and their purposes. */
  readonly evidenceTerms: ReadonlySet<string>
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

export type Kind = 'event' | 'read' | 'subject-read' | 'act' | 'record' | 'erasure' | 'other' | 'configuration'

export interface Entry {
  readonly item: Item
  readonly controller: string
  readonly kind: Kind
}
