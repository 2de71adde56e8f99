/**
 * On a schedule: the self-audit. It reads everything and writes nothing; findings are counted, with one line per controller and check. A
 * ledger too large for 15 minutes is audited from a machine with the same library (infra/runbook.md).
 */

import type { AuditedLedger } from '../../shared/ledger/audit/audit-run.ts'
import { isFaultSeverity } from '../../shared/ledger/audit/findings.ts'
import { selfAudit } from '../../shared/ledger/audit/self-audit.ts'
import type { Telemetry } from '../telemetry.ts'

/** Dependencies of the self-audit. It reads everything and writes nothing. */
export interface SelfAuditDependencies {
  readonly ledger: AuditedLedger
  readonly telemetry: Telemetry
}

export const createSelfAuditHandler =
  ({ ledger, telemetry }: SelfAuditDependencies) =>
  async (): Promise<void> => {
    const counts = new Map<string, { readonly controller: string; readonly check: string; count: number }>()
    await selfAudit(ledger, {
      report({ check, controller, severity }) {
        // No line for what is pending, because the next audit judges it again, nor for a note, which never changes.
        if (!isFaultSeverity(severity)) return
        const name = `${controller} ${check}`
        const known = counts.get(name) ?? { controller, check, count: 0 }
        known.count++
        counts.set(name, known)
      },
    })
    let found = 0
    for (const { controller, check, count } of counts.values()) {
      found += count
      telemetry.log({ level: 'error', event: 'audit-finding', controller, check, count })
    }
    telemetry.add('AuditFindings', found)
    telemetry.log({ level: 'info', event: 'audited', count: found })
  }
