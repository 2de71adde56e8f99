/**
 * `log-damaged`: an answer does not fit what the log committed to, because a table or an object was changed. The answer is withheld. The error
 * names the failed check, by the verifier's name for it if there is one, and no person.
 */
import { LedgerError } from '../../errors.ts'
import { TlogError } from '../../tlog/tlog-error.ts'

/** `check`: a step of the verifier, or `index`, `batch` or `tile`, parts of the log that no verifier sees. */
export function damagedLogError(check: string, message: string, cause?: unknown): LedgerError {
  return new LedgerError('log-damaged', message, { members: { check } }, cause)
}

/** Turns malformed data and contradictions in the log into `log-damaged`. Other errors, such as a store that does not answer, stay as they are. */
export function asDamagedLogError(check: string, message: string, error: unknown): unknown {
  const isContradiction = error instanceof LedgerError && (error.code === 'log-forked' || error.code === 'internal')
  return error instanceof TlogError || isContradiction ? damagedLogError(check, message, error) : error
}

export function isDamagedLogError(error: unknown): boolean {
  return error instanceof LedgerError && error.code === 'log-damaged'
}
