/**
 * Reads one side of a link: its leaf, which has no pseudonym in clear, and the claims that open it. Four must be open, because a side that does
 * not say whose it is proves nothing. The fifth, the person's identifier, is open on the side of the person asked about.
 */
import * as z from 'zod'
import { type Identity, identity, policyLink } from '../consent/event.ts'
import { digestLeaf } from '../consent/leaf.ts'
import { identityClaim, sideProofs } from '../consent/subject-links.ts'
import { zodRecord } from '../consent/zod-schema.ts'
import { openValues } from './disclosures.ts'
import { parseForm, parseJson } from './forms-proof.ts'
import { type Said, say } from './say.ts'
import { digest, inProof, instant, name, wording } from './scalars-in-proof.ts'
import { fail, missing } from './verification.ts'

const step = 'joint'

const leafForm = z.strictObject({
  _sd: z.array(digest).min(4).max(5),
  _sd_alg: z.literal('sha-256'),
  kind: z.literal('link'),
  v: z.literal(1),
})

const claims = {
  'field:subject': digest,
  'field:act': z.strictObject({
    act: z.literal('link'),
    linkId: name,
    recordedAt: instant,
    requestId: name.optional(),
  }),
  'field:proof': z.strictObject({
    here: z.enum(sideProofs).optional(),
    there: z.enum(sideProofs).optional(),
    ground: wording.optional(),
  }),
  'field:shown': z.strictObject({
    shown: z.array(zodRecord(policyLink, inProof)).max(100),
    presentationId: name.optional(),
  }),
} as const

const identityForm = zodRecord(identity, inProof)

export interface LinkSide {
  /** Its name in sentences. */
  readonly what: Said
  /** The pseudonym of the subject whose side it is. */
  readonly sub: string
  readonly act: z.output<(typeof claims)['field:act']>
  /** Absent where it stays closed, and in links of before 30 November 2026. */
  readonly identity?: Identity
}

/** `salts` collects the salts of all sides: one that is used twice does not hide the second value. */
export function readLinkSide(
  { leaf, disclosures }: { readonly leaf: string; readonly disclosures: readonly string[] },
  salts: Set<string>,
  what: Said,
): LinkSide {
  const { _sd: digests } = parseForm(leafForm, parseJson(leaf, step, what), step, what)
  if (digestLeaf('link', digests) !== leaf) fail(step, 'not-canonical', { what })
  const values = openValues(disclosures, new Set(digests), salts, what, step)
  const open = <T>(claim: keyof typeof claims | typeof identityClaim, form: z.ZodType<T>): T =>
    values.has(claim)
      ? parseForm(form, values.get(claim), step, say('part-of', { what, part: claim }))
      : missing(step, 'claim-withheld', { what, claim })
  const sub = open('field:subject', claims['field:subject'])
  const act = open('field:act', claims['field:act'])
  open('field:proof', claims['field:proof'])
  open('field:shown', claims['field:shown'])
  const named = values.has(identityClaim) ? open(identityClaim, identityForm) : undefined
  if (values.size !== Object.keys(claims).length + (named ? 1 : 0)) fail(step, 'claim-unknown', { what })
  return { what, sub, act, ...(named && { identity: named }) }
}
