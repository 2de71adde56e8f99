/** Schema of `consent-proof@1`, which `shared/consent/proof-file.ts` describes. Unknown members are refused. */
import * as z from 'zod'
import type { ConsentProof } from '../consent/proof-file.ts'
import { maxUnreadableNamed } from '../consent/unreadable.ts'
import { JsonError, readExactJson } from './exact-json.ts'
import { digest, identity } from './forms-event.ts'
import { instant, name, policyText, presentation, retraction, version, wording } from './forms-published.ts'
import { fail, type StepId } from './verification.ts'

/** Limits that no honest file reaches. They bound the work that a hostile file can cause. */
const maxEvents = 25_000
const maxPublished = 1000
/** Limit on the entries that are named: those of the subject, those of the policy, and one that counts the rest. */
const maxUnreadable = 2 * maxUnreadableNamed + 1

const note = z.string().max(1_000_000)
const tlogProof = z.string().max(2_100_000)
const leaf = z.string().max(16 * 1024)

const logged = {
  leaf,
  tlogProof,
  backdated: z
    .strictObject({
      lacks: note.optional(),
      time: z.strictObject({ leaf, tlogProof }).optional(),
      has: note,
    })
    .optional(),
  postdated: z.strictObject({ has: note }).optional(),
}

const promised = { leafHash: digest, recordedAt: instant, promisedBy: instant }

const policyId = z.string().regex(/^[a-z0-9-]{1,40}$/, 'not the id of a policy')
/** Shown to people only. May be any text, because an attacker may have planted a row under any name. */
const rowName = z.string().max(2048)

const unreadable = z.union([
  z.strictObject({
    code: z.literal('event-unreadable'),
    receiptId: rowName,
    leaf: leaf.optional(),
    tlogProof: tlogProof.optional(),
  }),
  z.strictObject({ code: z.literal('keys-unreadable') }),
  z.strictObject({ code: z.literal('publication-unreadable'), policyId, name: rowName }),
  z.strictObject({ code: z.literal('more-unreadable'), count: z.int().positive() }),
])

/** Only the outline of the answer. Its members are compared with the recomputed answer later. */
const answer = z.looseObject({ status: name, sentence: z.string().max(100_000) })

export const consentProof = z.strictObject({
  format: z.literal('consent-proof@1'),
  origin: z.string().min(1).max(1000),
  question: z
    .strictObject({
      controller: z.string().regex(/^[a-z0-9-]{1,40}$/, 'not the id of a controller'),
      subject: identity,
      purposeId: name.optional(),
      policyId: name.optional(),
      at: instant,
      knownAt: instant,
      askedKnownAt: instant.optional(),
    })
    .refine(
      (question) => (question.purposeId === undefined) !== (question.policyId === undefined),
      'exactly one of purposeId and policyId',
    ),
  answer,
  limits: z.strictObject({ completeness: z.literal('not-proven'), provisional: z.boolean() }),
  pending: z
    .array(
      z.discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('event'), receiptId: name, ...promised }),
        z.strictObject({ kind: z.enum(['version', 'retraction', 'presentation']), name, ...promised }),
      ]),
    )
    .max(maxEvents + 3 * maxPublished)
    .optional(),
  checkpoint: note,
  knownAtCheckpoint: z.strictObject({ checkpoint: note, consistency: z.array(z.string().max(64)).max(128) }).optional(),
  setBacks: z.array(note).max(maxPublished).optional(),
  events: z
    .array(z.strictObject({ ...logged, disclosures: z.array(z.string().max(200_000)).max(1000) }))
    .max(maxEvents),
  versions: z.array(z.strictObject({ ...logged, version })).max(maxPublished),
  retractions: z.array(z.strictObject({ ...logged, retraction })).max(maxPublished),
  presentations: z.array(z.strictObject({ ...logged, presentation })).max(maxPublished),
  expiredUntil: instant.optional(),
  unreadable: z.array(unreadable).min(1).max(maxUnreadable).optional(),
  texts: z
    .array(z.strictObject({ ...policyText, version: name, localeShown: z.boolean(), text: z.string().max(10_000_000) }))
    .max(2 * maxPublished),
})

/** The parsed file: the members of `ConsentProof`, with an answer that is still to be compared. */
export type GivenProof = Omit<ConsentProof, 'answer'> & { readonly answer: unknown }

export const receipt = z.looseObject({
  receiptId: wording,
  schemaVersion: z.literal('consent-receipt@1'),
  controller: z.string().regex(/^[a-z0-9-]{1,40}$/, 'not the id of a controller'),
  site: name,
  eventId: name,
  times: z.record(name, z.unknown()),
  assurance: name,
  decisions: z.array(z.record(name, z.unknown())).max(1000),
  link: z.array(z.record(name, z.unknown())).max(1000),
  leaf,
  disclosures: z.array(z.string().max(200_000)).max(1000),
  inclusionPromise: z
    .strictObject({
      jws: z.string().max(10_000),
      certificates: z.tuple([z.string().max(10_000), z.string().max(10_000)]),
    })
    .optional(),
  tlogProof: tlogProof.optional(),
})
export type GivenReceipt = z.output<typeof receipt>

/** Parses the value. If it does not match the schema, the step fails and names the place. */
export function parseForm<T>(form: z.ZodType<T>, value: unknown, step: StepId, what: string): T {
  const parsed = form.safeParse(value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const path = issue?.path.map(String).join('.') ?? ''
  const where = path === '' ? what : `${what}, ${path.slice(0, 200)}`
  return fail(step, `${where}: ${(issue?.message ?? 'not in the required form').slice(0, 300)}`)
}

export function parseJson(text: string, step: StepId, what: string, maxCharacters?: number): unknown {
  try {
    return readExactJson(text, maxCharacters)
  } catch (error) {
    if (error instanceof JsonError) fail(step, `${what} ${error.message}`)
    throw error
  }
}
