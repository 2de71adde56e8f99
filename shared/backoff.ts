/**
 * How long to wait before another attempt, for everything that runs in Node. The browser client has a shorter formula of its own, because it
 * must stay small (`client/outbox.ts`).
 */

export interface Backoff {
  /** Longest pause after the first failure; doubled after each further one. */
  readonly firstMs: number
  readonly longestMs: number
}

/**
 * Full jitter: uniform between 0 and a ceiling that doubles, so that clients that failed together do not retry together
 * (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/). Never shorter than the server asked for.
 *
 * @param failures attempts that have failed, 1 or more
 * @param random uniform in [0, 1)
 * @param leastMs the server's `Retry-After`, as `retryAfterMs` reads it
 */
export function backoffMs({ firstMs, longestMs }: Backoff, failures: number, random: number, leastMs = 0): number {
  return Math.max(leastMs, random * Math.min(longestMs, firstMs * 2 ** (failures - 1)))
}

/** Reads `Retry-After` (RFC 9110, section 10.2.3): seconds, or a date. `undefined` when it is neither. */
export function retryAfterMs(header: string | null, nowMs: number): number | undefined {
  if (header === null) return undefined
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - nowMs
  return Number.isNaN(ms) ? undefined : Math.max(0, ms)
}
