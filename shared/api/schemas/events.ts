/** The consent events that clients post. `shared/consent/README.md` says what each counts for. */
import * as z from 'zod'
import * as clients from '../../consent/client-event.ts'
import * as records from '../../consent/event.ts'
import { optional } from '../../consent/schema.ts'
import { zodMembers, zodRecord } from '../../consent/zod-schema.ts'
import { identifier } from './identifier.ts'
import { inRequest } from './in-request.ts'
import { deviceSecret, id } from './scalars.ts'

export const maxEventsPerCall = 25

const decision = z
  .strictObject({
    purposeId: id.optional(),
    policyId: id.optional(),
    ...zodMembers(records.decisionDetails, inRequest),
  })
  .refine((d) => (d.purposeId === undefined) !== (d.policyId === undefined), 'exactly one of purposeId and policyId')
  .meta({ id: 'Decision', description: 'A decision on one purpose or one policy.' })

const shownReference = z
  .strictObject({
    noticeToken: z.string().min(1).max(1024).optional(),
    ...zodMembers({ ...clients.referenceMembers, policyId: optional(clients.referenceMembers.policyId) }, inRequest),
  })
  .refine(
    (s) => (s.noticeToken === undefined) !== (s.policyId === undefined),
    'exactly one of noticeToken and policyId; version, textSha256 and locale go with policyId',
  )
  .meta({
    id: 'Shown',
    description: 'What the person was shown: the token of a notice, or what the client knows about the text.',
  })

/** Google's names, such as `ad_storage`, of which there are seven. */
const consentType = z.string().min(1).max(40)
const maxConsentTypes = 20

const signals = zodRecord(records.signals, inRequest, {
  tcString: z
    .string()
    .max(8192)
    .optional()
    .describe('Any text is accepted. The ledger decodes it and records the result with it.'),
  gppString: z.string().max(8192).optional(),
  consentMode: z
    .record(consentType, z.enum(['granted', 'denied']))
    .refine((states) => Object.keys(states).length <= maxConsentTypes, `at most ${maxConsentTypes} types`)
    .optional()
    .describe("The state of each of Google's consent types after the event."),
  consentModePurposes: z
    .record(consentType, z.array(id).max(20))
    .refine((purposes) => Object.keys(purposes).length <= maxConsentTypes, `at most ${maxConsentTypes} types`)
    .optional()
    .describe('The purposes whose decisions set each of those states.'),
  categories: z
    .record(z.string().min(1).max(64), z.boolean())
    .refine((categories) => Object.keys(categories).length <= 50, 'at most 50 categories')
    .optional(),
}).meta({ id: 'Signals' })

const bounded = zodMembers(clients.clientEvent.members, inRequest, {
  initialState: z
    .record(z.string().regex(/^(policy\/)?[a-z0-9-]{1,40}$/), z.enum(['on', 'off']))
    .refine((states) => Object.keys(states).length <= 100, 'at most 100 controls')
    .optional(),
  device: z
    .enum(clients.devices)
    .optional()
    .describe('The device on which the person decided, in addition to the channel.'),
  layer: z.int().min(1).max(10).optional(),
  ageGate: z.enum(records.ageGates).optional().describe('The outcome only: a date of birth is refused.'),
  onBehalfOf: z.enum(records.parties).optional().describe('The party to the matter for whom the event was made.'),
  signals: signals.optional(),
  page: z.string().max(2048).optional(),
})

/** Decisions and references are flat objects with a refinement, because a union of strict objects names no field in its errors. */
const content = {
  ...bounded,
  decisions: z
    .array(decision)
    .min(1)
    .max(100)
    .refine(
      (all) => new Set(all.map((d) => d.purposeId ?? `policy/${d.policyId}`)).size === all.length,
      'one decision for each purpose and each policy',
    ),
  shown: z.array(shownReference).max(8).optional(),
}

const isNew = z.boolean().optional().describe('True when the client has never sent this subject before.')

const subject = z
  .union([
    z.strictObject({ deviceSecret, new: isNew }),
    z.strictObject({ token: z.string().min(1).max(8192), new: isNew }),
    z.strictObject({ identifier, assurance: z.enum(['operator', 'imported', 'confirmed']).optional(), new: isNew }),
  ])
  .meta({
    id: 'Subject',
    description:
      "The person: a device secret, a token of the controller's identity provider, or (servers, with scope consent.write) an identifier.",
  })

export type SubjectReference = z.output<typeof subject>

const example = {
  eventId: '7d1f6a0e-2f1b-4c55-9a43-0c5b9d6c1a11',
  occurredAt: '2026-11-22T09:30:00Z',
  sentAt: '2026-11-22T09:30:01Z',
  decisions: [
    { purposeId: 'statistics', verb: 'given' },
    { purposeId: 'marketing-cookies', verb: 'refused' },
  ],
  shown: [{ policyId: 'cookie-policy', version: '2', locale: 'sv-SE' }],
  channel: 'web',
  surface: 'banner',
  act: 'button',
  control: 'save-choices',
  layer: 1,
}

export const event = z
  .strictObject({ ...content, subject })
  .meta({ id: 'Event', example: { ...example, subject: { deviceSecret: 'YWxpY2UtZGV2aWNlLXNlY3JldA', new: true } } })

export const ownEvent = z.strictObject({ ...content, new: isNew }).meta({ id: 'OwnEvent', example })

/** The parsed content without subject and credential: what the event's digest binds. */
export type ParsedEvent = z.output<typeof event>
export type ParsedOwnEvent = z.output<typeof ownEvent>

/** The union types of the record say what the refinements above have checked. */
export function clientEvent(parsed: ParsedEvent | ParsedOwnEvent): clients.ClientEvent {
  const { subject: _subject, new: _new, ...contentOnly } = parsed as ParsedEvent & ParsedOwnEvent
  return contentOnly as clients.ClientEvent
}

export const eventOrBatch = z.union([
  event,
  z.strictObject({ events: z.array(event).min(1).max(maxEventsPerCall) }).meta({ id: 'EventBatch' }),
])
export const ownEventOrBatch = z.union([
  ownEvent,
  z.strictObject({ events: z.array(ownEvent).min(1).max(maxEventsPerCall) }).meta({ id: 'OwnEventBatch' }),
])
