/**
 * One self-audit of a data folder, with what was found gathered for a report; and the redrive, if asked for. Of each check only the
 * first findings are kept, and all are counted.
 */
import { type CheckId, type Compared, checks, type Finding } from '../../shared/ledger/audit/findings.ts'
import { type Progress, selfAudit } from '../../shared/ledger/audit/self-audit.ts'
import { controllerOf, isErasure } from '../../shared/ledger/log/items.ts'
import { type Redriven, redrive } from '../../shared/ledger/log/redrive.ts'
import type { Clock, Key } from '../../shared/ledger/store.ts'
import { openLedgerAtRest } from './ledger-at-rest.ts'

export interface AuditRunOptions {
  readonly dataFolder: string
  readonly clock: Clock
  readonly redrive: boolean
  readonly progress: (progress: Progress) => void
}

export interface AuditReport {
  /** Nothing but what is pending. */
  readonly clean: boolean
  readonly compared: Compared
  readonly counts: Readonly<Record<string, number>>
  readonly findings: readonly Finding[]
  /** By controller: what was done, or why nothing was. */
  readonly redriven?: Readonly<Record<string, Redriven | { readonly refused: string }>>
}

/** Of each check and severity. */
const maxKept = 1_000

export async function runAudit(options: AuditRunOptions): Promise<AuditReport> {
  const { audited, keeper, close } = await openLedgerAtRest(options.dataFolder, options.clock)
  try {
    const counts: Record<string, number> = {}
    const findings: Finding[] = []
    const unsequenced: Key[] = []
    const damaged = new Map<string, CheckId>()
    const report = (finding: Finding) => {
      const { check, severity, controller, where } = finding
      const name = `${check} ${severity}`
      counts[name] = (counts[name] ?? 0) + 1
      if (counts[name] <= maxKept) findings.push(finding)
      // An erasure that is not due waits for the release of its day.
      const isWaiting = severity === 'pending' && where.key !== undefined && isErasure(where.key)
      if (check === 'entry-unsequenced' && where.key && !isWaiting) unsequenced.push(where.key)
      if (severity === 'error' && checks[check].part === 'log') damaged.set(controller, check)
    }
    const compared = await selfAudit(audited, { report, progress: options.progress })
    const clean = findings.every(({ severity }) => severity === 'pending')
    if (!options.redrive) return { clean, compared, counts, findings }
    const controllers = new Set([...findings.map(({ controller }) => controller), ...unsequenced.map(controllerOf)])
    const redriven: Record<string, Redriven | { readonly refused: string }> = {}
    for (const controller of controllers) {
      if (controller === '') continue
      const damage = damaged.get(controller)
      const own = unsequenced.filter((key) => controllerOf(key) === controller)
      redriven[controller] = damage
        ? { refused: `its log is damaged (${damage}): nothing is added to it before a person has looked` }
        : await redrive(keeper, controller, own)
    }
    return { clean, compared, counts, findings, redriven }
  } finally {
    await close()
  }
}
