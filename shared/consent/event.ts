/**
 * Consent events as the ledger records them; `client-event.ts` has the form that a client sends. An event is a fact, not a command, and is
 * stored unaltered. Times are RFC 3339 UTC strings with milliseconds.
 */
import {
  absent,
  conforms,
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
  opaque,
  optional,
  record,
  sha256Hex,
  type TypeOf,
  versionName,
  wording,
} from './schema.ts'
import type { GppFinding, TcfFinding } from './tcf-gpp-findings.ts'

/** Verbs of a person's decision on a purpose or a policy. */
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
/** Verbs that only the operator may record. */
export const operatorVerbs = ['confirmed', 'revoked', 'invalidated', 'objection-overruled'] as const
/** A decision of a person, or a statement of the operator about one. */
export type Verb = (typeof subjectVerbs)[number] | (typeof operatorVerbs)[number]

/** A no is never weakened: it counts at any grade of evidence, from any act. */
export const noVerbs: ReadonlySet<Verb> = new Set(['refused', 'withdrawn', 'objected', 'declined'])
/** A yes is never strengthened: evidence, presentation and time can only take from it. */
export const yesVerbs: ReadonlySet<Verb> = new Set(['given', 'accepted', 'acknowledged', 'objection-withdrawn'])

/** The party to the matter (such as a debt) for whom an event was made. */
export const parties = ['creditor', 'debtor', 'third-party'] as const
export const acts = ['button', 'checkbox', 'toggle', 'signature', 'spoken', 'browser-signal', 'continued-use'] as const
/** `not-stated` is recorded for an event that has a yes and names no act. Such a yes is not demonstrable. */
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
/** Strength of the evidence that the person saw the text. */
export type Grade = (typeof grades)[number]

export const assurances = ['anonymous', 'authenticated', 'confirmed', 'operator', 'imported'] as const
/** How the ledger knows the subject's identity. */
export type Assurance = (typeof assurances)[number]

/** Whether an event came with the operator's token. Only such an event may use the operator's verbs, and state a time that no clock supports. */
export function isOperatorAssurance(assurance: Assurance): boolean {
  return assurance === 'operator' || assurance === 'imported' || assurance === 'confirmed'
}

export const timeVerdicts = ['trusted', 'corrected', 'asserted', 'rejected'] as const

/** The subject matter of a decision: a purpose or a policy. In leaves and proofs a policy is written `policy/<policyId>`. */
export type Target =
  | { readonly purposeId: string; readonly policyId?: never }
  | { readonly policyId: string; readonly purposeId?: never }

/** Members of a decision in addition to its target. */
export const decisionDetails = {
  verb: oneOf([...subjectVerbs, ...operatorVerbs]),
  /** The reason, for operator verbs. */
  ground: optional(wording),
  /** For `invalidated`: the instant from which the consent was not valid. */
  from: optional(instant),
}

export function onTarget<M extends Members>(details: M) {
  return either(
    record({ purposeId: id, policyId: absent, ...details }),
    record({ policyId: id, purposeId: absent, ...details }),
  )
}

/** `derivedFrom` names the signal from which the ledger derived the decision. */
export const recordedDetails = { ...decisionDetails, derivedFrom: optional(oneOf(['gpc'])) }
export const recordedDecision = onTarget(recordedDetails)
/** A decision as recorded. */
export type RecordedDecision = TypeOf<typeof recordedDecision>

export const signals = record({
  /** Global Privacy Control was on. */
  gpc: optional(flag),
  tcString: optional(wording),
  gppString: optional(wording),
  /** The person was told that the signal was honoured. */
  gpcShown: optional(flag),
  /** The states of Google's consent types that the decision led to. */
  consentMode: optional(mapOf(oneOfKnown(['granted', 'denied']))),
  /** PurposeIds whose decisions set each of those states. A type without purposes is always denied. */
  consentModePurposes: optional(mapOf(list(id))),
  /** Categories of a consent client without a corresponding purpose. Kept as sent, without effect. */
  categories: optional(mapOf(flag)),
})
export interface Signals extends TypeOf<typeof signals> {}

export const actor = record({
  role: oneOf(actorRoles),
  ground: optional(wording),
  /** The mandate (`mandate.ts`) by which a guardian or delegate acts. Clients could not send it before December 2026. */
  mandateId: optional(eventId),
})
export interface Actor extends TypeOf<typeof actor> {}

/** Group `field:times`, without the eventId that its disclosure also has. */
export const eventTimes = record({
  occurredAt: instant,
  sentAt: optional(instant),
  recordedAt: instant,
  effectiveAt: instant,
  verdict: oneOf(timeVerdicts),
  /** sentAt - occurredAt; absent when the client sent no sentAt. */
  ageMs: optional(integer),
  /** sentAt - recordedAt; absent when the client sent no sentAt. */
  skewMs: optional(integer),
  /** When the notice token was issued; present only if this time moved `effectiveAt` of a yes. */
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
   * Present when a yes of this event has no effect, because the age gate failed, or because a guardian or delegate names no mandate. A
   * guardian who decides for a child sends the outcome of their own gate, or none. Fixed at recording. Events that were recorded before there
   * was such a value lack it, and the rule does not affect them: `age-gate` since 30 November 2026, `no-mandate` since December 2026.
   */
  barred: optional(oneOf(['age-gate', 'no-mandate'])),
})
export interface EventWho extends TypeOf<typeof eventWho> {}

/** Group `field:identity`: the normalised identifier, or the SHA-256 (base64url) of a device secret. */
export const identity = record({ type: name, id: name })
export interface Identity extends TypeOf<typeof identity> {}

/** The link of an event to one policy. It is fixed at recording; later publications do not change it. */
export const policyLink = record({
  policyId: id,
  /** The version in force at effectiveAt, if any. */
  inForce: optional(versionName),
  /**
   * The version shown. With grade `assumed` the record does not claim that it was shown: it is the version in force, or the version that the
   * client named with a locale in which that version has no text.
   */
  shown: optional(versionName),
  grade: oneOf(grades),
  locale: optional(locale),
  textSha256: optional(sha256Hex),
})
export interface PolicyLink extends TypeOf<typeof policyLink> {}

/**
 * Where an imported event comes from. Its `eventId` is made of system and origin, so that it is recorded once. `importId` and `record`, its number
 * in that import, tell the import that recorded it from one that found it. Not part of what the event's digest binds.
 */
export const eventOrigin = record({
  system: name,
  eventId: name,
  importId: eventId,
  record: integer,
  /** The import asked that its events are announced, as live ones are. */
  announced: optional(flag),
})
export interface EventOrigin extends TypeOf<typeof eventOrigin> {}

/** Whether messages are sent about the event: about each, but an imported one whose import did not ask for them. */
export function isAnnounced({ who, how }: Pick<RecordedEvent, 'who' | 'how'>): boolean {
  return who.assurance !== 'imported' || how.origin?.announced === true
}

/** Group `field:how`, without the site that its disclosure also has. */
export const eventHow = record({
  channel: optional(name),
  device: optional(name),
  surface: optional(name),
  /** May be absent from an event without a yes, and from events recorded before 30 November 2026, which are read as if the act were known. */
  act: optional(oneOf(recordedActs)),
  control: optional(oneOf(controls)),
  layer: optional(integer),
  presentationId: optional(id),
  /**
   * Whether a policy that the event is about had a published presentation of this name at recording. Fixed then, so that a later
   * publication cannot pass as the one that was shown. Absent without a presentationId, and from events recorded before 30 November 2026.
   */
  presentation: optional(oneOf(['matched', 'unmatched'])),
  initialState: optional(mapOf(onOff)),
  signals: optional(signals),
  /** The TC string of the signals, decoded when the event was recorded. */
  tcf: optional(opaque<TcfFinding>()),
  /** The GPP string, decoded when the event was recorded. */
  gpp: optional(opaque<GppFinding>()),
  locale: optional(locale),
  /** Present since December 2026 in the events of an import; one that a server posted as imported has none. */
  origin: optional(eventOrigin),
})
export interface EventHow extends TypeOf<typeof eventHow> {}

/** Group `field:context`: disclosed only on request. Its key is destroyed earlier than the others. */
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
