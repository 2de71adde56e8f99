/**
 * Compares the published leaves that each log has got since the last comparison: batches, index rows, entries, checkpoints, tiles, bundles. Its cost
 * depends on the number of new leaves; a log without any costs two calls. Opening entries and reading the rest of the tables is left to the pass
 * (`self-audit.ts`).
 */
import { rootOf } from '../../tlog/merkle.ts'
import { controllerPk } from '../controllers/controller-snapshots.ts'
import { claimedControllers } from '../controllers/provider-claims.ts'
import { equalHashes, lastBatch } from '../log/batches.ts'
import { batchEnd } from '../log/log-items.ts'
import type { Objects } from '../store.ts'
import { type LogPosition, logPositionObject, type NewLeavesPosition, openSlot } from './audit-position.ts'
import type { AuditedLedger } from './audit-run.ts'
import { mapInParallel } from './audited-controllers.ts'
import { auditLog, shareOfLog } from './check-log.ts'
import { added, type FindingCounts } from './finding-counts.ts'
import { type CheckId, isFaultSeverity } from './findings.ts'
import { type LogWalk, newLogWalk, newPass, type PassState } from './pass-state.ts'
import { newAudit } from './self-audit.ts'

export interface NewLeavesOptions {
  readonly share: number
  readonly of: number
  readonly isDryRun: boolean
  /** When the last whole pass began: it has judged what was found before. */
  readonly passStartedMs: number
  readonly mayGoOn: () => boolean
  /** Called after some logs, with a position that can be stored. */
  readonly store: (position: NewLeavesPosition) => Promise<void>
}

type PositionedLedger = AuditedLedger & { readonly objects: Pick<Objects, 'replaceServed'> }

const logsAtOnce = 16
/** A multiple of `logsAtOnce`. */
const storedEveryLogs = 512

/** @returns the position after all logs of the share, or where the run must end */
export async function auditNewLeaves(
  ledger: PositionedLedger,
  begun: NewLeavesPosition,
  options: NewLeavesOptions,
): Promise<NewLeavesPosition> {
  const { share, of, mayGoOn, store } = options
  const logs = (await controllersIn(ledger)).filter((controller) => shareOfLog(controller, of) === share)
  const rest = logs.filter((controller) => controller > begun.after).sort()
  // A pass that began at 0 has no leaves, so each leaf is compared by itself.
  const pass = newPass(0, ledger.random)
  let position: NewLeavesPosition = { ...begun, isUnderWay: true }
  for (let i = 0; i < rest.length; i += logsAtOnce) {
    const some = rest.slice(i, i + logsAtOnce)
    const found = await mapInParallel(some, (controller) => auditNewOf(ledger, controller, options, pass))
    // The next run continues with a log that was not compared to its end.
    if (!mayGoOn() && i + logsAtOnce < rest.length) return position
    if (found.some((each) => each === undefined)) return position
    const findings = found.reduce<FindingCounts>((sum, each) => added(sum, each ?? {}), position.findings)
    position = { ...position, findings, after: some.at(-1) ?? position.after }
    if ((i + logsAtOnce) % storedEveryLogs === 0) await store(position)
  }
  return { doneMs: ledger.clock(), isUnderWay: false, after: '', findings: {}, standing: position.findings }
}

/** By controller and check; `undefined` when the run must end before the log does. */
async function auditNewOf(
  ledger: PositionedLedger,
  controller: string,
  { isDryRun, passStartedMs, mayGoOn }: NewLeavesOptions,
  pass: PassState,
): Promise<FindingCounts | undefined> {
  const slot = await openSlot<LogPosition>(ledger.objects, logPositionObject(controller), isDryRun)
  const walk = slot.value?.walk ?? newLogWalk()
  let { foundMs = 0 }: Partial<LogPosition> = slot.value ?? {}
  const isJudged = foundMs > 0 && foundMs < passStartedMs
  const findings: Record<string, number> = isJudged ? {} : { ...slot.value?.findings }
  if (isJudged) foundMs = 0
  if (slot.value?.isSettled && !isJudged && (await endsAsCompared(ledger, controller, walk)))
    return named(controller, findings)
  for (const check of judgedEachTime) delete findings[check]
  for (let isDone = false; !isDone; ) {
    let isPending = false
    let untilMs: number | undefined
    const audit = newAudit(ledger, pass, {
      mayGoOn() {
        const nowMs = ledger.clock()
        untilMs ??= nowMs + storedEveryMs
        return nowMs < untilMs && mayGoOn()
      },
      report({ check, severity }) {
        if (!isFaultSeverity(severity)) {
          isPending = true
          return
        }
        findings[check] = (findings[check] ?? 0) + 1
        foundMs = ledger.clock()
      },
    })
    isDone = await auditLog(audit, controller, walk, 'published')
    const isSound = judgedEachTime.every((check) => findings[check] === undefined)
    const isSettled = isDone && !isPending && isSound && walk.missing === undefined
    await slot.store({ walk, isSettled, findings, foundMs })
    if (!isDone && !mayGoOn()) return undefined
  }
  return named(controller, findings)
}

const storedEveryMs = 60_000

/** Checks of a log's end, of which only the last result counts. */
const judgedEachTime: readonly CheckId[] = [
  'unpublished',
  'verified-differs',
  'checkpoint-none',
  'checkpoint-served-behind',
  'checkpoint-served-differs',
]

/** Whether the log ends with the tree that was compared. */
async function endsAsCompared({ log }: AuditedLedger, controller: string, { end, range }: LogWalk): Promise<boolean> {
  const last = await lastBatch(log, controller).catch(() => undefined)
  return last !== undefined && batchEnd(last) === end && range !== undefined && equalHashes(rootOf(range), last.root)
}

const named = (controller: string, findings: FindingCounts): FindingCounts =>
  Object.fromEntries(Object.entries(findings).map(([check, count]) => [`${controller} ${check}`, count]))

/** Controllers that a claim names and that were created. */
async function controllersIn({ entries }: AuditedLedger): Promise<string[]> {
  const ids = await claimedControllers(entries)
  const records = await entries.get(ids.map((id) => ({ pk: controllerPk(id), sk: 'controller' })))
  return ids.filter((_, i) => records[i] !== undefined)
}
