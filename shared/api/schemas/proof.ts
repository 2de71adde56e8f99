/** Schema of `consent-proof@1` (`shared/consent/proof-file.ts`), for the OpenAPI document and the tests. */
import * as z from 'zod'
import { presentation, retraction, statusAnswer, storedText, target, time, version } from './answers.ts'
import { identifier } from './identifier.ts'
import { id, versionName } from './scalars.ts'
import { unreadableInProof } from './unreadable.ts'

const logged = {
  leaf: z.string(),
  tlogProof: z.string().describe('c2sp.org/tlog-proof@v1'),
  backdated: z
    .strictObject({
      lacks: z.string().optional(),
      time: z.strictObject({ leaf: z.string(), tlogProof: z.string() }).optional(),
      has: z.string(),
    })
    .optional(),
  postdated: z
    .strictObject({ has: z.string() })
    .optional()
    .describe('True when the log had the leaf more than 5 minutes before the time that the leaf states.'),
}

const promised = {
  leafHash: z.string().describe('In base64url, as in the inclusion promise.'),
  recordedAt: time,
  promisedBy: time.describe('A checkpoint made after this time without the entry shows that the promise is broken.'),
}

const pendingEntry = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('event'), receiptId: z.string(), ...promised }),
    z.strictObject({ kind: z.enum(['version', 'retraction', 'presentation']), name: z.string(), ...promised }),
  ])
  .meta({
    id: 'PendingEntry',
    description: 'An entry that is recorded but not in the log yet. The answer does not count it.',
  })

export const proof = z
  .strictObject({
    format: z.literal('consent-proof@1'),
    question: z.strictObject({
      controller: id,
      subject: identifier,
      ...target,
      at: time,
      knownAt: time.describe('Not later than the time that the checkpoint covers.'),
      askedKnownAt: time.optional().describe('The knownAt of the question, when that is later.'),
    }),
    answer: statusAnswer,
    origin: z.string(),
    limits: z.strictObject({ completeness: z.literal('not-proven'), provisional: z.boolean() }),
    pending: z.array(pendingEntry).optional().describe('Absent when the log has every recorded entry.'),
    checkpoint: z.string().describe('A signed note (C2SP tlog-checkpoint) with its cosignatures.'),
    knownAtCheckpoint: z.strictObject({ checkpoint: z.string(), consistency: z.array(z.string()) }).optional(),
    setBacks: z
      .array(z.string())
      .optional()
      .describe('Signed notes: checkpoints made after the log’s clock had been wrong and was set back.'),
    events: z.array(z.strictObject({ ...logged, disclosures: z.array(z.string()) })),
    versions: z.array(z.strictObject({ ...logged, version })),
    retractions: z.array(z.strictObject({ ...logged, retraction })),
    presentations: z.array(z.strictObject({ ...logged, presentation })),
    expiredUntil: time.optional().describe('Every event without disclosures was recorded by this time.'),
    unreadable: unreadableInProof,
    texts: z.array(storedText.extend({ version: versionName, localeShown: z.boolean(), text: z.string() })),
  })
  .meta({ id: 'ConsentProof' })
