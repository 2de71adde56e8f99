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
import type { Audit, AuditedLedger, Progress } from './audit-run.ts'
import { loadControllers } from './audited-controllers.ts'
import { auditCertificates } from './check-certificates.ts'
import { checkProviderClaims } from './check-claims.ts'
import { auditEntries } from './check-entries.ts'
import { auditIndexRows } from './check-index-rows.ts'
import { auditLog } from './check-log.ts'
import { auditDoubtful } from './check-sealed-entries.ts'
import { auditVault } from './check-vault.ts'
import { auditChecks, type ComparedCounts, type Finding, zeroCounts } from './findings.ts'

export interface AuditOptions {
  /** Called with each finding as it is found; a damaged table has many. */
  readonly report: (finding: Finding) => void
  readonly progress?: (progress: Progress) => void
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
