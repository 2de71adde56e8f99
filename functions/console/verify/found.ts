/** One verification as the page shows it: what was given, and what was found. */
import type { Verification } from '../../../shared/verify/verification.ts'
import type { Found } from './examine.ts'

/** `given`: pasted or from a file of the reader's. `ledger`: fetched from the ledger that served the page, which so vouches for itself. */
export interface TrustedKeys {
  readonly text: string
  readonly source: 'given' | 'ledger'
}

export interface Examined {
  readonly file: File
  readonly keys: TrustedKeys
  /** RFC 3339. */
  readonly verifiedAt: string
  readonly found: Found
}

/** Whether every check passed, so that what the file says may be shown as such. */
export function isProven({ verdict }: Verification): boolean {
  return verdict === 'valid' || verdict === 'pending'
}
