/** Counts that are averages and differences, at three decimals. */
import type { Counted } from '../../../infra/cost/usage.ts'

export const rounded = (n: number): number => Math.round(n * 1_000) / 1_000

/** Each of the counts that there are, changed by its name. */
export function mapped<Counts extends Counted>(
  counts: Counts,
  change: (count: number, name: keyof Counted) => number,
): Counted {
  const entries = Object.entries(counts).map(([name, count]) => [name, rounded(change(count, name as keyof Counted))])
  return Object.fromEntries(entries)
}
