/**
 * The types of the messages that tell other systems what happened. A closed table: a receiver subscribes to these names, and each leaf of the
 * log makes messages of the types that its kind has here. Names are dot-separated, as Standard Webhooks recommends
 * (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md).
 *
 * A message says what was recorded, not what it amounts to: `consent.given` may be a yes without effect. A receiver that must know
 * whether it may process asks for the status. That a consent ends by itself is in leaves of its own (`expiry.ts`).
 */
import type { Verb } from './event.ts'

/** Messages of decisions, by the verb that was recorded. */
export const typeOfVerb = {
  requested: 'consent.requested',
  deferred: 'consent.deferred',
  given: 'consent.given',
  refused: 'consent.refused',
  withdrawn: 'consent.withdrawn',
  objected: 'consent.objected',
  'objection-withdrawn': 'consent.objection_withdrawn',
  accepted: 'policy.accepted',
  declined: 'policy.declined',
  acknowledged: 'policy.acknowledged',
  confirmed: 'consent.confirmed',
  revoked: 'consent.revoked',
  invalidated: 'consent.invalidated',
  'objection-overruled': 'consent.objection_overruled',
} as const satisfies Readonly<Record<Verb, string>>

/** Messages of consents that end by their validity, or by age: when they have ended, and days before. */
export const expiryTypes = ['consent.expired', 'consent.expiring'] as const

/** Messages of other leaves. */
const otherTypes = ['policy.published', 'policy.retracted', 'subject.erased', 'link.made', 'link.ended'] as const

/** An endpoint gets it when its owner asks for a test. It is not about a leaf. */
export const pingType = 'endpoint.ping'

export const messageTypes = [...Object.values(typeOfVerb), ...expiryTypes, ...otherTypes] as const
export type MessageType = (typeof messageTypes)[number]

/** Types that end a permission: what a system needs to hear of at least. */
export const endingTypes: ReadonlySet<MessageType> = new Set<MessageType>([
  'consent.refused',
  'consent.withdrawn',
  'consent.objected',
  'consent.revoked',
  'consent.invalidated',
  'consent.expired',
  'policy.declined',
  'subject.erased',
])
