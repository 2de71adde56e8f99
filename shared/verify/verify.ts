/**
 * `@consent-ledger/verify`: checks a proof, a receipt or a single leaf offline, with only the keys that its user holds. It shares the
 * rules of consent (`shared/consent`) and the log's formats (`shared/tlog`) with the ledger, and no code that stores or signs anything.
 */
import { encodeUtf8 } from '../tlog/encoding.ts'
import { type LogPolicy, parsePolicy } from '../tlog/tlog-policy.ts'
import { formatTlogProof, parseTlogProof } from '../tlog/tlog-proof.ts'
import {
  howToFetchAgain,
  lostInTransit,
  otherEncoding,
  type RestoredText,
  restoreJson,
  restoreLeaf,
  restoreLines,
} from './changed-in-transit.ts'
import { maxFileCharacters } from './exact-json.ts'
import { consentProof, parseForm, parseJson } from './forms-proof.ts'
import { policyTextOfKeys } from './policy-of-keys.ts'
import { englishSentence, type Said, say } from './say.ts'
import { fail, findingOf, runSteps, type Verification } from './verification.ts'
import { verifyProof } from './verify-proof.ts'
import { type ReceiptOptions, verifyReceipt } from './verify-receipt.ts'
import { isAnswerWithReceipts, verifyReceipts } from './verify-receipts.ts'
import { type LeafOptions, verifyTlogProofFile } from './verify-tlog-proof.ts'

export { swedishSentence } from '../consent/sentence-sv.ts'
export { type LogPolicy, parsePolicy } from '../tlog/tlog-policy.ts'
export type { FailureCode, FindingCode, Said, SaidCode, SaidValue } from './say.ts'
export type { StepId } from './step-ids.ts'
export type { Failed, Pending, RecomputedAnswer, Step, Verdict, Verification } from './verification.ts'
export { verifyProof } from './verify-proof.ts'
export { type ReceiptOptions, verifyReceipt } from './verify-receipt.ts'
export { verifyReceipts } from './verify-receipts.ts'
export { type LeafOptions, verifyTlogProofFile } from './verify-tlog-proof.ts'

/** Options of `verifyFile` and `verifyBytes`, for all kinds of files. */
export interface VerifyOptions extends ReceiptOptions, LeafOptions {}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * Verifies a file, given as its bytes. The content decides which kind of file it is. Never rejects, whatever the file holds.
 *
 * @param bytes the whole file
 * @param policy the logs and witnesses that are trusted: `policyOfKeys`, or `parsePolicy`
 * @param options the instant of the verification, and files that belong to this one
 * @returns the verdict with all findings
 */
export async function verifyBytes(
  bytes: Uint8Array,
  policy: LogPolicy,
  options: VerifyOptions = {},
): Promise<Verification> {
  const text = bytes.length > maxFileCharacters ? undefined : decoded(bytes)
  if (text !== undefined) return verifyFile(text, policy, options)
  return runSteps(undefined, async () => refuseBytes(bytes))
}

function refuseBytes(bytes: Uint8Array): never {
  if (bytes.length > maxFileCharacters)
    fail('form', 'file-too-long', { bytes: bytes.length, allowed: maxFileCharacters })
  fail('form', 'file-not-utf8', { why: otherEncoding(bytes) ?? say('changed-or-other'), again: howToFetchAgain })
}

function decoded(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes)
  } catch {
    return undefined
  }
}

/**
 * Verifies a file, given as text. The content decides which kind of file it is. Changes in transit (line ends, a byte order mark) are
 * undone where that is safe, and named in a note. Never rejects, whatever the file holds.
 *
 * @param given the whole file
 * @param policy the logs and witnesses that are trusted: `policyOfKeys`, or `parsePolicy`
 * @param options the instant of the verification, and files that belong to this one
 * @returns the verdict with all findings
 * @example
 * const policy = policyOfKeys(['ledger.example/acme+71ff2d12+Ac8m…'])
 * const { verdict, answer } = await verifyFile(await readFile('proof.json', 'utf8'), policy)
 * if (verdict === 'valid') console.log(answer?.status.sentence)
 */
export async function verifyFile(given: string, policy: LogPolicy, options: VerifyOptions = {}): Promise<Verification> {
  const { text, changes } = restore(given)
  const { leaf, checkpoint } = options
  const verification = await verifyText(text, policy, {
    ...options,
    ...(leaf !== undefined && { leaf: restoreLeaf(leaf) }),
    ...(checkpoint !== undefined && { checkpoint: restoreLines(checkpoint).text }),
  })
  return withChanges(verification, changes, lostInTransit(text))
}

function restore(given: string): RestoredText {
  return given.slice(0, 40).includes(tlogProofHead) ? restoreLines(given) : restoreJson(given)
}

/** Names the changes in a note if the file is valid, otherwise in the failed step, because the original may be valid. */
function withChanges(found: Verification, undone: readonly Said[], lost: Said | undefined): Verification {
  const { failed } = found
  const changes = failed && lost !== undefined ? [...undone, lost] : undone
  const [first, ...more] = changes
  if (first === undefined) return found
  const what = more.reduce((before, one) => say('both', { first: before, second: one }), first)
  if (failed === undefined) {
    return {
      ...found,
      steps: [findingOf('form', 'note', say('changed-and-undone', { changes: what })), ...found.steps],
    }
  }
  const said = say('changed-on-its-way', { failure: failed.said, changes: what, again: howToFetchAgain })
  const says = englishSentence(said)
  const steps = found.steps.map((step) =>
    step.outcome === 'failed' && step.step === failed.step ? { ...step, says, said } : step,
  )
  return { ...found, steps, failed: { ...failed, says, said } }
}

const tlogProofHead = 'c2sp.org/tlog-proof@'

async function verifyText(text: string, policy: LogPolicy, options: VerifyOptions): Promise<Verification> {
  if (text.startsWith(tlogProofHead)) return verifyTlogProofFile(text, policy, options)
  switch (kindOf(text)) {
    case 'proof':
      return verifyProof(text, policy, options.now)
    case 'receipt':
      return verifyReceipt(text, policy, options)
    case 'receipts':
      return verifyReceipts(text, policy, options)
    default:
      return runSteps(undefined, async () => fail('form', text.trim() === '' ? 'file-empty' : 'file-of-unknown-kind'))
  }
}

/** Chooses the verifier of the file, which then reads it strictly. */
function kindOf(text: string): 'proof' | 'receipt' | 'receipts' | undefined {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null) return undefined
    // A person’s own record is an answer with receipts; only these are verified.
    if ('format' in value && value.format !== 'consent-own-record@1') return 'proof'
    return 'schemaVersion' in value ? 'receipt' : isAnswerWithReceipts(value) ? 'receipts' : undefined
  } catch {
    return text.trimStart().startsWith('{') ? 'proof' : undefined
  }
}

/**
 * Makes a policy of verifier keys (https://c2sp.org/signed-note): keys of type Ed25519 are of trusted logs, keys of cosignatures are of
 * known witnesses, whose times count. No witness is required.
 *
 * @returns the policy
 * @throws TlogError `malformed-key` or `malformed-policy`
 */
export function policyOfKeys(vkeys: readonly string[]): LogPolicy {
  return parsePolicy(policyTextOfKeys(vkeys))
}

/**
 * Splits a consent proof into one `.tlog-proof` file (https://c2sp.org/tlog-proof) for each event, with leaf and disclosures in its
 * `extra` line. Verifies nothing.
 *
 * @returns a file name and the text of each
 * @throws Error if the text is not a consent proof
 */
export function extractTlogProofs(text: string): { readonly name: string; readonly text: string }[] {
  const proof = parseForm(
    consentProof,
    parseJson(restoreJson(text).text, 'form', say('the-file')),
    'form',
    say('the-file'),
  )
  return proof.events.map(({ leaf, disclosures, tlogProof }, i) => {
    const parsed = parseTlogProof(tlogProof)
    const extra = encodeUtf8(JSON.stringify({ leaf, disclosures }), 'malformed-proof')
    return { name: `event-${i + 1}-leaf-${parsed.index}.tlog-proof`, text: formatTlogProof({ ...parsed, extra }) }
  })
}
