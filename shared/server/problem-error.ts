/** Every way in which a call fails: what the ledger refused, by its stable code, or that no answer came. */
import type { ErrorCode } from '../errors.ts'
import type { Problem } from './wire.ts'

/**
 * A code of the ledger (it may be newer than this client), or one of the client's: `unreachable` when no attempt was answered,
 * `unexpected-answer` when something else than a ledger answered.
 */
export type ProblemCode = ErrorCode | 'unreachable' | 'unexpected-answer' | (string & {})

/** `message` names no person and repeats nothing that was sent, so it may be logged; `given` may not. */
export class ProblemError extends Error {
  /** Of HTTP; 0 when no answer came. */
  readonly status: number
  /** Decide by this. */
  readonly code: ProblemCode
  /** JSON pointer of what was wrong in the request. */
  readonly field: string | undefined
  readonly given: unknown
  readonly allowed: unknown
  /** The whole problem document (RFC 9457). */
  readonly problem: Problem | undefined

  constructor(status: number, code: ProblemCode, message: string, problem?: Problem, cause?: unknown) {
    super(message, { cause })
    this.name = 'ProblemError'
    this.status = status
    this.code = code
    this.field = problem?.field
    this.given = problem?.given
    this.allowed = problem?.allowed
    this.problem = problem
  }
}

/** What an answer that is no success says. */
export function problemIn(operation: string, status: number, text: string): ProblemError {
  const problem = problemOf(text)
  if (problem === undefined) {
    return new ProblemError(status, 'unexpected-answer', `${operation}: ${status}, and not from a ledger`)
  }
  const where = problem.field ? ` at ${problem.field}` : ''
  const words = problem.detail ?? problem.title
  return new ProblemError(status, problem.code, `${operation}: ${problem.code}${where}: ${words}`, problem)
}

/** A success that is not JSON comes from something in between. */
export function jsonIn(operation: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new ProblemError(200, 'unexpected-answer', `${operation}: not JSON, so not from a ledger`, undefined, cause)
  }
}

function problemOf(text: string): Problem | undefined {
  try {
    const given: unknown = JSON.parse(text)
    return isProblem(given) ? given : undefined
  } catch {
    return undefined
  }
}

function isProblem(given: unknown): given is Problem {
  return typeof given === 'object' && given !== null && 'code' in given && typeof given.code === 'string'
}
