/**
 * Merges concurrent requests into few calls and retries transient failures. It saves the SDK's cost per call: requests made in one turn
 * of the event loop share a call, and while two calls are in flight, further requests share the next one.
 *
 * A request on an idle queue is sent at the end of its turn; no timer delays it. A call that fails permanently as a whole is split: each
 * request is sent again alone, so that one bad request cannot fail the others. Transient failures wait with full jitter and queue again.
 * No request outlives its deadline, whether queued, waiting or sent. Times are in milliseconds; only differences of the clock matter.
 */
import { type Backoff, backoffMs } from '../../shared/backoff.ts'
import { LedgerError } from '../../shared/errors.ts'
import type { Clock } from '../../shared/ledger/store.ts'

export interface RetryOptions {
  readonly clock: Clock
  readonly sleep: (ms: number) => Promise<void>
  /** Uniform in [0, 1): the jitter. */
  readonly random: () => number
  /** From the request to `unavailable`. */
  readonly deadlineMs: number
  /** From the request to its last retry after a transient failure. @default deadlineMs */
  readonly retryMs?: number
}

/** The result of one request of a call. A transient error is retried. */
export type Verdict<Result> = { readonly result: Result } | { readonly error: Error; readonly transient: boolean }

export interface Batching<Request, Result> {
  readonly maxItems: number
  readonly maxInFlight: number
  /** What happens to a request whose key is already in the batch: it `wait`s for the next batch, or they `share` one result. */
  readonly equalKeys: 'wait' | 'share'
  readonly keyOf: (request: Request) => string
  /** One call: a verdict for each request, in order. Rejects if the call failed as a whole. */
  readonly send: (requests: readonly Request[], signal: AbortSignal) => Promise<readonly Verdict<Result>[]>
  readonly isTransient: (error: unknown) => boolean
}

interface Waiting<Request, Result> {
  readonly request: Request
  readonly key: string
  readonly expiresAt: number
  readonly lastTryAt: number
  attempts: number
  alone: boolean
  readonly resolve: (result: Result) => void
  readonly reject: (error: unknown) => void
}

/** For a request that is absent from the answer: its outcome is unknown. */
const missing = { error: new Error('The answer has fewer results than the call had requests.'), transient: true }

/** Pauses after transient failures of AWS services. */
export const backoff: Backoff = { firstMs: 25, longestMs: 1_000 }

/** Returns a function that gives one promise for each request, rejected with the cause or with `unavailable`. */
export function coalesce<Request, Result>(
  batching: Batching<Request, Result>,
  retry: RetryOptions,
): (requests: readonly Request[]) => Promise<Result>[] {
  type Entry = Waiting<Request, Result>
  let queue: Entry[] = []
  let inFlight = 0
  let isPumpDue = false

  /** At the end of this turn of the event loop, so that all its requests share a call. */
  function pumpSoon(): void {
    if (isPumpDue) return
    isPumpDue = true
    setImmediate(pump)
  }

  function pump(): void {
    isPumpDue = false
    while (inFlight < batching.maxInFlight && queue.length > 0) {
      const groups = take()
      if (groups.length > 0) void call(groups)
    }
  }

  /** The next batch: entries grouped by key, oldest first; with `wait` each group is one entry. */
  function take(): Entry[][] {
    const now = retry.clock()
    const groups = new Map<string, Entry[]>()
    const left: Entry[] = []
    let seen = 0
    for (const entry of queue) {
      const equal = groups.get(entry.key)
      if (entry.expiresAt <= now) {
        entry.reject(unavailable(undefined))
      } else if (equal !== undefined && batching.equalKeys === 'share' && !entry.alone) {
        equal.push(entry)
      } else if (equal !== undefined || (entry.alone && groups.size > 0)) {
        left.push(entry)
      } else {
        groups.set(entry.key, [entry])
        if (entry.alone || groups.size === batching.maxItems) {
          seen++
          break
        }
      }
      seen++
    }
    queue = left.length === 0 && seen === queue.length ? [] : [...left, ...queue.slice(seen)]
    return [...groups.values()]
  }

  async function call(groups: readonly Entry[][]): Promise<void> {
    inFlight++
    const entries = groups.flat()
    const requests = groups.flatMap((group) => group.slice(0, 1)).map((entry) => entry.request)
    const expiresAt = Math.min(...entries.map((entry) => entry.expiresAt))
    const abort = new AbortController()
    const timer = setTimeout(() => abort.abort(), expiresAt - retry.clock())
    try {
      const verdicts = await batching.send(requests, abort.signal)
      settle(groups, verdicts)
    } catch (error) {
      if (abort.signal.aborted || batching.isTransient(error)) later(entries, error)
      else if (groups.length > 1) takeApart(entries)
      else for (const entry of entries) entry.reject(error)
    } finally {
      clearTimeout(timer)
      inFlight--
      pumpSoon()
    }
  }

  function settle(groups: readonly Entry[][], verdicts: readonly Verdict<Result>[]): void {
    const again: Entry[] = []
    let lastError: unknown
    for (const [index, group] of groups.entries()) {
      const verdict = verdicts[index] ?? missing
      if ('result' in verdict) for (const entry of group) entry.resolve(verdict.result)
      else if (!verdict.transient) for (const entry of group) entry.reject(verdict.error)
      else {
        again.push(...group)
        lastError = verdict.error
      }
    }
    if (again.length > 0) later(again, lastError)
  }

  function takeApart(entries: readonly Entry[]): void {
    for (const entry of entries) entry.alone = true
    queue = [...entries, ...queue]
  }

  /** One delay for all of them, so that they can share the next call again. */
  function later(entries: readonly Entry[], error: unknown): void {
    for (const entry of entries) entry.attempts++
    const delayMs = backoffMs(backoff, Math.max(...entries.map((entry) => entry.attempts)), retry.random())
    const wakesAt = retry.clock() + delayMs
    const again = entries.filter((entry) => entry.lastTryAt > wakesAt)
    for (const entry of entries) if (entry.lastTryAt <= wakesAt) entry.reject(unavailable(error))
    if (again.length === 0) return
    void retry.sleep(delayMs).then(() => {
      queue.push(...again)
      pumpSoon()
    })
  }

  function unavailable(cause: unknown): LedgerError {
    return new LedgerError(
      'unavailable',
      `The database gave no answer within ${retry.retryMs ?? retry.deadlineMs} ms.`,
      {},
      cause,
    )
  }

  return (requests) => {
    const now = retry.clock()
    const expiresAt = now + retry.deadlineMs
    const lastTryAt = Math.min(expiresAt, now + (retry.retryMs ?? retry.deadlineMs))
    const answers = requests.map(
      (request) =>
        new Promise<Result>((resolve, reject) => {
          const key = batching.keyOf(request)
          queue.push({ request, key, expiresAt, lastTryAt, attempts: 0, alone: false, resolve, reject })
        }),
    )
    pumpSoon()
    return answers
  }
}
