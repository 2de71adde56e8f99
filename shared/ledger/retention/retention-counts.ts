/** What retention did: numbers for its report, its log line and the metrics. No names and no keys. */
export interface RetentionCounts {
  /** Subjects that were looked at. */
  subjects: number
  contexts: number
  years: number
  /** Subjects of which no year was left, or whose erasure was not finished. */
  erased: number
  /** Years without their subject, and rows of links that lead to nobody. */
  orphans: number
  /** Subjects of whom a hold kept what would have been destroyed, or may have. */
  held: number
  /** Rows that no controller can open, and subjects whose holds or request cannot be read. They are left alone; the self-audit reports them. */
  unreadable: number
}

export function zeroRetentionCounts(): RetentionCounts {
  return { subjects: 0, contexts: 0, years: 0, erased: 0, orphans: 0, held: 0, unreadable: 0 }
}

/** Adds what a page did to the sum of a run. */
export function addRetentionCounts(sum: RetentionCounts, page: RetentionCounts): void {
  // The cast is right, because a sum has no other members.
  for (const name of Object.keys(sum) as (keyof RetentionCounts)[]) sum[name] += page[name]
}
