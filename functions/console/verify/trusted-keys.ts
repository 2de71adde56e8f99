/** The keys that the reader trusts: one verifier key a line (https://c2sp.org/signed-note), or a policy (https://c2sp.org/tlog-policy). */
import { TlogError } from '../../../shared/tlog/tlog-error.ts'
import { restoreLines } from '../../../shared/verify/changed-in-transit.ts'
import { type Said, say } from '../../../shared/verify/say.ts'
import { type LogPolicy, parsePolicy, policyOfKeys } from '../../../shared/verify/verify.ts'

/** Lines of a policy begin with one of these words, and no key is one. */
const policyLine = /^[ \t]*(log|witness|group|quorum)[ \t]/m

export function readTrustedKeys(text: string): LogPolicy | { readonly refused: Said } {
  try {
    if (policyLine.test(text)) return parsePolicy(restoreLines(text).text)
    const lines = restoreLines(text).text.split('\n')
    const keys = lines.map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#'))
    return keys.length === 0 ? { refused: say('no-key') } : policyOfKeys(keys)
  } catch (error) {
    if (error instanceof TlogError) return { refused: say(`tlog-${error.code}`, { message: error.message }) }
    throw error
  }
}
