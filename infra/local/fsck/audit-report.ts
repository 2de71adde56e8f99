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
import { type Redriven, redriveEntries } from '../../../shared/ledger/log/redrive-entries.ts'
import type { Key } from '../../../shared/ledger/store.ts'

export interface AuditRunOptions {
  readonly redrive: boolean
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
  /** By controller: what was redriven, or why nothing was. */
  readonly redriven?: Readonly<Record<string, Redriven | { readonly refused: string }>>
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
    const controllers = new Set([...findings.map(({ controller }) => controller), ...unsequenced.map(controllerOf)])
    const redriven: Record<string, Redriven | { readonly refused: string }> = {}
    for (const controller of controllers) {
      if (controller === '') continue
      const damage = damaged.get(controller)
      const own = unsequenced.filter((key) => controllerOf(key) === controller)
      redriven[controller] = damage
        ? { refused: `its log is damaged (${damage}): nothing is added to it before a person has looked` }
        : await redriveEntries(logWriter, controller, own)
    }
    return { ...audit, redriven }
  } finally {
    await close()
  }
}

function eventsOf(keys: readonly Key[]): { readonly keys: readonly Key[] }[] {
  const count = Math.ceil(keys.length / keysInEvent)
  return Array.from({ length: count }, (_, i) => ({ keys: keys.slice(i * keysInEvent, (i + 1) * keysInEvent) }))
}
