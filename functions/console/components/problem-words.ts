/** Maps the code of a failed call to the shell's word for it. */
import type { english } from '../shell/words-en.ts'

type WordName = keyof typeof english & `error${string}`

const wordsByCode: Readonly<Record<string, WordName>> = {
  unreachable: 'errorUnanswered',
  'unexpected-answer': 'errorUnanswered',
  unauthenticated: 'errorUnauthenticated',
  'token-expired': 'errorUnauthenticated',
  forbidden: 'errorForbidden',
  'verb-not-allowed': 'errorForbidden',
  'grant-needed': 'errorGrant',
  'malformed-json': 'errorInvalid',
  'invalid-request': 'errorInvalid',
  'invalid-policy': 'errorInvalid',
  'undeclared-change': 'errorInvalid',
  'unknown-purpose': 'errorUnknownTopic',
  'unknown-policy': 'errorUnknownTopic',
  'not-found': 'errorNotFound',
  'already-exists': 'errorConflict',
  'version-conflict': 'errorConflict',
  'event-conflict': 'errorConflict',
  'too-late-to-retract': 'errorConflict',
  'rate-limited': 'errorRateLimited',
  'body-too-large': 'errorTooLarge',
  'limit-reached': 'errorLimit',
}

/** @param code of a `ProblemError`; any text, because a program in front of the ledger may have answered */
export function problemWord(code: string | undefined): WordName {
  return (code !== undefined && Object.hasOwn(wordsByCode, code) && wordsByCode[code]) || 'errorLedger'
}
