/**
 * The words in which a status is answered: states, reasons, and the answer itself. Its word for a consent is "recorded";
 * whether that consent is valid in law is for people to judge.
 */

import { grades, type RecordedEvent, type Verb } from './event.ts'
import type { MandateLack, RecordedMandate } from './mandate.ts'
import type { Backdatable } from './policy.ts'
import { legalBases } from './purpose.ts'
import {
  eventId,
  extended,
  flag,
  instant,
  list,
  localised,
  oneOf,
  optional,
  record,
  type TypeOf,
  versionName,
  word,
  wording,
} from './schema.ts'
import type { Unreadable, UnreadableReason } from './unreadable.ts'

/** DPV's ten. Only Given and RenewedGiven are consent that stands. */
export type ConsentStatus =
  | 'Unknown'
  | 'Requested'
  | 'RequestDeferred'
  | 'Refused'
  | 'Given'
  | 'RenewedGiven'
  | 'Withdrawn'
  | 'Expired'
  | 'Revoked'
  | 'Invalidated'
/** Bases other than consent: never "may process", only whether the person was informed, and whether a no stands. */
export type InformedStatus = 'Uninformed' | 'Informed' | 'NotObjected' | 'Objected'
export type PolicyStatus = 'Unknown' | 'Shown' | 'Acknowledged' | 'Accepted' | 'Declined'
/** Undetermined: an entry that cannot be read might decide otherwise (`unreadable.ts`). It never permits. */
export type Status = ConsentStatus | InformedStatus | PolicyStatus | 'Undetermined'

/** Why the status is what it is. */
export type StatusReason =
  | 'nothing-recorded'
  | 'decided'
  | 'awaiting-confirmation'
  | 'confirmed'
  | 'gpc'
  | 'validity-ended'
  | 'policy-changed'
  | 'outdated-text'
  | 'purpose-dropped'
  | 'came-of-age'
  | 'revoked'
  | 'invalidated'
  | 'objection-overruled'
  | 'evidence-expired'
  | UnreadableReason

/** Why a decision had no effect. */
export type NoEffectReason =
  | 'verb-does-not-fit'
  | 'operator-only'
  | 'basis-gives-no-choice'
  | 'age-gate-failed'
  | MandateLack
  | 'continued-use'
  | 'browser-signal'
  | 'initially-on'
  | 'unmatched'
  | 'no-version'
  | 'not-explicit'
  | 'purpose-not-declared'
  | 'text-not-yet-in-force'
  | 'outdated-text'
  | 'validity-ended'
  | 'came-of-age'
  | 'invalidated'
  | 'nothing-to-confirm'
  | 'nothing-to-revoke'
  | 'nothing-to-overrule'
  | 'nothing-to-take-back'
  | 'objection-is-absolute'
  | 'already-decided'
  | 'no-already-stands'
  | 'chosen-despite-gpc'

export type Reason = StatusReason | NoEffectReason

/** What the fold needs of an event. `decisions` may hold only those that concern the question. */
export interface FoldEvent extends Backdatable {
  readonly event: Pick<RecordedEvent, 'eventId' | 'decisions' | 'times' | 'who' | 'link' | 'how'>
  /** Which of several linked subjects it belongs to (`joint-status.ts`). Absent in an answer about one subject. */
  readonly member?: number
  /** The subject's mandate that the event names, whatever it is worth; absent when there is none. */
  readonly mandate?: RecordedMandate
}

/**
 * Recorded events that were not read, so that their decisions are unknown. Without members: every event was read.
 */
export interface UnopenedEvents {
  /** Number of events whose year's key retention destroyed after their evidence term. */
  readonly expired?: number
  /**
   * No expired event was recorded after this instant. A consent from before it may have been ended by one of them. Absent in proofs made
   * before December 2026.
   */
  readonly expiredUntil?: string
  /** Stored entries that cannot be read. They count for every `knownAt`, because it is unknown when they were recorded. */
  readonly unreadable?: readonly Unreadable[]
}

/** About a purpose or a policy, exactly one of the two; what is in force is judged at `at`, from what was known by `knownAt`. */
export interface Question {
  readonly purposeId?: string
  readonly policyId?: string
  readonly at: string
  readonly knownAt: string
}

export const withoutEffect = record({ eventId, verb: word<Verb>(), reason: word<NoEffectReason>() })
export interface WithoutEffect extends TypeOf<typeof withoutEffect> {}

export const lacks = ['act', 'presentation'] as const
/** Something other than its text that keeps a yes from being demonstrable: no act is stated, or the named presentation is not known. */
export type Lack = (typeof lacks)[number]

export const finding = record({
  status: word<Status>(),
  /** Legal basis of the purpose; absent when no known version declares it. */
  basis: optional(oneOf(legalBases)),
  /** Only for purposes that rest on consent. */
  permittedByConsent: optional(flag),
  /** The eventId of the decision that made the status; of an expired consent, the yes. */
  decidedBy: optional(eventId),
  /** `ahead`: the log had the deciding event before the time that it states, so that the clock that stamped it was wrong. */
  clock: optional(oneOf(['ahead'])),
  /** While nothing has had an effect: why the latest yes had none. */
  reason: word<Reason>(),
  /** The operator's ground, for what an operator decided. */
  ground: optional(wording),
  /** The version in force at `at`. */
  inForce: optional(versionName),
  /** The version whose text was shown for the decision; an assumed one is never called shown. */
  shown: optional(versionName),
  grade: optional(oneOf(grades)),
  /** Whether the record says which text the deciding event was about, and of a yes also what `lacks` names when it does not. */
  demonstrable: flag,
  /** What the deciding yes lacks; absent when it lacks nothing. */
  lacks: optional(list(oneOf(lacks))),
  /** The mandate under which a guardian or delegate gave the yes that decides. */
  mandate: optional(eventId),
  /** When a consent that stands will have ended by its validity, or because the person comes of age. */
  endsAt: optional(instant),
  /** For an accepted or acknowledged policy: no major version since. */
  current: optional(flag),
  /** `gpc`: the person chose in spite of the signal. */
  conflicts: list(oneOf(['gpc'])),
  /** Why consent is freely given although there is no service without it; shown in every answer. */
  noServiceJustification: optional(localised),
  /** The events that cover the question and changed nothing, in the order in which they count. */
  withoutEffect: list(withoutEffect),
  /** The answer in one sentence of plain English. */
  sentence: wording,
})
export interface Finding extends TypeOf<typeof finding> {}

export const statusAnswer = extended(finding, {
  /** The answer as known at the instant that the question is about. */
  knownThen: finding,
})
export interface StatusAnswer extends TypeOf<typeof statusAnswer> {}
