/** What was read a while ago and is kept for some time, in a map whose first entry is the oldest. */

/** Sets the entry, and drops those too old to be used, so that memory is bounded by what is read within that age. */
export function keepRecent<V extends { readonly readAtMs: number }>(
  kept: Map<string, V>,
  name: string,
  value: V,
  maxAgeMs: number,
): void {
  kept.delete(name)
  kept.set(name, value)
  for (const [each, { readAtMs }] of kept) {
    if (value.readAtMs - readAtMs <= maxAgeMs) return
    kept.delete(each)
  }
}
