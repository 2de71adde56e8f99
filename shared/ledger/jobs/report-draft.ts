/** Gathers the report of a run while it runs. Equal changes and findings are one row with their sum; the number of rows is bounded. */

import { type ControllerDisposal, DisposalSum } from '../../consent/disposals.ts'
import { codeOf } from '../../errors.ts'
import { timestamp } from '../ledger.ts'
import type { Clock } from '../store.ts'
import type { ChangeInReport, FindingInReport, JobChange, JobName, JobReport, Starter } from './job-report.ts'

/** Rows of changes and of findings. Those after them are added up without their controller. */
const maxRows = 200

export interface ReportDraft {
  /** Nothing for a count of 0. */
  changed(change: JobChange, count: number, controller?: string): void
  found(finding: FindingInReport): void
  counted(what: string, count: number): void
  disposed(disposal: ControllerDisposal): void
  /** The run ends before its work is done; `next` says which run takes the rest. */
  left(count: number, of: string, next: string): void
  /** @param error what ended the run, if it failed */
  end(error?: unknown): JobReport
}

export function draftReport(
  run: { readonly job: JobName; readonly dryRun: boolean; readonly startedBy: Starter },
  clock: Clock,
): ReportDraft {
  const { job, dryRun, startedBy } = run
  const startedAt = timestamp(clock)
  const counts: Record<string, number> = {}
  const changes = new Map<string, ChangeInReport>()
  const findings = new Map<string, FindingInReport>()
  const disposals = new Map<string, DisposalSum>()
  let left: JobReport['left']
  return {
    changed(change, count, controller) {
      if (count > 0) add(changes, { change, count, ...(controller !== undefined && { controller }) })
    },
    found: (finding) => add(findings, finding),
    counted(what, count) {
      counts[what] = (counts[what] ?? 0) + count
    },
    disposed({ controller, subjects, ...kind }) {
      const sum = disposals.get(controller) ?? new DisposalSum()
      disposals.set(controller, sum)
      sum.add(kind, subjects)
    },
    left(count, of, next) {
      left = { count, of, next }
    },
    end: (error) => ({
      v: 1,
      ...{ job, dryRun, startedBy, startedAt, endedAt: timestamp(clock) },
      outcome: error === undefined ? (left ? 'in-part' : 'done') : 'failed',
      ...(error !== undefined && { code: codeOf(error) }),
      counts,
      changes: inOrder(changes),
      findings: inOrder(findings),
      ...(disposals.size > 0 && { disposals: rowsOf(disposals) }),
      ...(left && { left }),
    }),
  }
}

function rowsOf(sums: ReadonlyMap<string, DisposalSum>): ControllerDisposal[] {
  return [...sums]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([controller, sum]) => sum.rows().map((row) => ({ ...row, controller })))
}

/** By what they say, since jobs work on several logs at once. */
function inOrder<Row>(rows: ReadonlyMap<string, Row>): Row[] {
  return [...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row)
}

function add<Row extends { readonly count: number; readonly controller?: string }>(rows: Map<string, Row>, row: Row) {
  const { count, ...whole } = row
  const { controller: _, ...withoutController } = whole
  const own = JSON.stringify(whole)
  const isFull = rows.size >= maxRows && !rows.has(own)
  const key = isFull ? JSON.stringify(withoutController) : own
  const known = rows.get(key)
  // A cast, because TypeScript does not see that a `Row` without its controller is a `Row`: no row needs one.
  rows.set(key, { ...(isFull ? withoutController : whole), count: (known?.count ?? 0) + count } as Row)
}
