/**
 * Consent events: what a client sends, and what the ledger makes of it. Events are facts, not commands; stored unaltered.
 * Times are RFC 3339 UTC strings with milliseconds.
 */

import type { GppFinding, TcfFinding } from './signals.ts'

/** What a person can say of a purpose or a policy. */
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
/** What only the operator can say. */
export const operatorVerbs = ['confirmed', 'revoked', 'invalidated', 'objection-overruled'] as const
/** A decision, or what an operator states about one. */
export type Verb = (typeof subjectVerbs)[number] | (typeof operatorVerbs)[number]

/** A no is never weakened: it counts at any grade of evidence, from any act. */
export const noVerbs: ReadonlySet<Verb> = new Set(['refused', 'withdrawn', 'objected', 'declined'])
/** A yes is never strengthened: evidence, presentation and time can only take from it. */
export const yesVerbs: ReadonlySet<Verb> = new Set(['given', 'accepted', 'acknowledged', 'objection-withdrawn'])

export const channels = ['web', 'ios', 'android', 'app', 'phone', 'paper', 'api'] as const
/** The device on which the person answered. `email` and `sms`: the message that was answered, where its device is unknown. */
export const devices = ['computer', 'phone', 'tablet', 'tv', 'kiosk', 'email', 'sms'] as const
/** The party of the matter on whose behalf an event is made. */
export const parties = ['creditor', 'debtor', 'third-party'] as const
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
export const acts = ['button', 'checkbox', 'toggle', 'signature', 'spoken', 'browser-signal', 'continued-use'] as const
/** `not-stated`: recorded when an event says yes to something and no act. It leaves the yes not demonstrable. */
export const recordedActs = [...acts, 'not-stated'] as const
export const controls = ['single', 'accept-all', 'refuse-all', 'save-choices'] as const

/** What a decision is about: exactly one of the two. In leaves and proofs a policy is written `policy/<policyId>`. */
export type Target =
  | { readonly purposeId: string; readonly policyId?: never }
  | { readonly policyId: string; readonly purposeId?: never }

export type Decision = Target & {
  readonly verb: Verb
  /** Why; for operator verbs. */
  readonly ground?: string
  /** From when a consent was never valid; for `invalidated`. */
  readonly from?: string
}

/** What a client says was shown, by name or by hash. */
export interface ShownByReference {
  readonly policyId: string
  readonly version?: string
  readonly textSha256?: string
  readonly locale?: string
  readonly noticeToken?: never
}

/** A reference to what was shown. An unknown one is graded, never refused. */
export type ShownReference = ShownByReference | { readonly noticeToken: string; readonly policyId?: never }

export interface Signals {
  /** Global Privacy Control was on. */
  readonly gpc?: boolean
  readonly tcString?: string
  readonly gppString?: string
  readonly consentMode?: Readonly<Record<string, 'granted' | 'denied'>>
  /** What a consent client calls what it asked and no purpose is: kept as it was said, and of no effect. */
  readonly categories?: Readonly<Record<string, boolean>>
}

export interface Actor {
  readonly role: 'self' | 'guardian' | 'delegate' | 'operator'
  readonly ground?: string
}

/** An event as a client sends it, without the credentials that came with it. Its content is bound to its `eventId`. */
export interface ClientEvent {
  /** UUID, made by the client: the idempotency key. */
  readonly eventId: string
  readonly occurredAt: string
  /** The client's clock when it sent this attempt. */
  readonly sentAt?: string
  readonly decisions: readonly Decision[]
  /** What was shown: at most one reference for each policy. */
  readonly shown?: readonly ShownReference[]
  readonly presentationId?: string
  /** The controls' initial state, for each purpose that had one. */
  readonly initialState?: Readonly<Record<string, 'on' | 'off'>>
  readonly channel?: (typeof channels)[number]
  readonly device?: (typeof devices)[number]
  readonly surface?: (typeof surfaces)[number]
  readonly act?: (typeof acts)[number]
  readonly control?: (typeof controls)[number]
  /** 1 is the first layer. */
  readonly layer?: number
  readonly actor?: Actor
  readonly onBehalfOf?: (typeof parties)[number]
  readonly ageGate?: 'passed' | 'failed' | 'not-asked'
  readonly signals?: Signals
  readonly locale?: string
  readonly page?: string
}

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

/** Who vouches for the subject's identity. */
export type Assurance = 'anonymous' | 'authenticated' | 'confirmed' | 'operator' | 'imported'

/** Whether an event came with the operator's token. Only such an event may use the operator's verbs and state a time without a plausible clock. */
export function isOperatorAssurance(assurance: Assurance): boolean {
  return assurance === 'operator' || assurance === 'imported' || assurance === 'confirmed'
}

export type TimeVerdict = 'trusted' | 'corrected' | 'asserted' | 'rejected'

/** Group `field:times`. */
export interface EventTimes {
  readonly occurredAt: string
  readonly sentAt?: string
  readonly recordedAt: string
  readonly effectiveAt: string
  readonly verdict: TimeVerdict
  /** sentAt - occurredAt, and sentAt - recordedAt, when sentAt was sent. */
  readonly ageMs?: number
  readonly skewMs?: number
  /** When the notice token was issued, if that is what moved `effectiveAt` of a yes. */
  readonly noticeIssuedAt?: string
}

/** Group `field:who`. */
export interface EventWho {
  readonly actor: Actor
  readonly onBehalfOf?: (typeof parties)[number]
  readonly assurance: Assurance
  readonly ageGate?: 'passed' | 'failed' | 'not-asked'
  /**
   * Why a yes of this event has no effect: the age gate failed. Whoever decides for a child sends the outcome of their own gate, or none.
   * Fixed at recording. Events of before 30 November 2026 lack it, and a failed gate takes nothing from them.
   */
  readonly barred?: 'age-gate'
}

/** Group `field:identity`: the normalised identifier, or the SHA-256 (base64url) of a device secret. */
export interface Identity {
  readonly type: string
  readonly id: string
}

/** One policy's part of the link: fixed at recording, changed by no later publication. */
export interface PolicyLink {
  readonly policyId: string
  /** The version in force at effectiveAt, if any. */
  readonly inForce?: string
  /**
   * The version shown. For `assumed` no showing is claimed: it is the version in force, or the version that was named with a locale in
   * which it has no text.
   */
  readonly shown?: string
  readonly grade: Grade
  readonly locale?: string
  readonly textSha256?: string
}

/** Group `field:how`. */
export interface EventHow {
  readonly channel?: string
  readonly device?: string
  readonly surface?: string
  /** Absent from what says no, and from events of before 30 November 2026 that state none: those are read as if the act were known. */
  readonly act?: (typeof recordedActs)[number]
  readonly control?: (typeof controls)[number]
  readonly layer?: number
  readonly presentationId?: string
  /**
   * Whether a presentation of this name was published by then, of a policy that the event is about. Fixed at recording, so that no later
   * publication becomes what was shown. Absent without a presentationId, and from events of before 30 November 2026.
   */
  readonly presentation?: 'matched' | 'unmatched'
  readonly initialState?: Readonly<Record<string, 'on' | 'off'>>
  readonly signals?: Signals
  /** What the ledger found in the TC string and in the GPP string of the signals, by what it knew of them when it was recorded. */
  readonly tcf?: TcfFinding
  readonly gpp?: GppFinding
  readonly locale?: string
}

/** Group `field:context`: disclosed only on request, and its key is destroyed sooner. */
export interface EventContext {
  readonly ipAddress?: string
  readonly userAgent?: string
  readonly page?: string
}

/** A decision as recorded; `derivedFrom` names the signal that the ledger made it from. */
export type RecordedDecision = Decision & { readonly derivedFrom?: 'gpc' }

/** The whole recorded event: what the payload seals, and what the leaf commits to group by group. */
export interface RecordedEvent {
  readonly eventId: string
  readonly site: string
  readonly decisions: readonly RecordedDecision[]
  readonly times: EventTimes
  readonly who: EventWho
  readonly identity: Identity
  readonly link: readonly PolicyLink[]
  readonly how: EventHow
  readonly context: EventContext
}

/** The id under which a decision is covered and disclosed. */
export function targetId(target: Target): string {
  return target.purposeId ?? `policy/${target.policyId}`
}
