/**
 * The self-audit: compares tables, vault, objects and log with each other. It reports, never repairs, and writes nothing. It may run beside
 * a working ledger: items younger than the promised delay are `pending`. A pass goes through everything once, part by part:
 *
 *   entries   each has its index row, and is what its leaf commits to where it is in clear
 *   vault     each row opens with its controller's keys, and the events of its subject with its own. At the end: each subject that has events was
 *             there, or its loss is explained
 *   log       batch after batch: ranges, roots, checkpoints, tiles, bundles; reads and acts open with their holder's keys. At the end: no entry
 *             is left without a leaf
 *   rows      index rows. At the end: batches, index rows and entries have the same leaves
 *
 * A run can stop at nearly any point of a part, and a later run continues from the stored state. Several runs at once can each walk a share of a part:
 * slices of the tables, and logs. The state is bounded (about 10 MB), so memory does not grow with the ledger. What is too large for it is compared
 * as a set (`set-difference.ts`). New leaves of a log are compared each day, before the pass reaches them (`audit-new-leaves.ts`).
 */

import { lastBatch } from '../log/batches.ts'
import { batchEnd, batchPk, controllerOf } from '../log/log-items.ts'
import { type Audit, type AuditedLedger, keyOf, type Progress } from './audit-run.ts'
import { loadControllers, mapInParallel } from './audited-controllers.ts'
import { auditCertificates } from './check-certificates.ts'
import { auditEntries, kindOf } from './check-entries.ts'
import { checkHolderEntries } from './check-holders.ts'
import { auditIndexRows } from './check-index-rows.ts'
import { auditLogs } from './check-log.ts'
import { auditLostSubjects, auditVault } from './check-vault.ts'
import { auditDifferences } from './compare-leaves.ts'
import { auditChecks, type ComparedCounts, type Finding } from './findings.ts'
import { joinShares, newPass, type Part, type PassState, shareOf } from './pass-state.ts'

export interface AuditOptions {
  /** Called with each finding as it is found; a damaged table has many. */
  readonly report: (finding: Finding) => void
  readonly progress?: (progress: Progress) => void
}

export interface PassOptions extends AuditOptions {
  /** False when the run must end at the next position that can be stored. */
  readonly mayGoOn: () => boolean
  /** The controllers that this run has read already. @default they are read now */
  readonly controllers?: Audit['controllers']
}

/** A whole pass in one go. */
export async function selfAudit(
  ledger: AuditedLedger,
  { progress, ...options }: AuditOptions,
): Promise<ComparedCounts> {
  const whole = { ...options, controllers: new Map(), mayGoOn: () => true }
  let pass = await beginPass(ledger)
  while (pass.part !== 'done') {
    const share = shareOf(pass, 0)
    await walkShare(ledger, share, { ...whole, ...(progress && { progress }) })
    pass = await endPart(ledger, pass, [share], whole)
  }
  return pass.compared
}

/** Entries in a slice. A slice of the vault is read in one go, because a position in it must not be stored. */
const entriesPerSlice = 20_000

/**
 * Makes about one call for each controller.
 *
 * @param of shares in which each part is walked
 */
export async function beginPass(ledger: AuditedLedger, of = 1): Promise<PassState> {
  const pass = newPass(ledger.clock(), ledger.random, of)
  const audit = newAudit(ledger, pass, { report: () => {}, mayGoOn: () => true })
  await loadControllers(audit)
  const sizes = await mapInParallel([...audit.controllers.keys()], (controller) => sizeOf(ledger, controller))
  const entries = sizes.reduce((sum, size) => sum + size, 0)
  // The runs of the pass report the controllers that cannot be read.
  pass.reported.clear()
  pass.slices = Math.max(1, Math.min(maxSlices, Math.ceil(entries / entriesPerSlice)))
  return pass
}

/** DynamoDB reads a table in at most a million segments. */
const maxSlices = 1_000_000

async function sizeOf({ log }: AuditedLedger, controller: string): Promise<number> {
  try {
    const batch = await lastBatch(log, controller)
    return batch === undefined ? 0 : batchEnd(batch)
  } catch {
    // The damage is reported when the log is read; until then it must not make one slice of a large table.
    const [item] = (await log.query(batchPk(controller), { descending: true, limit: 1 })).items
    return Number(item?.sk) || 0
  }
}

/**
 * Goes on with a share of a part. Its state is changed; after an error it must be read again from where it is stored.
 *
 * @returns false when the run must end before the share is walked
 */
export async function walkShare(ledger: AuditedLedger, share: PassState, options: PassOptions): Promise<boolean> {
  const audit = newAudit(ledger, share, options)
  if (audit.controllers.size === 0) await loadControllers(audit)
  return share.part === 'done' || walks[share.part](audit)
}

/** Joins the shares of a part, and does the checks that need all of them. @returns the pass at its next part */
export async function endPart(
  ledger: AuditedLedger,
  pass: PassState,
  shares: readonly PassState[],
  options: Omit<PassOptions, 'mayGoOn'>,
): Promise<PassState> {
  const whole = joinShares(pass, shares)
  const audit = newAudit(ledger, whole, { ...options, mayGoOn: () => true })
  if (audit.controllers.size === 0) await loadControllers(audit)
  if (pass.part === 'vault') await auditLostSubjects(audit)
  if (pass.part === 'log') await reportUnsequenced(audit)
  if (pass.part === 'rows') {
    await auditDifferences(audit)
    await auditCertificates(audit)
    whole.compared.controllers = [...audit.controllers.values()].filter((known) => known !== undefined).length
  }
  return whole
}

export function newAudit(
  ledger: AuditedLedger,
  pass: PassState,
  { report, progress, mayGoOn, controllers = new Map() }: PassOptions,
): Audit {
  return {
    ledger,
    nowMs: ledger.clock(),
    pass,
    controllers,
    holderRows: new Map(),
    readSlices: new Set(),
    found(check, controller, where, { severity = 'error', detail } = {}) {
      const { says } = auditChecks[check]
      report({ check, severity, controller, where, says: detail === undefined ? says : `${says}: ${detail}` })
    },
    progress: progress ?? (() => {}),
    mayGoOn,
  }
}

const walks: Readonly<Record<Exclude<Part, 'done'>, (audit: Audit) => Promise<boolean>>> = {
  entries: auditEntries,
  vault: auditVault,
  log: auditLogs,
  rows: auditIndexRows,
}

async function reportUnsequenced(audit: Audit): Promise<void> {
  const { ledger, pass, found } = audit
  const all = [...pass.unsequenced.values()]
  const [rows, items] = await Promise.all([
    ledger.log.get(all.map(({ key }) => key)),
    ledger.entries.get(all.map(({ key }) => key)),
  ])
  for (const [i, { key, severity }] of all.entries())
    if (rows[i] === undefined) found('entry-unsequenced', controllerOf(key), { key: keyOf(key) }, { severity })
  const entries = items.flatMap((item) => {
    const controller = item && controllerOf(item)
    return item && controller ? [{ item, controller, kind: kindOf(controller, item) }] : []
  })
  await checkHolderEntries(audit, entries)
  pass.unsequenced.clear()
}
