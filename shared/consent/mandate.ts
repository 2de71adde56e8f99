/**
 * Mandates: the recorded right of a guardian or a delegate to say yes for a person. Pure functions of a mandate, its end, and the decision that
 * names it.
 *
 * A no needs no mandate. A yes of a guardian or delegate counts only if it names a mandate that
 *
 *   was recorded first    the ledger had it when it recorded the decision, so that a mandate cannot be made up for a yes afterwards
 *   fits                  it is for that kind of actor, and covers the purpose or policy
 *   stands                from its start up to its end, judged when the yes counts from. For its revocation the recording of the yes counts, too,
 *                         because a client may state any time
 *
 * A revocation takes nothing from what was decided before. Coming of age does: a guardian's yes ends then, and the person is asked. The ledger
 * stores that instant and no date of birth.
 */

import { effectiveAtOf } from './effective-time.ts'
import { type EventTimes, type EventWho, type RecordedDecision, targetId } from './event.ts'
import { type Backdatable, knownFrom } from './policy.ts'
import {
  conforms,
  either,
  eventId,
  id,
  instant,
  list,
  oneOf,
  optional,
  record,
  type TypeOf,
  wording,
} from './schema.ts'

export const mandateKinds = ['guardian', 'delegate'] as const

/**
 * `parental-responsibility`: a parent for a child. `appointment`: a court or an authority appointed them. `power-of-attorney`: the person gave
 * it. `law`: a law gives it without an act.
 */
export const mandateGrounds = ['parental-responsibility', 'appointment', 'power-of-attorney', 'law'] as const

const mandateScope = either(
  record({ kind: oneOf(['all']) }),
  record({ kind: oneOf(['listed']), purposeIds: list(id), policyIds: list(id) }),
)
/** What a mandate is for: every purpose and policy, those of later versions included, or only these. */
export type MandateScope = TypeOf<typeof mandateScope>

export const mandate = record({
  /** UUID that the controller chose. Events name the mandate by it. */
  mandateId: eventId,
  kind: oneOf(mandateKinds),
  ground: oneOf(mandateGrounds),
  covers: mandateScope,
  from: instant,
  /** The first instant at which it no longer stands. Absent: it stands until it is revoked, or the person comes of age. */
  until: optional(instant),
  /** The instant from which the person decides alone; only for a guardian. */
  comesOfAgeAt: optional(instant),
  /** Where the controller keeps the evidence: a reference, or a hash. */
  evidence: optional(wording),
  recordedAt: instant,
})
export interface Mandate extends TypeOf<typeof mandate> {}

export const mandateEnd = record({ mandateId: eventId, revokedAt: instant })
/** A revocation. It counts from when it was recorded. */
export interface MandateEnd extends TypeOf<typeof mandateEnd> {}

export const isMandate = (value: unknown): value is Mandate => conforms(mandate, value)
export const isMandateEnd = (value: unknown): value is MandateEnd => conforms(mandateEnd, value)

/**
 * Names of the claims in the leaf of a mandate and in that of its revocation: what it states, whose it is (the `sub`), and who recorded it. A
 * proof opens the first two.
 */
export const mandateClaims = ['field:mandate', 'field:subject', 'field:actor'] as const

/** A mandate with its revocation, if there is one, each with the time from which the log shows it to be known. */
export interface RecordedMandate {
  readonly mandate: Mandate & Backdatable
  readonly end?: MandateEnd & Backdatable
}

/** Why a guardian's or delegate's yes has no effect. */
export type MandateLack = 'no-mandate' | 'mandate-out-of-scope' | 'mandate-not-standing'

/** What the mandate that a decision names does for it. */
export interface MandateEffect {
  /** Why a yes has no effect; absent when the mandate stands for it. */
  readonly lack?: MandateLack
  /** When a yes under it ends, because the person comes of age. */
  readonly comesOfAgeAt?: string
}

/** A decision with what its mandate depends on. */
interface Mandated {
  readonly decision: RecordedDecision
  readonly facts: { readonly who: EventWho; readonly times: EventTimes }
  /** The instant from which it counts. */
  readonly at: string
  readonly knownFrom: string
}

/** @param recorded the mandate of the subject that has the id which the decision names; `undefined` when there is none */
export function mandateEffect(
  { decision, facts: { who, times }, at, knownFrom: decisionKnownFrom }: Mandated,
  recorded: RecordedMandate | undefined,
  knownAt: string,
): MandateEffect {
  if (recorded === undefined) return { lack: 'no-mandate' }
  const { mandate, end } = recorded
  const { mandateId, kind, covers, from, comesOfAgeAt, recordedAt } = mandate
  if (mandateId !== who.actor.mandateId || kind !== who.actor.role) return { lack: 'no-mandate' }
  // By their own times, and by those of the log where it contradicts them: it may have had both for the first time at once.
  if (recordedAt > times.recordedAt || knownFrom(mandate, recordedAt) > decisionKnownFrom) return { lack: 'no-mandate' }
  if (!isCovered(covers, targetId(decision))) return { lack: 'mandate-out-of-scope' }
  const until = endOfMandate(mandate)
  const stands = (instant: string) => from <= instant && (until === undefined || instant < until)
  const isRevoked =
    end !== undefined &&
    knownFrom(end, end.revokedAt) <= knownAt &&
    (times.recordedAt >= end.revokedAt || at >= end.revokedAt)
  // Where the log contradicts the recording time, the yes may count from later than it states.
  if (isRevoked || !stands(effectiveAtOf(times, true)) || !stands(at)) return { lack: 'mandate-not-standing' }
  return comesOfAgeAt === undefined ? {} : { comesOfAgeAt }
}

/** When the mandate ends without a revocation. */
export function endOfMandate({ until, comesOfAgeAt }: Pick<Mandate, 'until' | 'comesOfAgeAt'>): string | undefined {
  if (until === undefined || comesOfAgeAt === undefined) return until ?? comesOfAgeAt
  return until < comesOfAgeAt ? until : comesOfAgeAt
}

function isCovered(covers: MandateScope, target: string): boolean {
  if (covers.kind === 'all') return true
  return covers.purposeIds.includes(target) || covers.policyIds.some((policyId) => target === targetId({ policyId }))
}
