/**
 * Until when a person must not be asked again about a purpose that rests on consent: `askAgainAfter` of the version in force, counted from the
 * latest no or deferral. It is for whoever asks, and changes no status.
 */
import { timedDecisionsOf } from './decision-order.ts'
import { endOfDuration, readDuration } from './duration.ts'
import type { Verb } from './event.ts'
import { findPurpose, historyKnownAt, inForce, type PolicyHistory } from './policy.ts'
import type { Finding, FoldEvent, Question, Status } from './status-answer.ts'

/** A status of a consent in which the person has answered, so that asking again soon would press them. */
const answered: ReadonlySet<Status> = new Set(['Refused', 'Withdrawn', 'RequestDeferred'])
const answers: ReadonlySet<Verb> = new Set(['refused', 'withdrawn', 'deferred'])

/** @returns an instant, which may have passed; `undefined` when nothing keeps the person from being asked */
export function askableAgainAt(
  { purposeId, at, knownAt }: Question,
  { status }: Pick<Finding, 'status'>,
  events: readonly FoldEvent[],
  history: PolicyHistory,
): string | undefined {
  if (purposeId === undefined || !answered.has(status)) return undefined
  const version = inForce(historyKnownAt(history, knownAt), at)
  const after = readDuration((version && findPurpose(version, purposeId)?.askAgainAfter) ?? '')
  if (after === undefined) return undefined
  const last = timedDecisionsOf({ purposeId }, events).findLast(
    (item) => item.knownFrom <= knownAt && item.at <= at && answers.has(item.decision.verb),
  )
  return last && endOfDuration(last.at, after)
}
