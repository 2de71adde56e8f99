/**
 * Runs one self-audit of an opened ledger, gathers the findings for a report, and redrives if asked. Of each check only the first findings are
 * kept, and all are counted. All keys of entries without a leaf are kept, because a redrive needs them.
 */

import type { AuditedLedger, Progress } from '../../../shared/ledger/audit/audit-run.ts'
import {
  auditChecks,
  type CheckId,
  type ComparedCounts,
  type Finding,
  isFaultSeverity,
} from '../../../shared/ledger/audit/findings.ts'
import { selfAudit } from '../../../shared/ledger/audit/self-audit.ts'
import type { LogWriter } from '../../../shared/ledger/ledger.ts'
import { controllerOf, isErasure } from '../../../shared/ledger/log/log-items.ts'
import type { Key } from '../../../shared/ledger/store.ts'
import { type RedrivenByController, redriveAudited } from './redrive-audited.ts'

export interface AuditRunOptions {
  readonly redrive: boolean
  /** The redrive writes nothing, and its result is what a real one would do. */
  readonly dryRun?: boolean
  readonly progress: (progress: Progress) => void
}

/** The result of `openStoppedLedger` and `openDeployedLedger`. */
export interface OpenedLedger {
  readonly audited: AuditedLedger
  /** Absent where this program may not write: the deployed function runs the redrive then. */
  readonly logWriter?: LogWriter
  close(): Promise<void>
}

export interface AuditReport {
  /** True when every finding is pending or a note. */
  readonly clean: boolean
  readonly compared: ComparedCounts
  readonly counts: Readonly<Record<string, number>>
  readonly findings: readonly Finding[]
  /**
   * Entries that should have a leaf by now and have none, of logs that are sound: each is an event that the function `redrive` takes,
   * small enough for Lambda.
   */
  readonly redrive: readonly { readonly keys: readonly Key[] }[]
  /** Whether `redriven` is what a real run would do. */
  readonly dryRun?: true
  /** By controller: what was redriven, or why nothing was. */
  readonly redriven?: RedrivenByController
}

/** Findings kept of each check and severity. */
const maxKept = 1_000

/** About 150 bytes each; an event of Lambda may have 1 MB. */
const keysInEvent = 2_000

/** Audits the ledger and closes it, also after an error. */
export async function auditLedger(opened: OpenedLedger, options: AuditRunOptions): Promise<AuditReport> {
  const { audited, logWriter, close } = opened
  try {
    const counts: Record<string, number> = {}
    const findings: Finding[] = []
    const unsequenced: Key[] = []
    const overdue: Key[] = []
    const damaged = new Map<string, CheckId>()
    const report = (finding: Finding) => {
      const { check, severity, controller, where } = finding
      const name = `${check} ${severity}`
      counts[name] = (counts[name] ?? 0) + 1
      if (counts[name] <= maxKept) findings.push(finding)
      if (check === 'entry-unsequenced' && where.key) {
        // An erasure that is not due waits for the release of its day.
        if (severity !== 'pending' || !isErasure(where.key)) unsequenced.push(where.key)
        if (severity !== 'pending') overdue.push(where.key)
      }
      if (severity === 'error' && auditChecks[check].part === 'log') damaged.set(controller, check)
    }
    const compared = await selfAudit(audited, { report, progress: options.progress })
    const clean = !findings.some(({ severity }) => isFaultSeverity(severity))
    const redrivable = overdue.filter((key) => !damaged.has(controllerOf(key)))
    const audit = { clean, compared, counts, findings, redrive: eventsOf(redrivable) }
    if (!options.redrive || logWriter === undefined) return audit
    const { dryRun = false } = options
    const controllers = new Set([...findings.map(({ controller }) => controller), ...unsequenced.map(controllerOf)])
    controllers.delete('')
    const redriven = await redriveAudited(logWriter, { controllers, unsequenced, damaged }, dryRun)
    return { ...audit, ...(dryRun && { dryRun }), redriven }
  } finally {
    await close()
  }
}

function eventsOf(keys: readonly Key[]): { readonly keys: readonly Key[] }[] {
  const count = Math.ceil(keys.length / keysInEvent)
  return Array.from({ length: count }, (_, i) => ({ keys: keys.slice(i * keysInEvent, (i + 1) * keysInEvent) }))
}
