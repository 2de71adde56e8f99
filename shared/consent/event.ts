/**
 * Consent events as the ledger records them (`client-event.ts`: as a client sends them). An event is a fact, not a command, and is stored
 * unaltered.
 * Times are RFC 3339 UTC strings with milliseconds.
 */
import {
  absent,
  conforms,
  derived,
  either,
  eventId,
  flag,
  id,
  instant,
  integer,
  list,
  locale,
  type Members,
  mapOf,
  name,
  oneOf,
  oneOfKnown,
  optional,
  record,
  sha256Hex,
  type TypeOf,
  versionName,
  wording,
} from './schema.ts'
import type { GppFinding, TcfFinding } from './tcf-gpp-findings.ts'

/** What a person can decide on a purpose or a policy. */
export const subjectVerbs = [
  'requested',
  'deferred',
  'given',
  'refused',
  'withdrawn',
  'objected',
  'objection-withdrawn',
  'accepted',
  'declined',
  'acknowledged',
] as const
/** What only the operator can decide. */
export const operatorVerbs = ['confirmed', 'revoked', 'invalidated', 'objection-overruled'] as const
/** A decision, or what an operator states about one. */
export type Verb = (typeof subjectVerbs)[number] | (typeof operatorVerbs)[number]

/** A no is never weakened: it counts at any grade of evidence, from any act. */
export const noVerbs: ReadonlySet<Verb> = new Set(['refused', 'withdrawn', 'objected', 'declined'])
/** A yes is never strengthened: evidence, presentation and time can only take from it. */
export const yesVerbs: ReadonlySet<Verb> = new Set(['given', 'accepted', 'acknowledged', 'objection-withdrawn'])

/** The party of the matter on whose behalf an event is made. */
export const parties = ['creditor', 'debtor', 'third-party'] as const
export const acts = ['button', 'checkbox', 'toggle', 'signature', 'spoken', 'browser-signal', 'continued-use'] as const
/** `not-stated`: recorded when an event says yes to something and no act. It leaves the yes not demonstrable. */
export const recordedActs = [...acts, 'not-stated'] as const
export const controls = ['single', 'accept-all', 'refuse-all', 'save-choices'] as const

export const actorRoles = ['self', 'guardian', 'delegate', 'operator'] as const
export const ageGates = ['passed', 'failed', 'not-asked'] as const
export const onOff = oneOf(['on', 'off'])

export const grades = [
  'served',
  'served-unbound',
  'served-expired',
  'hashed',
  'asserted',
  'assumed',
  'unmatched',
] as const
/** How well the link to what was shown is evidenced. */
export type Grade = (typeof grades)[number]

export const assurances = ['anonymous', 'authenticated', 'confirmed', 'operator', 'imported'] as const
/** How the subject's identity is known. */
export type Assurance = (typeof assurances)[number]

/** Whether an event came with the operator's token. Only such an event may use the operator's verbs and state a time without a plausible clock. */
export function isOperatorAssurance(assurance: Assurance): boolean {
  return assurance === 'operator' || assurance === 'imported' || assurance === 'confirmed'
}

export const timeVerdicts = ['trusted', 'corrected', 'asserted', 'rejected'] as const

/** What a decision is about: exactly one of the two. In leaves and proofs a policy is written `policy/<policyId>`. */
export type Target =
  | { readonly purposeId: string; readonly policyId?: never }
  | { readonly policyId: string; readonly purposeId?: never }

/** Members of a decision beside its target. */
export const decisionDetails = {
  verb: oneOf([...subjectVerbs, ...operatorVerbs]),
  /** Why; for operator verbs. */
  ground: optional(wording),
  /** From when a consent was never valid; for `invalidated`. */
  from: optional(instant),
}

export function onTarget<M extends Members>(details: M) {
  return either(
    record({ purposeId: id, policyId: absent, ...details }),
    record({ policyId: id, purposeId: absent, ...details }),
  )
}

/** `derivedFrom` names the signal from which the ledger made the decision. */
export const recordedDetails = { ...decisionDetails, derivedFrom: optional(oneOf(['gpc'])) }
export const recordedDecision = onTarget(recordedDetails)
/** A decision as recorded. */
export type RecordedDecision = TypeOf<typeof recordedDecision>

export const signals = record({
  /** Global Privacy Control was on. */
  gpc: optional(flag),
  tcString: optional(wording),
  gppString: optional(wording),
  consentMode: optional(mapOf(oneOfKnown(['granted', 'denied']))),
  /** The categories of a consent client that no purpose corresponds to: kept as sent, and of no effect. */
  categories: optional(mapOf(flag)),
})
export interface Signals extends TypeOf<typeof signals> {}

export const actor = record({ role: oneOf(actorRoles), ground: optional(wording) })
export interface Actor extends TypeOf<typeof actor> {}

/** Group `field:times`, without the eventId that stands in its disclosure. */
export const eventTimes = record({
  occurredAt: instant,
  sentAt: optional(instant),
  recordedAt: instant,
  effectiveAt: instant,
  verdict: oneOf(timeVerdicts),
  /** sentAt - occurredAt, when sentAt was sent. */
  ageMs: optional(integer),
  /** sentAt - recordedAt, when sentAt was sent. */
  skewMs: optional(integer),
  /** When the notice token was issued, if that is what moved `effectiveAt` of a yes. */
  noticeIssuedAt: optional(instant),
})
export interface EventTimes extends TypeOf<typeof eventTimes> {}

/** Group `field:who`. */
export const eventWho = record({
  actor,
  onBehalfOf: optional(oneOf(parties)),
  assurance: oneOf(assurances),
  ageGate: optional(oneOf(ageGates)),
  /**
   * Why a yes of this event has no effect: the age gate failed. Whoever decides for a child sends the outcome of their own gate, or none.
   * Fixed at recording. Events of before 30 November 2026 lack it, and a failed gate takes nothing from them.
   */
  barred: optional(oneOf(['age-gate'])),
})
export interface EventWho extends TypeOf<typeof eventWho> {}

/** Group `field:identity`: the normalised identifier, or the SHA-256 (base64url) of a device secret. */
export const identity = record({ type: name, id: name })
export interface Identity extends TypeOf<typeof identity> {}

/** One policy's part of the link: fixed at recording, changed by no later publication. */
export const policyLink = record({
  policyId: id,
  /** The version in force at effectiveAt, if any. */
  inForce: optional(versionName),
  /**
   * The version shown. For `assumed` no showing is claimed: it is the version in force, or the version that was named with a locale in
   * which it has no text.
   */
  shown: optional(versionName),
  grade: oneOf(grades),
  locale: optional(locale),
  textSha256: optional(sha256Hex),
})
export interface PolicyLink extends TypeOf<typeof policyLink> {}

/** Group `field:how`, without the site that stands in its disclosure. */
export const eventHow = record({
  channel: optional(name),
  device: optional(name),
  surface: optional(name),
  /** Absent from what says no, and from events of before 30 November 2026 that state none: those are read as if the act were known. */
  act: optional(oneOf(recordedActs)),
  control: optional(oneOf(controls)),
  layer: optional(integer),
  presentationId: optional(id),
  /**
   * Whether a presentation of this name was published by then, of a policy that the event is about. Fixed at recording, so that no later
   * publication becomes what was shown. Absent without a presentationId, and from events of before 30 November 2026.
   */
  presentation: optional(oneOf(['matched', 'unmatched'])),
  initialState: optional(mapOf(onOff)),
  signals: optional(signals),
  /** What the ledger decoded from the TC string of the signals, as it could when the event was recorded. */
  tcf: optional(derived<TcfFinding>()),
  /** The same for the GPP string. */
  gpp: optional(derived<GppFinding>()),
  locale: optional(locale),
})
export interface EventHow extends TypeOf<typeof eventHow> {}

/** Group `field:context`: disclosed only on request, and its key is destroyed sooner. */
export const eventContext = record({
  ipAddress: optional(wording),
  userAgent: optional(wording),
  page: optional(wording),
})
export interface EventContext extends TypeOf<typeof eventContext> {}

/** A recorded event as its payload seals it. The context is sealed separately. */
export const sealedContent = record({
  eventId,
  site: id,
  decisions: list(recordedDecision),
  times: eventTimes,
  who: eventWho,
  identity,
  link: list(policyLink),
  how: eventHow,
})
export interface SealedContent extends TypeOf<typeof sealedContent> {}

/** The whole recorded event. The leaf commits to it group by group. */
export interface RecordedEvent extends SealedContent {
  readonly context: EventContext
}

export const isSealedContent = (value: unknown): value is SealedContent => conforms(sealedContent, value)
export const isEventContext = (value: unknown): value is EventContext => conforms(eventContext, value)

/** The id under which a decision is covered and disclosed. */
export function targetId(target: Target): string {
  return target.purposeId ?? `policy/${target.policyId}`
}
