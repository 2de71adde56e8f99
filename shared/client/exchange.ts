/** One call to the ledger and its outcome. Never rejects. */
import type { Problem } from './ledger-answers.ts'

export interface Reply<T> {
  /** The body of a 2xx. */
  readonly answer?: T
  /** Why there is no `answer`. */
  readonly refusal?: Refusal
}

export interface Refusal {
  /** HTTP status; 0 when there was no answer, or a 2xx that is not JSON, as from a captive portal. */
  readonly status: number
  /** For an answer that is not the ledger's, such as a gateway's, the code is its HTTP status. */
  readonly problem: Problem
  /** Seconds to wait; 0 or NaN when the answer states none. */
  readonly retryAfter?: number
}

const deadlineMs = 30_000

export async function exchange<T>(send: typeof fetch, url: string, init: RequestInit): Promise<Reply<T>> {
  const abort = new AbortController()
  const deadline = setTimeout(() => abort.abort(), deadlineMs)
  try {
    const response = await send(url, { ...init, signal: abort.signal })
    if (response.ok) return { answer: await response.json() }
    const { status, headers } = response
    const said = await response.json().catch(() => undefined)
    const problem = { code: `${status}`, ...said }
    return { refusal: { status, problem, retryAfter: Number(headers.get('retry-after')) } }
  } catch (error) {
    return { refusal: { status: 0, problem: { code: 'unreachable', detail: `${error}` } } }
  } finally {
    clearTimeout(deadline)
  }
}
