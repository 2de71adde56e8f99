/**
 * When a message is sent again: the schedule that Standard Webhooks 1.0.0 recommends, with jitter, so that messages that failed together are not
 * repeated together. Its ten attempts take three days; then the message is a dead letter.
 */

const minuteMs = 60_000
const hourMs = 60 * minuteMs

/** Pauses after the first, second, … failed attempt. */
export const retryDelaysMs = [
  5_000,
  5 * minuteMs,
  30 * minuteMs,
  2 * hourMs,
  5 * hourMs,
  10 * hourMs,
  14 * hourMs,
  20 * hourMs,
  24 * hourMs,
] as const

export const maxAttempts = retryDelaysMs.length + 1
/** A receiver may ask for a later attempt, but not for one that is so late that its messages never become dead letters. */
export const longestRetryAfterMs = 24 * hourMs
/** Share of a pause by which it may be longer. */
const jitter = 0.2

/**
 * When to try again, `undefined` when there is no further attempt.
 *
 * @param failed attempts that have failed, 1 or more
 * @param random uniform in [0, 1)
 * @param askedMs the receiver's `Retry-After`, as `retryAfterMs` of `backoff.ts` reads it
 * @returns milliseconds since 1970
 */
export function nextAttemptMs(failed: number, nowMs: number, random: number, askedMs = 0): number | undefined {
  const delayMs = retryDelaysMs[failed - 1]
  if (delayMs === undefined) return undefined
  const bounded = Math.min(askedMs, longestRetryAfterMs)
  return Math.round(nowMs + Math.max(delayMs * (1 + jitter * random), bounded))
}
