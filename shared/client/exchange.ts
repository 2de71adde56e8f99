/** One HTTP call to the ledger. */
import type { Problem } from './ledger-answers.ts'

export interface Reply<T> {
  /** The body of a 2xx. */
  readonly answer?: T
  /** The reason why there is no `answer`. */
  readonly refusal?: Refusal
}

export interface Refusal {
  /** HTTP status; 0 if no answer came, or a 2xx that is not JSON (from a captive portal). */
  readonly status: number
  /** The code is the HTTP status if the answer has none, because a gateway gave it. */
  readonly problem: Problem
  /** The header: seconds, or a date, which the client does not read. */
  readonly retryAfter?: string | null
}

const deadlineMs = 30_000

/** Sends a request and reads the JSON answer. Never rejects. Gives up after 30 s. */
export async function callLedger<T>(send: typeof fetch, url: string, init: RequestInit): Promise<Reply<T>> {
  const abort = new AbortController()
  const deadline = setTimeout(() => abort.abort(), deadlineMs)
  try {
    const response = await send(url, { ...init, signal: abort.signal })
    if (response.ok) return { answer: await response.json() }
    const { status, headers } = response
    const problem = { code: `${status}`, ...(await response.json().catch(() => {})) }
    return { refusal: { status, problem, retryAfter: headers.get('retry-after') } }
  } catch (error) {
    return { refusal: { status: 0, problem: { code: 'unreachable', detail: `${error}` } } }
  } finally {
    clearTimeout(deadline)
  }
}
