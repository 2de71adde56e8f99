/**
 * Retries one call to an AWS service with full jitter while its errors are transient, for at most 10 seconds; then throws `unavailable`.
 * The SDK clients are configured to try once, so that this is the only retry. Times are in milliseconds, and only differences of the
 * clock matter.
 */
import { backoffMs } from '../../shared/backoff.ts'
import { LedgerError } from '../../shared/errors.ts'
import type { Clock } from '../../shared/ledger/store.ts'
import { backoff } from './batching.ts'
import { isTransient } from './dynamodb-errors.ts'

export interface AttemptOptions {
  readonly deadlineMs?: number
  /** How long transient errors are retried, within the deadline. @default deadlineMs */
  readonly retryMs?: number
  readonly clock?: Clock
  readonly sleep?: (ms: number) => Promise<void>
  /** Uniform in [0, 1): the jitter. */
  readonly random?: () => number
}

export interface Service {
  /** For the error's message. */
  readonly name: string
  /** Names of further transient errors, in addition to throttling, 5xx and broken connections. */
  readonly passing?: ReadonlySet<string>
}

/** Sends until there is an answer. Permanent errors are rethrown unchanged. */
export type Ask = <Result>(send: (signal: AbortSignal) => Promise<Result>) => Promise<Result>

export function attempts(service: Service, options: AttemptOptions = {}): Ask {
  const { deadlineMs = 10_000, retryMs = deadlineMs, clock = () => performance.now(), random = Math.random } = options
  const sleep = options.sleep ?? ((ms: number) => new Promise((resolve) => setTimeout(resolve, ms)))

  const unavailable = (cause: unknown) =>
    new LedgerError('unavailable', `${service.name} gave no answer within ${retryMs} ms.`, {}, cause)

  return async (send) => {
    const expiresAt = clock() + deadlineMs
    const lastTryAt = expiresAt - deadlineMs + retryMs
    for (let made = 1; ; made++) {
      const abort = new AbortController()
      const timer = setTimeout(() => abort.abort(), expiresAt - clock())
      try {
        return await send(abort.signal)
      } catch (error) {
        if (abort.signal.aborted) throw unavailable(error)
        if (!isTransient(error) && !isNamed(error, service.passing)) throw error
        const delayMs = backoffMs(backoff, made, random())
        if (clock() + delayMs >= lastTryAt) throw unavailable(error)
        await sleep(delayMs)
      } finally {
        clearTimeout(timer)
      }
    }
  }
}

export function isNamed(error: unknown, names: ReadonlySet<string> | undefined): boolean {
  return error instanceof Error && names?.has(error.name) === true
}

/** The error that leaves an adapter. The service's message stays in the cause, because it may quote names and keys. */
export function refusedBy(service: Service, error: unknown): LedgerError {
  if (error instanceof LedgerError) return error
  const name = error instanceof Error ? error.name : 'an unknown error'
  return new LedgerError('internal', `${service.name} refused the request: ${name}.`, {}, error)
}
