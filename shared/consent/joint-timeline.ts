/** When the joint state of linked subjects changed. At each instant it agrees with `jointStatusOf` for the same subjects. */
import { jointEvents, type Member, unopenedOf } from './joint-status.ts'
import type { PolicyHistory } from './policy.ts'
import type { Question } from './status-answer.ts'
import { type TimelineEntry, timelineOf } from './timeline.ts'

/**
 * @param from the instant from which all of them are linked: the first entry is what they amounted to then, if they had decided
 * @param until the last instant that counts
 */
export function jointTimelineOf(
  question: Omit<Question, 'at'>,
  members: readonly Member[],
  history: PolicyHistory,
  from: string,
  until: string,
): TimelineEntry[] {
  const changes = timelineOf(question, jointEvents(members), history, until, unopenedOf(members))
  const before = changes.findLast(({ at }) => at <= from)
  return [...(before ? [{ ...before, at: from }] : []), ...changes.filter(({ at }) => at > from)]
}
