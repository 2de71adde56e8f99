/** Sorts statuses: those that let something happen, those that forbid it, and those that do neither. A word always goes with the colour. */
const yes: ReadonlySet<string> = new Set([
  'Given',
  'RenewedGiven',
  'Accepted',
  'Acknowledged',
  'Informed',
  'NotObjected',
])
const neither: ReadonlySet<string> = new Set(['Unknown', 'Requested', 'RequestDeferred', 'Shown', 'Uninformed'])

/** A status that this page does not know lets nothing happen. */
export function toneOf({ status }: { readonly status: string }): 'yes' | 'no' | 'neither' {
  if (yes.has(status)) return 'yes'
  return neither.has(status) ? 'neither' : 'no'
}
