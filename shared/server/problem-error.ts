/** The error of a failed call: the ledger's refusal with its stable code, or the lack of an answer. */
import type { ErrorCode } from '../errors.ts'
import type { Problem } from './wire.ts'

/**
 * A code of the ledger, which may be newer than this client, or one of the client: `unreachable` (no attempt was answered) or
 * `unexpected-answer` (a program that is not a ledger answered).
 */
export type ProblemCode = ErrorCode | 'unreachable' | 'unexpected-answer' | (string & {})

/**
 * Rejection of every failed call. Its `message` names no person and repeats nothing that was sent, so it may be logged; `given` may hold
 * personal data.
 */
export class ProblemError extends Error {
  /** HTTP status; 0 if no answer came. */
  readonly status: number
  /** Stable code. Programs decide by this. */
  readonly code: ProblemCode
  /** JSON pointer (RFC 6901) to the faulty member of the request. */
  readonly field: string | undefined
  /** The value that was refused. May be personal data. */
  readonly given: unknown
  /** What is allowed in its place. */
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

/** The error for an answer that is not a 2xx. */
export function problemErrorOf(operation: string, status: number, text: string): ProblemError {
  const problem = problemOf(text)
  if (problem === undefined) {
    return new ProblemError(status, 'unexpected-answer', `${operation}: ${status}, and not from a ledger`)
  }
  const where = problem.field ? ` at ${problem.field}` : ''
  const words = problem.detail ?? problem.title
  return new ProblemError(status, problem.code, `${operation}: ${problem.code}${where}: ${words}`, problem)
}

/** Parses the answer of a 2xx. One that is not JSON was given by a proxy. */
export function parseAnswer(operation: string, text: string): unknown {
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
