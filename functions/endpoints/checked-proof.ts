/**
 * Proofs, each verified before it leaves by the verifier that auditors run, with the keys that `/log/{controller}/policy` serves. A proof
 * that the verifier calls invalid means that stored data was damaged: the operator hears of it and the caller gets no proof.
 * `undetermined` is served, because evidence may have expired.
 */
import type { Identity } from '../../shared/consent/event.ts'
import type { ConsentProof } from '../../shared/consent/proof-file.ts'
import { LedgerError } from '../../shared/errors.ts'
import type { Topic } from '../../shared/ledger/answers/answers-for-subject.ts'
import type { ControllerSnapshot } from '../../shared/ledger/controllers/controller-snapshots.ts'
import { type Ledger, timestamp } from '../../shared/ledger/ledger.ts'
import type { AdmitLinked } from '../../shared/ledger/links/linked-subjects.ts'
import { damagedLogError } from '../../shared/ledger/log/damage.ts'
import { coversProofRows, gatherProofRows } from '../../shared/ledger/proofs/proof-rows.ts'
import { assembleProof, type ProofInstants } from '../../shared/ledger/proofs/prove-consent.ts'
import type { StoredSubject } from '../../shared/ledger/vault/vault.ts'
import type { LogPolicy } from '../../shared/verify/verify.ts'
import type { Instance } from '../instance.ts'
import { type Waiting, waitUntil } from './waiting.ts'

type Asked = readonly [snapshot: ControllerSnapshot, subject: Identity, topic: Topic]

export interface CheckedProof {
  /** The verified proof: JSON of `consent-proof@1`. */
  readonly text: string
  /** Some recorded entries are not in the log yet, and the proof names them as `pending`. */
  readonly isPending: boolean
  /** Rows that the proof leaves out because they cannot be read. */
  readonly unreadable?: ConsentProof['unreadable']
}

/**
 * On one machine a proof with pending entries is assembled again after the log covers them, for which it waits up to three seconds. On
 * AWS it does not wait, because a Lambda function is paid for by the millisecond: the answer has `Retry-After`.
 *
 * @param stored the subject's rows in the vault, when this request has just read them
 * @param admitLinked records the read under the linked subjects, before anything of theirs is read
 * @throws LedgerError `log-damaged` with the name of the failed step, and without the step's message
 */
export async function checkedProof(
  { ledger, logPolicy, waiting }: Pick<Instance, 'ledger' | 'logPolicy' | 'waiting'>,
  asked: Asked,
  instants: ProofInstants,
  stored?: StoredSubject,
  admitLinked?: AdmitLinked,
): Promise<CheckedProof> {
  const proof = await assembled(ledger, asked, instants, waiting, stored, admitLinked)
  const text = JSON.stringify(proof)
  const [{ parsePolicy, verifyProof }, policy] = await Promise.all([
    import('../../shared/verify/verify.ts'),
    logPolicy(proof.question.controller),
  ])
  const { verdict, failed } = await verifyProof(text, parsedOnce(policy, parsePolicy), timestamp(ledger.clock))
  if (verdict !== 'invalid') return { text, isPending: isPending(proof), unreadable: proof.unreadable }
  const step = failed?.step ?? 'form'
  throw damagedLogError(step, `the proof fails the step "${step}" of its own verifier and is withheld`)
}

function isPending({ pending, joint }: ConsentProof): boolean {
  return pending !== undefined || joint?.subjects.some(({ proof }) => proof.pending !== undefined) === true
}

const parsedPolicies = new Map<string, LogPolicy>()
const maxParsedPolicies = 64

/** The keys of a log seldom change, and the verifier remembers for each policy which checkpoints it has verified. */
function parsedOnce(text: string, parse: (text: string) => LogPolicy): LogPolicy {
  const policy = parsedPolicies.get(text) ?? parse(text)
  if (parsedPolicies.size >= maxParsedPolicies) parsedPolicies.clear()
  parsedPolicies.set(text, policy)
  return policy
}

/** Most proofs have nothing pending, and are assembled once. */
async function assembled(
  ledger: Ledger,
  asked: Asked,
  instants: ProofInstants,
  waiting: Waiting | undefined,
  stored: StoredSubject | undefined,
  admitLinked: AdmitLinked | undefined,
): Promise<ConsentProof> {
  const linkedAt = { at: instants.at, knownAt: instants.knownAt ?? timestamp(ledger.clock) }
  const rows = await gatherProofRows(ledger, ...asked, linkedAt, stored, admitLinked)
  const first = assembleProof(ledger, rows, instants)
  if (waiting === undefined) return first
  const proof = await first.catch(undefinedWithoutLog)
  if (proof !== undefined && !isPending(proof)) return proof
  await waitUntil(() => coversProofRows(ledger, rows, instants.knownAt), waiting)
  // Events that were recorded during the wait may be in the checkpoint by now and belong in the proof.
  const admitAgain: AdmitLinked = async (linked) =>
    linked.every(({ linkId }) => rows.links.some((each) => each.linkId === linkId))
  const again = await gatherProofRows(ledger, ...asked, linkedAt, undefined, admitAgain)
  return assembleProof(ledger, again, instants)
}

/** The first checkpoint of a new controller comes moments after its creation. */
function undefinedWithoutLog(error: unknown): undefined {
  if (error instanceof LedgerError && error.code === 'not-found') return undefined
  throw error
}
