/** Counts findings by check and controller. The number of rows is bounded: findings beyond it are counted by check only. */
import { type Finding, isFaultSeverity } from './findings.ts'

/** By `<controller> <check>`. */
export type FindingCounts = Readonly<Record<string, number>>

const maxRows = 1_000

export function counter(before: FindingCounts): {
  readonly findings: FindingCounts
  readonly report: (finding: Finding) => void
} {
  const findings: Record<string, number> = { ...before }
  return {
    findings,
    report({ check, controller, severity }) {
      // Nothing for what is pending, because the next audit judges it again, nor for a note, which never changes.
      if (isFaultSeverity(severity)) addTo(findings, `${controller} ${check}`, 1)
    },
  }
}

export function added(sum: FindingCounts, more: FindingCounts): FindingCounts {
  const counts: Record<string, number> = { ...sum }
  for (const [name, count] of Object.entries(more)) addTo(counts, name, count)
  return counts
}

/** The greater number of each row, because both may count the same findings. */
export function greater(a: FindingCounts, b: FindingCounts): FindingCounts {
  const most: Record<string, number> = { ...a }
  for (const [name, count] of Object.entries(b)) most[name] = Math.max(count, most[name] ?? 0)
  return most
}

export const numberOf = (findings: FindingCounts): number =>
  Object.values(findings).reduce((sum, count) => sum + count, 0)

function addTo(counts: Record<string, number>, own: string, count: number): void {
  const isFull = counts[own] === undefined && Object.keys(counts).length >= maxRows
  const name = isFull ? own.slice(own.indexOf(' ')) : own
  counts[name] = (counts[name] ?? 0) + count
}
