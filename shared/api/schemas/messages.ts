/**
 * The messages that endpoints get, as their bodies are (`shared/ledger/fan-out/`). The ledger sends them and validates none: the tests' receiver checks
 * each one against these schemas. `type` comes first, so that a receiver can choose by it.
 */
import * as z from 'zod'
import { channels } from '../../consent/client-event.ts'
import * as events from '../../consent/event.ts'
import { type MessageType, messageTypes, pingType } from '../../consent/message-types.ts'
import * as receipts from '../../consent/receipt-file.ts'
import { zodMembers } from '../../consent/zod-schema.ts'
import { identifier } from './identifier.ts'
import { inAnswer, oneOfGrowing, time } from './in-answer.ts'
import { id, versionName } from './scalars.ts'

const about = {
  id: z
    .string()
    .describe('The id of the delivery, as in `webhook-id`. It is the same at each attempt and each redelivery.'),
  controller: id,
  endpoint: id,
}
const placed = {
  ...about,
  leaf: z.int().min(0).describe('Index of the leaf of the log that the message was made from.'),
  sequence: z
    .int()
    .min(1)
    .optional()
    .describe(
      'Counts the messages of the endpoint without gaps. Absent from a redelivery of what it was not sent before.',
    ),
}
const person = {
  ...placed,
  subject: z
    .string()
    .regex(/^[\w-]{43}$/)
    .describe('Pseudonym of the person.'),
  ask: z
    .url()
    .describe('Where a token with scope `consent.audit` and a grant gets the identifier and the present status.'),
}
const { effect } = zodMembers(receipts.effectDetails, inAnswer)

const decisionData = z
  .strictObject({
    ...person,
    purposeId: id.optional(),
    policyId: id.optional(),
    version: versionName.optional().describe('The version that was shown, or else the one that was in force.'),
    regime: z
      .strictObject({ jurisdiction: z.string(), legalBasis: z.string() })
      .optional()
      .describe('Which law and legal basis the decision is under.'),
    effect: effect.optional().describe('What it counted as when it was recorded: `none` and `shown` permit nothing.'),
    expiresAt: time.optional().describe('This member and the next two: of a consent that ends by itself.'),
    days: z.int().min(1).optional().describe('How many days ahead it is announced at most; absent when it has ended.'),
    given: z.int().min(0).optional().describe('Index of the leaf of its yes.'),
    identifier: identifier.optional().describe('This member and those after it are in fat messages only.'),
    verb: oneOfGrowing<events.RecordedDecision['verb']>().optional(),
    target: z.string().optional(),
    occurredAt: time.optional(),
    recordedAt: time.optional(),
    effectiveAt: time.optional(),
    site: id.optional(),
    assurance: z.enum(events.assurances).optional(),
    actor: z.enum(events.actorRoles).optional(),
    channel: z.enum(channels).optional(),
    grade: z.string().optional(),
  })
  .meta({ id: 'DecisionMessageData', description: 'One decision of an event.' })

const publicationData = z
  .strictObject({
    ...placed,
    policyId: id,
    version: versionName,
    effectiveFrom: time.optional().describe('In fat messages about a publication.'),
  })
  .meta({ id: 'PublicationMessageData' })

const personData = z.strictObject(person).meta({ id: 'PersonMessageData' })
const pingData = z.strictObject(about).meta({ id: 'PingMessageData' })

/** Others are about decisions. */
const dataOf: Readonly<Partial<Record<MessageType, z.ZodType>>> = {
  'policy.published': publicationData,
  'policy.retracted': publicationData,
  'subject.erased': personData,
  'link.made': personData,
  'link.ended': personData,
}

const messageOf = (type: string, data: z.ZodType) =>
  z.strictObject({
    type: z.literal(type),
    timestamp: time.describe('When it happened, as the ledger recorded it.'),
    data,
  })

const dataByType = new Map<string, z.ZodType>(Object.entries(dataOf))

/** The body of each message by its type. */
export const messages: ReadonlyMap<string, z.ZodType> = new Map([
  ...messageTypes.map((type) => [type, messageOf(type, dataByType.get(type) ?? decisionData)] as const),
  [pingType, messageOf(pingType, pingData)],
])
