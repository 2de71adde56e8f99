/**
 * Schemas of `consent-proof@1` and `consent-receipt@1`, from those of `shared/consent/proof-file.ts` and `receipt-file.ts`, with bounds. Unknown
 * members of a proof are refused.
 */
import * as z from 'zod'
import * as file from '../consent/proof-file.ts'
import * as receipts from '../consent/receipt-file.ts'
import { maxUnreadableNamed, unreadableInProof } from '../consent/unreadable.ts'
import { zodMembers, zodOf, zodRecord } from '../consent/zod-schema.ts'
import { JsonError, readExactJson } from './exact-json.ts'
import { identity } from './forms-event.ts'
import { type Said, say } from './say.ts'
import { inProof, name } from './scalars-in-proof.ts'
import type { StepId } from './step-ids.ts'
import { fail, quote } from './verification.ts'

/** Limits that no honest file reaches. They bound the work that a hostile file can cause. */
const maxEvents = 25_000
const maxPublished = 1000
const maxCompletions = 1000
const maxLinked = 100
/** Limit on the entries that are named: those of the subject, those of the policy, and one that counts the rest. */
const maxUnreadable = 2 * maxUnreadableNamed + 1

const disclosures = z.array(inProof.disclosure).max(1000)
const controller = z.string().regex(/^[a-z0-9-]{1,40}$/, 'not the id of a controller')

/** Only the outline of the answer. Its members are compared with the recomputed answer later. */
const answer = z.looseObject({ status: name, sentence: z.string().max(100_000) })

const { answer: _recomputed, ...stated } = file.proofOfOne.members

const proofOfOne = z.strictObject({
  ...zodMembers(stated, inProof, {
    origin: z.string().min(1).max(1000),
    question: zodRecord(file.proofQuestion, inProof, { controller, subject: identity }).refine(
      (question) => (question.purposeId === undefined) !== (question.policyId === undefined),
      'exactly one of purposeId and policyId',
    ),
    pending: z
      .array(
        z.discriminatedUnion('kind', [
          zodRecord(file.pendingEvent, inProof),
          zodRecord(file.pendingPublication, inProof),
          zodRecord(file.pendingLink, inProof),
          zodRecord(file.pendingMandate, inProof),
        ]),
      )
      .max(maxEvents + 5 * maxPublished + 2 * maxLinked)
      .optional(),
    knownAtCheckpoint: zodRecord(file.checkpointPrefix, inProof, {
      consistency: z.array(z.string().max(64)).max(128),
    }).optional(),
    setBacks: z.array(inProof.note).max(maxPublished).optional(),
    events: z.array(zodRecord(file.loggedEvent, inProof, { disclosures })).max(maxEvents),
    versions: z.array(zodOf(file.loggedVersion, inProof)).max(maxPublished),
    retractions: z.array(zodOf(file.loggedRetraction, inProof)).max(maxPublished),
    presentations: z.array(zodOf(file.loggedPresentation, inProof)).max(maxPublished),
    mandates: z
      .array(zodRecord(file.loggedMandate, inProof, { disclosures }))
      .min(1)
      .max(2 * maxPublished)
      .optional(),
    completions: z
      .array(zodRecord(file.loggedCompletion, inProof, { disclosures }))
      .min(1)
      .max(maxCompletions)
      .optional(),
    unreadable: z.array(zodOf(unreadableInProof, inProof)).min(1).max(maxUnreadable).optional(),
    texts: z.array(zodRecord(file.proofText, inProof, { text: z.string().max(10_000_000) })).max(2 * maxPublished),
  }),
  answer,
})

/** A side of a link is logged and opened as an event is. */
const side = zodRecord(file.loggedEvent, inProof, { disclosures })

export const consentProof = proofOfOne.extend({
  joint: z
    .strictObject({
      answer,
      subjects: z
        .array(z.strictObject({ linkId: name, here: side, there: side, proof: proofOfOne }))
        .min(1)
        .max(maxLinked),
    })
    .optional(),
})

/** The parsed proof about one subject, with an answer that is still to be compared. */
export type GivenProof = Omit<file.ProofOfOne, 'answer'> & { readonly answer: unknown }
export interface GivenJoint {
  readonly answer: unknown
  readonly subjects: readonly (Omit<file.LinkedProof, 'proof'> & { readonly proof: GivenProof })[]
}
/** The parsed file. */
export type GivenFile = GivenProof & { readonly joint?: GivenJoint }

/** A member that is compared with the disclosures later, and may have any form until then. */
const compared = z.record(name, z.unknown())
const {
  times: _times,
  assurance: _assurance,
  decisions: _decisions,
  link: _link,
  record: _checkedSeparately,
  inclusionPromise: _promise,
  ...others
} = receipts.receipt.members

/**
 * A receipt has a promise, a proof, or both. `check-receipt-record.ts` has the schema of its record. Unknown members are accepted: the digest
 * in the promise covers them.
 */
export const receipt = z.looseObject({
  ...zodMembers(others, inProof, { controller, disclosures }),
  times: compared,
  assurance: name,
  decisions: z.array(compared).max(1000),
  link: z.array(compared).max(1000),
  inclusionPromise: zodRecord(receipts.inclusionPromise, inProof).optional(),
})
export type GivenReceipt = z.output<typeof receipt>

/** Parses the value. If it does not match the schema, the step fails and names the place. */
export function parseForm<T>(form: z.ZodType<T>, value: unknown, step: StepId, what: Said): T {
  const parsed = form.safeParse(value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const path = issue?.path.map(String).join('.') ?? ''
  const where = path === '' ? what : say('part-of', { what, part: path.slice(0, 200) })
  return fail(step, 'not-of-form', { where, fault: faultOf(issue) })
}

/** A fault that the schema found. Not made by `say`, because only languages other than English have a place for `detail`. */
export function faultOf(issue: z.core.$ZodIssue | undefined): Said {
  const message = (issue?.message ?? 'not in the required form').slice(0, 300)
  return {
    code: `form-${issue?.code ?? 'custom'}`,
    values: { message, detail: issue === undefined ? '' : detailOf(issue) },
  }
}

/** What the schema asks for, or the members that it does not have. */
function detailOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.expected
    case 'too_big':
      return String(issue.maximum)
    case 'too_small':
      return String(issue.minimum)
    case 'not_multiple_of':
      return String(issue.divisor)
    case 'unrecognized_keys':
      return quote(issue.keys.join(', '))
    case 'invalid_value':
      return quote(issue.values.map(String).join(', '))
    default:
      return ''
  }
}

export function parseJson(text: string, step: StepId, what: Said, maxCharacters?: number): unknown {
  try {
    return readExactJson(text, maxCharacters)
  } catch (error) {
    if (error instanceof JsonError) fail(step, 'not-exact-json', { what, fault: error.fault })
    throw error
  }
}
