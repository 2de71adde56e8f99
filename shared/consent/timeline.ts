/**
 * The instants at which a status changed: by a decision, by a version that came into force, by the end of a validity. It
 * records the steps of the walk that `status.ts` uses, so that at each instant it agrees with `statusOf`.
 */

import { timedDecisionsOf } from './decision-order.ts'
import { walk } from './fold.ts'
import type { PolicyHistory } from './policy.ts'
import { eventId, flag, instant, optional, record, type TypeOf, word } from './schema.ts'
import { start, targetOf } from './status.ts'
import type { FoldEvent, Question, Status, StatusReason, UnopenedEvents } from './status-answer.ts'
import { viewAmong } from './status-unopened.ts'

export const timelineEntry = record({
  at: instant,
  status: word<Status>(),
  reason: word<StatusReason>(),
  decidedBy: optional(eventId),
  current: optional(flag),
})
export interface TimelineEntry extends TypeOf<typeof timelineEntry> {}

/**
 * From the first change up to and including `until`; before it the status is Unknown, or Uninformed; Unknown in any case when evidence
 * has expired. A renewal is a change too, since another event decides from then on. Of several steps at one instant only the outcome
 * is listed. While something cannot be read, the first entry says Undetermined.
 */
export function timelineOf(
  question: Omit<Question, 'at'>,
  events: readonly FoldEvent[],
  history: PolicyHistory,
  until: string,
  unopened: UnopenedEvents = {},
): TimelineEntry[] {
  const target = targetOf(question)
  const { context, fold, noEffects, items } = start(
    target,
    until,
    question.knownAt,
    timedDecisionsOf(target, events),
    history,
  )
  const entryAt = (at: string): TimelineEntry => {
    const { status, reason, decidedBy, current } = viewAmong(
      at === '' ? { expired: unopened.expired } : unopened,
      fold.view(at),
    )
    return {
      at,
      status,
      reason,
      ...(decidedBy !== undefined && { decidedBy }),
      ...(current !== undefined && { current }),
    }
  }
  const entries: TimelineEntry[] = [entryAt('')]
  walk(fold, noEffects, items, context, until, (at) => {
    if (entries.at(-1)?.at === at) entries.pop()
    const entry = entryAt(at)
    if (!isSame(entries.at(-1), entry)) entries.push(entry)
  })
  return entries.slice(1)
}

function isSame(a: TimelineEntry | undefined, b: TimelineEntry): boolean {
  return a?.status === b.status && a.reason === b.reason && a.decidedBy === b.decidedBy && a.current === b.current
}
