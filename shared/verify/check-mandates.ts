/**
 * Opens the mandates of the file, and their revocations. Each leaf must be exactly the bytes that its members make; its disclosures must open what
 * it states and whose it is, and that must be the pseudonym of the events. What a mandate does for a decision is for the rules of consent
 * (`consent/mandate.ts`). A mandate that is not in the file does nothing.
 */
import * as z from 'zod'
import { digestLeaf } from '../consent/leaf.ts'
import {
  type Mandate,
  type MandateEnd,
  mandate,
  mandateClaims,
  mandateEnd,
  type RecordedMandate,
} from '../consent/mandate.ts'
import { zodRecord } from '../consent/zod-schema.ts'
import { openValues } from './disclosures.ts'
import { parseForm, parseJson } from './forms-proof.ts'
import { say } from './say.ts'
import { digest, inProof } from './scalars-in-proof.ts'
import { fail, type Log, missing, quote } from './verification.ts'

const leafForm = z.strictObject({
  _sd: z.array(digest).length(mandateClaims.length),
  _sd_alg: z.literal('sha-256'),
  kind: z.enum(['mandate', 'mandate-ended']),
  v: z.literal(1),
})
const mandateForm = zodRecord(mandate, inProof)
const endForm = zodRecord(mandateEnd, inProof)

/** A mandate or its revocation. */
export type ProvenMandate =
  | { readonly statedAt: string; readonly made: Mandate; readonly ended?: undefined }
  | { readonly statedAt: string; readonly ended: MandateEnd; readonly made?: undefined }

/** A proof or a receipt, as far as it holds mandates. */
interface MandatesInFile {
  readonly mandates?: readonly { readonly leaf: string; readonly disclosures: readonly string[] }[] | undefined
}

/** @param sub the pseudonym of the events; `undefined` without events */
export function openMandates({ mandates = [] }: MandatesInFile, sub: string | undefined, log: Log): ProvenMandate[] {
  const salts = new Set<string>()
  const proven = mandates.map(({ leaf, disclosures }, i): ProvenMandate => {
    const what = say('the-mandate', { number: i + 1 })
    const { kind, _sd } = parseForm(leafForm, parseJson(leaf, 'leaves', what), 'leaves', what)
    if (digestLeaf(kind, _sd) !== leaf) fail('leaves', 'leaf-not-canonical', { what })
    const digests = new Set(_sd)
    if (digests.size !== _sd.length) fail('leaves', 'leaf-digest-twice', { what })
    const values = openValues(disclosures, digests, salts, what)
    for (const name of ['field:mandate', 'field:subject'])
      if (!values.has(name)) missing('disclosures', 'claim-withheld', { what, claim: name })
    if (values.get('field:subject') !== sub) fail('disclosures', 'mandate-other-pseudonym', { what })
    const stated = values.get('field:mandate')
    if (kind === 'mandate') {
      const made = parseForm(mandateForm, stated, 'disclosures', what)
      return { made, statedAt: made.recordedAt }
    }
    const ended = parseForm(endForm, stated, 'disclosures', what)
    return { ended, statedAt: ended.revokedAt }
  })
  const made = proven.flatMap((one) => one.made?.mandateId ?? [])
  const ended = proven.flatMap((one) => one.ended?.mandateId ?? [])
  for (const ids of [made, ended]) if (new Set(ids).size !== ids.length) fail('disclosures', 'mandate-twice')
  const stray = ended.find((mandateId) => !made.includes(mandateId))
  if (stray !== undefined) fail('disclosures', 'revoked-mandate-absent', { stray: quote(stray) })
  if (made.length > 0) {
    log.note('disclosures', 'decided-under-mandates', { mandates: made.map(quote) })
  }
  return proven
}

/**
 * By mandateId.
 *
 * @param knownFrom in the order of the mandates, where the log contradicts the time that one states
 */
export function recordedMandates(
  proven: readonly ProvenMandate[],
  knownFrom: readonly (string | undefined)[],
): ReadonlyMap<string, RecordedMandate> {
  const known = (i: number) => (knownFrom[i] === undefined ? {} : { knownFrom: knownFrom[i] })
  const found = new Map<string, RecordedMandate>()
  proven.forEach(({ made }, i) => {
    if (made === undefined) return
    const j = proven.findIndex(({ ended }) => ended?.mandateId === made.mandateId)
    const end = proven[j]?.ended
    found.set(made.mandateId, { mandate: { ...made, ...known(i) }, ...(end && { end: { ...end, ...known(j) } }) })
  })
  return found
}
