/**
 * The self-audit: tables, vault, objects and log compared with each other. It reports and never repairs, and calls nothing that
 * writes. It may run beside a ledger at work: what is younger than the promised delay is `pending`.
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

import { auditEntries } from './audit-entries.ts'
import {
  type CheckId,
  type Compared,
  checks,
  type Finding,
  nothingCompared,
  type Severity,
  type Where,
} from './audit-findings.ts'
import { auditIndexRows } from './audit-index-rows.ts'
import { auditLog } from './audit-log.ts'
import { auditVault } from './audit-vault.ts'
import { type ControllerBook, controllerBooks } from './controllers.ts'
import type { KeyPrints } from './key-prints.ts'
import type { Clock, Key, Keyring, Objects, Randomness, Table, TableScan } from './store.ts'
import { queryAll } from './store.ts'

/** Nothing of it is written to; a role that can only read is enough. */
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
  /** Told of each finding at once; a damaged table has many. */
  readonly report: (finding: Finding) => void
  readonly progress?: (progress: Progress) => void
}

export interface Progress {
  readonly phase: 'vault' | 'entries' | 'log' | 'rows'
  /** Items of the phase so far. */
  readonly done: number
}

/** One run: what all of its phases share. */
export interface Audit {
  readonly ledger: AuditedLedger
  /** When it began; ages are judged by it. */
  readonly nowMs: number
  readonly compared: Compared
  readonly books: Map<string, ControllerBook | undefined>
  /** Vault partition keys by `sub`. */
  readonly subjects: Map<string, string>
  /** Entries that had no index row when they were read, with what to say of them unless a batch has them. */
  readonly unsequenced: Map<string, Unsequenced>
  readonly prints: Map<string, KeyPrints>
  readonly found: (check: CheckId, controller: string, where: Where, options?: FoundOptions) => void
  readonly progress: (progress: Progress) => void
}

export interface FoundOptions {
  readonly severity?: Severity
  /** More than the check says by itself. */
  readonly detail?: string
}

export interface Unsequenced {
  readonly key: Key
  readonly severity: Severity
}

export async function selfAudit(ledger: AuditedLedger, { report, progress }: AuditOptions): Promise<Compared> {
  const audit: Audit = {
    ledger,
    nowMs: ledger.clock(),
    compared: nothingCompared(),
    books: new Map(),
    subjects: new Map(),
    unsequenced: new Map(),
    prints: new Map(),
    found(check, controller, where, { severity = 'error', detail } = {}) {
      const { says } = checks[check]
      report({ check, severity, controller, where, says: detail === undefined ? says : `${says}: ${detail}` })
    },
    progress: progress ?? (() => {}),
  }
  for await (const { values } of queryAll(ledger.entries, '#identity-providers'))
    await knowController(audit, named(values))
  await auditVault(audit)
  await auditEntries(audit)
  for (const controller of audit.books.keys()) audit.prints.set(controller, await auditLog(audit, controller))
  for (const { key, severity } of audit.unsequenced.values()) {
    audit.found('entry-unsequenced', key.pk.slice(0, key.pk.indexOf('#')), { key }, { severity })
  }
  await auditIndexRows(audit)
  return audit.compared
}

/** The controller that an identity provider belongs to: each creation of one claims its own. */
function named({ record }: { readonly [name: string]: unknown }): string {
  try {
    return String(JSON.parse(String(record)).controller)
  } catch {
    return ''
  }
}

/** Reads a controller when it is first heard of; one that cannot be read is reported once, and its log is compared all the same. */
export async function knowController(audit: Audit, controller: string): Promise<ControllerBook | undefined> {
  if (audit.books.has(controller)) return audit.books.get(controller)
  const { entries, log, keyring, clock } = audit.ledger
  let book: ControllerBook | undefined
  let detail = 'it has no record'
  try {
    book = await controllerBooks(entries, log, keyring, clock).fresh(controller)
  } catch (error) {
    detail = error instanceof Error ? error.message : String(error)
  }
  audit.books.set(controller, book)
  if (book) audit.compared.controllers++
  else audit.found('controller-unreadable', controller, {}, { detail })
  return book
}
