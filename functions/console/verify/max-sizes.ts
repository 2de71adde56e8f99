/** What the verifier takes. Larger files are refused unread. */
import { maxFileCharacters } from '../../../shared/verify/exact-json.ts'

/** Bytes of a file: as much as `consent-ledger verify` takes. */
export const maxFileBytes = maxFileCharacters

/** Characters of a list of keys, as many as a policy may have. */
export const maxKeysCharacters = 1_000_000
