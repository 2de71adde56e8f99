/**
 * `log-damaged`: something that the ledger is about to hand out does not fit what the log committed to, because a table or an object was
 * changed. It is not handed out; the error names the check that failed, as the verifier calls it where that has one, and no person.
 */
import { LedgerError } from '../../errors.ts'
import { TlogError } from '../../tlog/tlog-error.ts'

/** `check`: a step of the verifier, or `index`, `batch` or `tile`, parts of the log that no verifier sees. */
export function damagedLogError(check: string, message: string, cause?: unknown): LedgerError {
  return new LedgerError('log-damaged', message, { members: { check } }, cause)
}

/** What the log's formats refuse, or its readers find to contradict itself, is damage. A store that does not answer is none. */
export function asDamagedLogError(check: string, message: string, error: unknown): unknown {
  const isContradiction = error instanceof LedgerError && (error.code === 'log-forked' || error.code === 'internal')
  return error instanceof TlogError || isContradiction ? damagedLogError(check, message, error) : error
}

export function isDamagedLogError(error: unknown): boolean {
  return error instanceof LedgerError && error.code === 'log-damaged'
}
