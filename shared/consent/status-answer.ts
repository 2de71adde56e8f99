/**
 * The words in which a status is answered: states, reasons, and the answer itself. Its word for a consent is "recorded";
 * whether that consent is valid in law is for people to judge.
 */

import type { Grade, RecordedEvent, Verb } from './event.ts'
import type { Backdatable, Localised } from './policy.ts'
import type { LegalBasis } from './purpose.ts'
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

export interface WithoutEffect {
  readonly eventId: string
  readonly verb: Verb
  readonly reason: NoEffectReason
}

/** Something other than its text that keeps a yes from being demonstrable: no act is stated, or the named presentation is not known. */
export type Lack = 'act' | 'presentation'

export interface Finding {
  readonly status: Status
  /** Legal basis of the purpose; absent when no known version declares it. */
  readonly basis?: LegalBasis
  /** Only for purposes that rest on consent. */
  readonly permittedByConsent?: boolean
  /** The eventId of the decision that made the status; of an expired consent, the yes. */
  readonly decidedBy?: string
  /** While nothing has had an effect: why the latest yes had none. */
  readonly reason: Reason
  /** The operator's ground, for what an operator decided. */
  readonly ground?: string
  /** The version in force at `at`. */
  readonly inForce?: string
  /** The version whose text was shown for the decision; an assumed one is never called shown. */
  readonly shown?: string
  readonly grade?: Grade
  /** Whether the record says which text the deciding event was about, and of a yes also what `lacks` names when it does not. */
  readonly demonstrable: boolean
  /** What the deciding yes lacks; absent when it lacks nothing. */
  readonly lacks?: readonly Lack[]
  /** When a consent that stands will have ended by its validity. */
  readonly endsAt?: string
  /** For an accepted or acknowledged policy: no major version since. */
  readonly current?: boolean
  /** `ahead`: the log had the deciding event before the time that it states, so that the clock that stamped it was wrong. */
  readonly clock?: 'ahead'
  /** `gpc`: the person chose in spite of the signal. */
  readonly conflicts: readonly 'gpc'[]
  /** Why consent is freely given although there is no service without it; shown in every answer. */
  readonly noServiceJustification?: Localised
  /** The events that cover the question and changed nothing, in the order in which they count. */
  readonly withoutEffect: readonly WithoutEffect[]
  /** The answer in one sentence of plain English. */
  readonly sentence: string
}

export interface StatusAnswer extends Finding {
  /** The answer as known at the instant that the question is about. */
  readonly knownThen: Finding
}
