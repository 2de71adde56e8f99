/** A log whose newest checkpoint the page has verified, with the keys that it trusted for that. */
import type { LogPolicy } from '../../../shared/tlog/tlog-policy.ts'
import { parsePolicy } from '../../../shared/tlog/tlog-policy.ts'
import { LogFailure } from '../../../shared/verify/log-failure.ts'
import { readSignedCheckpoint, type SignedCheckpoint } from '../../../shared/verify/signed-checkpoint.ts'
import { type ServedLog, servedLog } from './log-source.ts'

export interface OpenedLog {
  readonly controller: string
  readonly source: ServedLog
  readonly newest: SignedCheckpoint
  readonly policy: LogPolicy
  readonly policyText: string
  /** Where the keys are from. Those of the ledger show that the log agrees with itself; the reader's own show whose log it is. */
  readonly keysFrom: 'ledger' | 'reader'
}

export interface LogChoice {
  readonly controller: string
  /** A policy, or verifier keys, one a line; empty: the ledger's own. */
  readonly keys: string
}

/**
 * @param token of an auditor of the controller
 * @throws TlogError when the keys do not verify the checkpoint, LogFailure when it is of another log, and what the source throws
 */
export async function openLog({ controller, keys }: LogChoice, token?: string): Promise<OpenedLog> {
  const source = servedLog(controller, token)
  const own = keys.trim()
  const [note, policyText] = await Promise.all([source.checkpoint(), own === '' ? source.policy() : `${own}\n`])
  const policy = await policyOf(policyText)
  const newest = await readSignedCheckpoint(note, policy)
  if (!newest.origin.endsWith(`/${controller}`))
    throw new LogFailure('checkpoint', `it is of the log ${newest.origin}, and not of ${controller}`)
  return { controller, source, newest, policy, policyText, keysFrom: own === '' ? 'ledger' : 'reader' }
}

/** A policy begins its lines with words; keys are lines by themselves. */
async function policyOf(text: string): Promise<LogPolicy> {
  if (/^\s*(log|quorum)\s/m.test(text)) return parsePolicy(text)
  // Loaded when keys are pasted: the module has all verifiers.
  await import('../verify/without-eval.ts')
  const { policyOfKeys } = await import('../../../shared/verify/verify.ts')
  return policyOfKeys(text.trim().split(/\s+/))
}
