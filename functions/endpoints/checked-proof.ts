/**
 * Proofs, each verified before it leaves by the verifier that auditors run, with the keys that `/log/{controller}/policy` serves. A proof
 * that the verifier calls invalid means that stored data was damaged: the operator hears of it and the caller gets no proof.
 * `undetermined` is served, because evidence may have expired.
 */
import type { ConsentProof } from '../../shared/consent/proof-file.ts'
import { timestamp } from '../../shared/ledger/ledger.ts'
import { damagedLogError } from '../../shared/ledger/log/damage.ts'
import { coversProofRows, gatherProofRows } from '../../shared/ledger/proof-rows.ts'
import { assembleProof, type ProofInstants } from '../../shared/ledger/prove-consent.ts'
import type { Instance } from '../instance.ts'
import { waitUntil } from './waiting.ts'

type Asked = Parameters<typeof gatherProofRows> extends [unknown, ...infer Rest] ? Rest : never

export interface CheckedProof {
  /** The verified proof: JSON of `consent-proof@1`. */
  readonly text: string
  /** Some recorded entries are not in the log yet, and the proof names them as `pending`. */
  readonly isPending: boolean
  /** Rows that the proof leaves out because they cannot be read. */
  readonly unreadable?: ConsentProof['unreadable']
}

/**
 * Assembles a proof once. On one machine it first waits up to three seconds for the log to cover what was just recorded. On AWS it does
 * not wait, because a Lambda function is paid for by the millisecond: the answer has `Retry-After`.
 *
 * @throws LedgerError `log-damaged` with the name of the failed step, and without the step's message
 */
export async function checkedProof(
  { ledger, logPolicy, waiting }: Instance,
  asked: Asked,
  instants: ProofInstants,
): Promise<CheckedProof> {
  let rows = await gatherProofRows(ledger, ...asked)
  const hasWaited = waiting && (await waitUntil(() => coversProofRows(ledger, rows, instants.knownAt), waiting))
  // Events that were recorded during the wait may be in the checkpoint by now and belong in the proof.
  if (hasWaited) rows = await gatherProofRows(ledger, ...asked)
  const proof = await assembleProof(ledger, rows, instants)
  const text = JSON.stringify(proof)
  const [{ parsePolicy, verifyProof }, policy] = await Promise.all([
    import('../../shared/verify/verify.ts'),
    logPolicy(proof.question.controller),
  ])
  const { verdict, failed } = await verifyProof(text, parsePolicy(policy), timestamp(ledger.clock))
  if (verdict !== 'invalid') return { text, isPending: proof.pending !== undefined, unreadable: proof.unreadable }
  const step = failed?.step ?? 'form'
  throw damagedLogError(step, `the proof fails the step "${step}" of its own verifier and is withheld`)
}
