/**
 * The self-audit: compares tables, vault, objects and log with each other. It reports, never repairs, and writes nothing. It may run beside
 * a working ledger: items younger than the promised delay are `pending`.
 *
 *   vault     each row opens with its controller's keys; remembers whose it is
 *   entries   each has its index row; each event and read opens and is what its leaf commits to, or its loss is explained
 *   log       batch after batch: ranges, roots, leaves, index rows, checkpoints, tiles, bundles
 *   rows      each index row is of the entry at that index
 *
 * Everything streams. What grows with the ledger in memory: some 200 bytes a subject (a vault row's name is a MAC, and an event knows
 * only its `sub`), so a few million subjects a run, and 4 bytes a leaf. The indexes are found missing by asking for them, so a
 * ledger is read about three times.
 */

import { controllerOf } from '../log/log-items.ts'
import type { Clock, Key, Keyring, Objects, Randomness, Table, TableScan } from '../store.ts'
import { type AuditedController, loadControllers } from './audited-controllers.ts'
import { auditCertificates } from './check-certificates.ts'
import { checkProviderClaims } from './check-claims.ts'
import { auditEntries } from './check-entries.ts'
import { auditIndexRows } from './check-index-rows.ts'
import { auditLog } from './check-log.ts'
import { auditDoubtful, type Sealed } from './check-sealed-entries.ts'
import { auditVault } from './check-vault.ts'
import {
  auditChecks,
  type CheckId,
  type ComparedCounts,
  type Finding,
  type FindingLocation,
  type Severity,
  zeroCounts,
} from './findings.ts'
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

export interface AuditOptions {
  /** Called with each finding as it is found; a damaged table has many. */
  readonly report: (finding: Finding) => void
  readonly progress?: (progress: Progress) => void
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

export async function selfAudit(ledger: AuditedLedger, { report, progress }: AuditOptions): Promise<ComparedCounts> {
  const audit: Audit = {
    ledger,
    nowMs: ledger.clock(),
    compared: zeroCounts(),
    controllers: new Map(),
    subjects: new Map(),
    unsequenced: new Map(),
    doubtful: [],
    prints: new Map(),
    found(check, controller, where, { severity = 'error', detail } = {}) {
      const { says } = auditChecks[check]
      report({ check, severity, controller, where, says: detail === undefined ? says : `${says}: ${detail}` })
    },
    progress: progress ?? (() => {}),
  }
  await loadControllers(audit)
  await auditVault(audit)
  await auditEntries(audit)
  await auditDoubtful(audit)
  await checkProviderClaims(audit)
  for (const controller of audit.controllers.keys()) audit.prints.set(controller, await auditLog(audit, controller))
  for (const { key, severity } of audit.unsequenced.values()) {
    audit.found('entry-unsequenced', controllerOf(key), { key }, { severity })
  }
  await auditIndexRows(audit)
  await auditCertificates(audit)
  return audit.compared
}
