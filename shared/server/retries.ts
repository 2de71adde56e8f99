/**
 * Retries of one call. A call that may be sent twice is sent again after a network failure, a 5xx or a 429, after the time in
 * `Retry-After` or a random pause (`backoff.ts`), whichever is longer. All other calls are sent once.
 */
import { type Backoff, backoffMs, retryAfterMs } from '../backoff.ts'
import { ProblemError, problemErrorOf } from './problem-error.ts'

/** Environment and limits of attempts. Tests pass in their own. */
export interface Conditions {
  readonly fetch: typeof fetch
  /** Milliseconds since 1970. */
  readonly clock: () => number
  /** Uniform in [0, 1). */
  readonly random: () => number
  readonly pause: (ms: number) => Promise<void>
  /** Time limit of one attempt, including its answer. */
  readonly timeoutMs: number
  readonly maxAttempts: number
  /** No attempt of a call begins later than this after the first. */
  readonly patienceMs: number
}

export interface Attempt {
  readonly url: string
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

export interface RepeatableCall {
  readonly operation: string
  readonly repeatable: boolean
  /** Makes the request anew for each attempt, because a token may have been renewed and `sentAt` changes. */
  readonly attempt: () => Promise<Attempt>
}

const backoff: Backoff = { firstMs: 200, longestMs: 5_000 }

interface Failure {
  readonly error: ProblemError
  readonly isTransient: boolean
  readonly retryAfterMs?: number
}

export async function callWithRetries(attempted: RepeatableCall, conditions: Conditions): Promise<string> {
  const began = conditions.clock()
  for (let tried = 1; ; tried += 1) {
    const answer = await attemptOnce(attempted, conditions)
    if (typeof answer === 'string') return answer
    const { error, isTransient, retryAfterMs } = answer
    if (!isTransient || !attempted.repeatable || tried >= conditions.maxAttempts) throw error
    const pauseMs = backoffMs(backoff, tried, conditions.random(), retryAfterMs)
    if (conditions.clock() + pauseMs > began + conditions.patienceMs) throw error
    await conditions.pause(pauseMs)
  }
}

async function attemptOnce({ operation, attempt }: RepeatableCall, conditions: Conditions): Promise<string | Failure> {
  const { url, ...init } = await attempt()
  try {
    const signal = AbortSignal.timeout(conditions.timeoutMs)
    // Redirects are not followed, so that credentials go only to the address that the caller gave.
    const response = await conditions.fetch(url, { ...init, signal, redirect: 'manual' })
    const text = await response.text()
    if (response.ok) return text
    return {
      error: problemErrorOf(operation, response.status, text),
      isTransient: response.status >= 500 || response.status === 429,
      retryAfterMs: retryAfterMs(response.headers.get('retry-after'), conditions.clock()),
    }
  } catch (cause) {
    const error = new ProblemError(0, 'unreachable', `${operation}: no answer from the ledger`, undefined, cause)
    return { error, isTransient: true }
  }
}
