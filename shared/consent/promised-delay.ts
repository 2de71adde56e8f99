/** By when the log promises to have what is recorded, and how far clocks may differ: the ledger keeps to it and verifiers check it. */

/** Maximum number of seconds from recording to the first checkpoint that has the leaf, as inclusion promises state it. */
export const promisedDelaySeconds = 120

/** Milliseconds. A leaf is backdated when an earlier `time` leaf is of an hour that begins more than this after the time it states. */
export const timeLeafToleranceMs = 5 * 60_000

/** The instant by which the log promises to have an entry recorded at `recordedAt`. */
export function promisedBy(recordedAt: string): string {
  return new Date(Date.parse(recordedAt) + promisedDelaySeconds * 1000).toISOString()
}
