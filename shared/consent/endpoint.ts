/**
 * Endpoints: addresses of other systems, such as a CRM or a mail program, that are told what happened (`message-types.ts`). An endpoint's record states
 * everything from its change on, as a site's origins do.
 */
import { conformsExactly } from './exact-schema.ts'
import { messageTypes } from './message-types.ts'
import { count, extended, id, instant, integer, list, oneOf, optional, record, type TypeOf, wording } from './schema.ts'

/** The URL of an endpoint whose messages go to the operator's own bus, or folder. */
export const busUrl = 'bus:'

export const payloads = ['thin', 'fat'] as const

export const endpointSettings = record({
  url: wording,
  types: list(oneOf(messageTypes)),
  /** Absent: every purpose, and what is about no purpose. With it, messages about these purposes and those about a whole person or link. */
  purposes: optional(list(id)),
  /** `thin`: a message names the person by pseudonym and has a link by which the receiver asks. `fat`: it also has the identifier and the decision. */
  payload: oneOf(payloads),
  state: oneOf(['enabled', 'disabled']),
  /** Hours within which the receiver of a message is expected to say that it has acted. Absent: it is not. */
  completionHours: optional(count),
  /** How many days before its end a consent is announced as expiring. Absent: 30, where that type is asked for. */
  expiringDays: optional(count),
})
export interface EndpointSettings extends TypeOf<typeof endpointSettings> {}

export const endpoint = extended(endpointSettings, {
  /** Unique within its controller. */
  endpoint: id,
  /** 1 when it was made, then one more for each change of its settings or secret. */
  change: count,
  /** Its first leaf: messages are made of this leaf and all later ones. Fixed when it was made. */
  from: integer,
  changedAt: instant,
  /** For how long the secrets before this one's sign too, in hours. Present: the change was a new secret. Absent: it was one of the settings. */
  overlapHours: optional(integer),
})
export interface Endpoint extends TypeOf<typeof endpoint> {}

export const endpointKeys = record({
  /** Private Ed25519 key, base64. */
  signingKey: wording,
  /** Newest first. `until`: the first instant at which a replaced one no longer signs. */
  secrets: list(record({ secret: wording, until: optional(instant) })),
})
export interface EndpointKeys extends TypeOf<typeof endpointKeys> {}

/** A redelivery sends again what an endpoint was sent or has missed: one delivery, or a range of leaves; or it sends a test. */
export const redelivery = record({
  endpoint: id,
  /** 1 for the endpoint's first, then one more each time. */
  redelivery: count,
  kind: oneOf(['range', 'dead', 'one', 'test']),
  /** First and last leaf index. */
  from: integer,
  to: integer,
  /** The delivery's part, of kind `one`. */
  part: optional(integer),
  askedAt: instant,
})
export interface Redelivery extends TypeOf<typeof redelivery> {}

/** A member that is not known may narrow what an endpoint gets, so such a record counts as unreadable and nothing is sent. */
export const isEndpoint = (value: unknown): value is Endpoint => conformsExactly(endpoint, value)
export const isEndpointKeys = (value: unknown): value is EndpointKeys => conformsExactly(endpointKeys, value)
export const isRedelivery = (value: unknown): value is Redelivery => conformsExactly(redelivery, value)
