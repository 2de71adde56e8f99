/** Consent events as clients send them, before the ledger adds to them (`recording.ts`). */

import { actor, acts, ageGates, controls, decisionDetails, onOff, onTarget, parties, signals } from './event.ts'
import {
  absent,
  either,
  eventId,
  id,
  instant,
  integer,
  list,
  locale,
  mapOf,
  oneOf,
  optional,
  record,
  sha256Hex,
  type TypeOf,
  versionName,
  wording,
} from './schema.ts'

export const channels = ['web', 'ios', 'android', 'app', 'phone', 'paper', 'api'] as const
/** The device on which the person answered. `email` and `sms`: the message that was answered, where its device is unknown. */
export const devices = ['computer', 'phone', 'tablet', 'tv', 'kiosk', 'email', 'sms'] as const
export const surfaces = [
  'banner',
  'preference-centre',
  'form',
  'signup',
  'checkout',
  'account',
  'conversation',
  'letter',
  'other',
] as const

const decision = onTarget(decisionDetails)
export type Decision = TypeOf<typeof decision>

export const referenceMembers = {
  policyId: id,
  version: optional(versionName),
  textSha256: optional(sha256Hex),
  locale: optional(locale),
}
const shownByReference = record({ ...referenceMembers, noticeToken: absent })
/** What a client says was shown, by name or by hash. */
export interface ShownByReference extends TypeOf<typeof shownByReference> {}

const shownReference = either(shownByReference, record({ noticeToken: wording, policyId: absent }))
/** A reference to what was shown. An unknown one is graded, never refused. */
export type ShownReference = TypeOf<typeof shownReference>

/** An event as a client sends it, without the credentials that came with it. Its content is bound to its `eventId`. */
export const clientEvent = record({
  /** The idempotency key. */
  eventId,
  occurredAt: instant,
  /** The client's clock when it sent this attempt. */
  sentAt: optional(instant),
  decisions: list(decision),
  /** What was shown: at most one reference for each policy. */
  shown: optional(list(shownReference)),
  presentationId: optional(id),
  /** The controls' initial state, for each purpose that had one. */
  initialState: optional(mapOf(onOff)),
  channel: optional(oneOf(channels)),
  device: optional(oneOf(devices)),
  surface: optional(oneOf(surfaces)),
  act: optional(oneOf(acts)),
  control: optional(oneOf(controls)),
  /** 1 is the first layer. */
  layer: optional(integer),
  actor: optional(actor),
  onBehalfOf: optional(oneOf(parties)),
  ageGate: optional(oneOf(ageGates)),
  signals: optional(signals),
  locale: optional(locale),
  page: optional(wording),
})
export interface ClientEvent extends TypeOf<typeof clientEvent> {}
