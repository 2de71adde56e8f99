/** The consent events that clients post. `shared/consent/README.md` says what each counts for. */
import * as z from 'zod'
import { type ClientEvent, channels, devices, surfaces } from '../../consent/client-event.ts'
import { acts, controls, operatorVerbs, parties, subjectVerbs } from '../../consent/event.ts'
import { identifier } from './identifier.ts'
import { deviceSecret, id, instant, versionName } from './scalars.ts'
import { locale, sha256Hex, shortText } from './texts.ts'

export const maxEventsPerCall = 25

const decisionDetails = {
  verb: z.enum([...subjectVerbs, ...operatorVerbs]),
  ground: shortText.optional(),
  from: instant.optional(),
}

const decision = z
  .strictObject({ purposeId: id.optional(), policyId: id.optional(), ...decisionDetails })
  .refine((d) => (d.purposeId === undefined) !== (d.policyId === undefined), 'exactly one of purposeId and policyId')
  .meta({ id: 'Decision', description: 'What was decided on one purpose or one policy.' })

const shownReference = z
  .strictObject({
    noticeToken: z.string().min(1).max(1024).optional(),
    policyId: id.optional(),
    version: versionName.optional(),
    textSha256: sha256Hex.optional(),
    locale: locale.optional(),
  })
  .refine(
    (s) => (s.noticeToken === undefined) !== (s.policyId === undefined),
    'exactly one of noticeToken and policyId; version, textSha256 and locale go with policyId',
  )
  .meta({ id: 'Shown', description: 'What was shown: the token of a notice, or as much as is known of the text.' })

const signals = z
  .strictObject({
    gpc: z.boolean().optional(),
    tcString: z.string().max(8192).optional().describe('Any text: what is found in it is recorded beside it.'),
    gppString: z.string().max(8192).optional(),
    consentMode: z.record(z.string().min(1).max(40), z.enum(['granted', 'denied'])).optional(),
    categories: z
      .record(z.string().min(1).max(64), z.boolean())
      .refine((categories) => Object.keys(categories).length <= 50, 'at most 50 categories')
      .optional(),
  })
  .meta({ id: 'Signals' })

const actor = z.strictObject({
  role: z.enum(['self', 'guardian', 'delegate', 'operator']),
  ground: shortText.optional(),
})

const content = {
  eventId: z.uuid().transform((uuid) => uuid.toLowerCase()),
  occurredAt: instant,
  sentAt: instant.optional(),
  decisions: z
    .array(decision)
    .min(1)
    .max(100)
    .refine(
      (all) => new Set(all.map((d) => d.purposeId ?? `policy/${d.policyId}`)).size === all.length,
      'one decision for each purpose and each policy',
    ),
  shown: z.array(shownReference).max(8).optional(),
  presentationId: id.optional(),
  initialState: z
    .record(z.string().regex(/^(policy\/)?[a-z0-9-]{1,40}$/), z.enum(['on', 'off']))
    .refine((states) => Object.keys(states).length <= 100, 'at most 100 controls')
    .optional(),
  channel: z.enum(channels).optional(),
  device: z.enum(devices).optional().describe('What the person answered on, beside the channel.'),
  surface: z.enum(surfaces).optional(),
  act: z.enum(acts).optional(),
  control: z.enum(controls).optional(),
  layer: z.int().min(1).max(10).optional(),
  actor: actor.optional(),
  onBehalfOf: z.enum(parties).optional().describe('The party of the matter on whose behalf it is made.'),
  ageGate: z.enum(['passed', 'failed', 'not-asked']).optional(),
  signals: signals.optional(),
  locale: locale.optional(),
  page: z.string().max(2048).optional(),
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

/** The union types of the domain say what the refinements above have checked. */
export function clientEvent(parsed: ParsedEvent | ParsedOwnEvent): ClientEvent {
  const { subject: _subject, new: _new, ...contentOnly } = parsed as ParsedEvent & ParsedOwnEvent
  return contentOnly as ClientEvent
}

export const eventOrBatch = z.union([
  event,
  z.strictObject({ events: z.array(event).min(1).max(maxEventsPerCall) }).meta({ id: 'EventBatch' }),
])
export const ownEventOrBatch = z.union([
  ownEvent,
  z.strictObject({ events: z.array(ownEvent).min(1).max(maxEventsPerCall) }).meta({ id: 'OwnEventBatch' }),
])
