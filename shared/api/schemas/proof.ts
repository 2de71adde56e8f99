/** Schema of `consent-proof@1` (`shared/consent/proof-file.ts`), for the OpenAPI document and the tests. */
import * as z from 'zod'
import type { Identity } from '../../consent/event.ts'
import * as file from '../../consent/proof-file.ts'
import { zodRecord } from '../../consent/zod-schema.ts'
import { presentation, retraction, statusAnswer, version } from './answers.ts'
import { identifier } from './identifier.ts'
import { inAnswer, time } from './in-answer.ts'
import { jointMembers } from './links.ts'
import { unreadableInProof } from './unreadable.ts'

const logged = {
  postdated: z
    .strictObject({ has: z.string() })
    .optional()
    .describe('True when the log had the leaf more than 5 minutes before the time that the leaf states.'),
}

const promised = {
  promisedBy: time.describe('A checkpoint made after this time without the entry shows that the promise is broken.'),
}

const pendingEntry = z
  .discriminatedUnion('kind', [
    zodRecord(file.pendingEvent, inAnswer, promised),
    zodRecord(file.pendingPublication, inAnswer, promised),
    zodRecord(file.pendingLink, inAnswer, promised),
    zodRecord(file.pendingMandate, inAnswer, promised),
  ])
  .meta({
    id: 'PendingEntry',
    description: 'An entry that is recorded but not in the log yet. The answer does not count it.',
  })

const members = (subject: z.ZodType<Identity>) => ({
  question: zodRecord(file.proofQuestion, inAnswer, {
    subject,
    knownAt: time.describe('Not later than the time that the checkpoint covers.'),
    askedKnownAt: time.optional().describe('The knownAt of the question, when that is later.'),
  }),
  answer: statusAnswer,
  pending: z.array(pendingEntry).optional().describe('Absent when the log has every recorded entry.'),
  checkpoint: z.string().describe('A signed note (C2SP tlog-checkpoint) with its cosignatures.'),
  setBacks: z
    .array(z.string())
    .optional()
    .describe('Signed notes: checkpoints made after the log’s clock had been wrong and was set back.'),
  events: z.array(zodRecord(file.loggedEvent, inAnswer, logged)),
  versions: z.array(zodRecord(file.loggedVersion, inAnswer, { ...logged, version })),
  retractions: z.array(zodRecord(file.loggedRetraction, inAnswer, { ...logged, retraction })),
  presentations: z.array(zodRecord(file.loggedPresentation, inAnswer, { ...logged, presentation })),
  mandates: z.array(zodRecord(file.loggedMandate, inAnswer, logged)).optional(),
  expiredUntil: time.optional().describe('Every event without disclosures was recorded by this time.'),
  unreadable: unreadableInProof,
})

const linked = z.strictObject({ type: z.literal(file.linkedType), id: z.string() }).describe('It goes by its link.')
const side = zodRecord(file.loggedEvent, inAnswer, logged)
const proofOfLinked = zodRecord(file.proofOfOne, inAnswer, members(linked)).meta({ id: 'ProofOfLinkedSubject' })

export const proof = zodRecord(file.consentProof, inAnswer, {
  ...members(identifier),
  joint: z
    .strictObject({
      answer: z.strictObject({ ...statusAnswer.shape, ...jointMembers }),
      subjects: z.array(z.strictObject({ linkId: z.string(), here: side, there: side, proof: proofOfLinked })),
    })
    .optional()
    .describe('For a subject that is linked: what all amount to together, with both sides of each link.'),
}).meta({ id: 'ConsentProof' })
