/**
 * Every way in which the ledger says no: one stable code each, with what was wrong, what was given and what is allowed.
 * The code decides the HTTP status (`functions/http/problem.ts`); messages are for people and may be reworded.
 * No error carries a stored value or anything that identifies a person.
 */
export type ErrorCode =
  | 'malformed-json'
  | 'invalid-request'
  | 'body-too-large'
  | 'unsupported-media-type'
  | 'rate-limited'
  | 'unauthenticated'
  | 'token-expired'
  | 'forbidden'
  | 'grant-needed'
  | 'origin-not-allowed'
  | 'not-found'
  | 'method-not-allowed'
  | 'unknown-purpose'
  | 'unknown-policy'
  | 'verb-not-allowed'
  | 'leaf-too-large'
  | 'event-conflict'
  | 'event-unreadable'
  | 'keys-unreadable'
  | 'already-exists'
  | 'version-conflict'
  | 'undeclared-change'
  | 'invalid-policy'
  | 'too-late-to-retract'
  | 'limit-reached'
  | 'log-forked'
  | 'log-damaged'
  | 'unavailable'
  | 'internal'

export interface ErrorFacts {
  /** JSON pointer of the offending part of the request, e.g. `/decisions/0/verb`. */
  readonly field?: string
  readonly given?: unknown
  readonly allowed?: unknown
  /** Of `rate-limited`: when the same request may be sent again. */
  readonly retryAfterSeconds?: number
  /** Further members of the problem document, e.g. the two digests of a conflict. */
  readonly members?: Readonly<Record<string, unknown>>
}

export class LedgerError extends Error {
  readonly code: ErrorCode
  readonly facts: ErrorFacts

  constructor(code: ErrorCode, message: string, facts: ErrorFacts = {}, cause?: unknown) {
    super(message, { cause })
    this.name = 'LedgerError'
    this.code = code
    this.facts = facts
  }
}

/** Code of a `LedgerError`, or the name of another error, whose message may hold personal data. */
export function codeOf(error: unknown): string {
  if (error instanceof LedgerError) return error.code
  return error instanceof Error ? error.name : 'unknown'
}
