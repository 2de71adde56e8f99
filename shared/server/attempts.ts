/**
 * One call as a few attempts. What may be sent twice is sent again after a failure of the network, of the server (5xx) or of its
 * patience (429): after the time that `Retry-After` names, else after a pause that doubles, with jitter. Everything else is sent once.
 */
import { ProblemError, problemIn } from './problem-error.ts'

/** What an attempt depends on besides its request; tests pass in their own. */
export interface Conditions {
  readonly fetch: typeof fetch
  /** Milliseconds since 1970. */
  readonly clock: () => number
  /** From 0 to 1. */
  readonly random: () => number
  readonly pause: (ms: number) => Promise<void>
  /** Of one attempt, its answer included. */
  readonly timeoutMs: number
  readonly maxAttempts: number
  /** Of a call: no attempt begins later than this after the first. */
  readonly patienceMs: number
}

export interface Attempt {
  readonly url: string
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

export interface Attempted {
  readonly operation: string
  readonly repeatable: boolean
  /** Made for each attempt: a token may have been renewed, and `sentAt` is now. */
  readonly attempt: () => Promise<Attempt>
}

const firstPauseMs = 200
const longestPauseMs = 5_000

interface Failure {
  readonly error: ProblemError
  readonly isPassing: boolean
  readonly retryAfterMs?: number
}

export async function answerTo(attempted: Attempted, conditions: Conditions): Promise<string> {
  const began = conditions.clock()
  for (let tried = 1; ; tried += 1) {
    const answer = await attemptOnce(attempted, conditions)
    if (typeof answer === 'string') return answer
    const { error, isPassing, retryAfterMs } = answer
    if (!isPassing || !attempted.repeatable || tried >= conditions.maxAttempts) throw error
    const pauseMs = Math.max(retryAfterMs ?? 0, backoffMs(tried, conditions.random()))
    if (conditions.clock() + pauseMs > began + conditions.patienceMs) throw error
    await conditions.pause(pauseMs)
  }
}

async function attemptOnce({ operation, attempt }: Attempted, conditions: Conditions): Promise<string | Failure> {
  const { url, ...init } = await attempt()
  try {
    const signal = AbortSignal.timeout(conditions.timeoutMs)
    // Credentials go where the caller sent them, and nowhere else.
    const response = await conditions.fetch(url, { ...init, signal, redirect: 'manual' })
    const text = await response.text()
    if (response.ok) return text
    return {
      error: problemIn(operation, response.status, text),
      isPassing: response.status >= 500 || response.status === 429,
      retryAfterMs: retryAfterMs(response.headers.get('retry-after'), conditions.clock()),
    }
  } catch (cause) {
    const error = new ProblemError(0, 'unreachable', `${operation}: no answer from the ledger`, undefined, cause)
    return { error, isPassing: true }
  }
}

/** Half of it is chance, so that clients that failed together do not come back together. */
function backoffMs(tried: number, random: number): number {
  const ms = Math.min(longestPauseMs, firstPauseMs * 2 ** (tried - 1))
  return ms / 2 + (ms / 2) * random
}

/** RFC 9110: seconds, or a date. */
function retryAfterMs(header: string | null, now: number): number | undefined {
  if (header === null) return undefined
  const ms = /^\d{1,9}$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now
  return Number.isNaN(ms) ? undefined : Math.max(0, ms)
}
