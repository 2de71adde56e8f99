/**
 * Finds out whether an answer left out a stored row that cannot be read. The answer names it to the caller. The operator gets a log line
 * and a metric, because such a row was damaged or planted, and stays until an operator acts.
 */
import type { Unreadable } from '../../shared/consent/unreadable.ts'
import { LedgerError } from '../../shared/errors.ts'
import type { Answer } from './call.ts'

const codes = ['event-unreadable', 'keys-unreadable', 'publication-unreadable'] as const satisfies Unreadable['code'][]
export type UnreadableCode = (typeof codes)[number]

/** Code of the first row that an answer left out, or for which it refused an event of a batch; `undefined` when all could be read. */
export function unreadableIn({ body, unreadable }: Answer): UnreadableCode | undefined {
  if (unreadable !== undefined) return codeOf(unreadable[0])
  if (typeof body !== 'object' || body === null) return undefined
  if ('unreadable' in body && Array.isArray(body.unreadable)) {
    const [first] = body.unreadable
    // Versions of a policy are named by their keys alone.
    return typeof first === 'string' ? 'publication-unreadable' : codeOf(first)
  }
  if (!('outcomes' in body) || !Array.isArray(body.outcomes)) return undefined
  return body.outcomes.map(({ problem }) => codeOf(problem)).find((code) => code !== undefined)
}

/** The code of a refusal for a row that cannot be read. */
export function unreadableCodeOf(error: unknown): UnreadableCode | undefined {
  return error instanceof LedgerError ? codeOf(error) : undefined
}

function codeOf(named: { readonly code?: unknown } | undefined): UnreadableCode | undefined {
  return codes.find((code) => code === named?.code)
}
