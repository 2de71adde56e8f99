/**
 * A proof, as complete as a caller waits for, and verified before it leaves: by the very verifier that an auditor runs, with the keys that
 * `/log/.../policy` hands out. What that refuses is damage, which the operator has to hear of first. `undetermined` is no damage:
 * evidence may have expired.
 */
import type { ConsentProof } from '../../shared/consent/proof-file.ts'
import { timestamp } from '../../shared/ledger/ledger.ts'
import { damagedLogError } from '../../shared/ledger/log/damage.ts'
import { coversProofRows, gatherProofRows } from '../../shared/ledger/proof-rows.ts'
import { assembleProof, type ProofInstants } from '../../shared/ledger/prove-consent.ts'
import type { Instance } from '../instance.ts'
import { untilComplete } from './waiting.ts'

type Asked = Parameters<typeof gatherProofRows> extends [unknown, ...infer Rest] ? Rest : never

/**
 * @returns the proof as the text that was verified, and the rows that it had to leave out
 * @throws LedgerError `log-damaged` with the name of the step that failed, without the step's message
 */
export async function checkedProof(
  { ledger, logPolicy, waiting }: Instance,
  asked: Asked,
  instants: ProofInstants,
): Promise<{ readonly text: string; readonly unreadable?: ConsentProof['unreadable'] }> {
  // An event recorded a moment ago will be in the log soon. The proof names what is still missing after the wait.
  let rows = await gatherProofRows(ledger, ...asked)
  let looks = 0
  const look = () => {
    looks++
    return coversProofRows(ledger, rows, instants.knownAt)
  }
  await untilComplete(look, (isCovered) => isCovered, waiting)
  // What was recorded meanwhile may be in the checkpoint, and belongs in the proof.
  if (looks > 1) rows = await gatherProofRows(ledger, ...asked)
  const proof = await assembleProof(ledger, rows, instants)
  const text = JSON.stringify(proof)
  const [{ parsePolicy, verifyProof }, policy] = await Promise.all([
    import('../../shared/verify/verify.ts'),
    logPolicy(proof.question.controller),
  ])
  const { verdict, failed } = await verifyProof(text, parsePolicy(policy), timestamp(ledger.clock))
  if (verdict !== 'invalid') return { text, unreadable: proof.unreadable }
  const step = failed?.step ?? 'form'
  throw damagedLogError(step, `the proof fails the step "${step}" of its own verifier, and is not handed out`)
}
