/**
 * The order in which decisions count: effectiveAt, recordedAt, a no after a yes, eventId. Between linked subjects `a no after a yes` comes
 * before recordedAt. The order depends on nothing published, so one sorting serves both time axes.
 *
 * Three kinds of events have a span of instants instead of one: an event whose recording time the log contradicts (`disputed-times.ts`); a
 * yes with a notice token that a clock ahead of the recording one issued, because no token is issued after it was used; and a yes whose
 * stated time was rejected, because it was made at some time before it was recorded, and the person may have said no since.
 */
import { isAhead } from './clocks.ts'
import { type EventFacts, mayOperate } from './decision-effect.ts'
import { disputedSpan, type EffectiveSpan } from './disputed-times.ts'
import { instantOf } from './duration.ts'
import { effectiveAtOf } from './effective-time.ts'
import { type EventTimes, noVerbs, type RecordedDecision, type Target, yesVerbs } from './event.ts'
import type { RecordedMandate } from './mandate.ts'
import { compareText, knownFrom } from './policy.ts'
import type { FoldEvent } from './status-answer.ts'

/** One decision on the question's target, with its position in time. */
export interface TimedDecision {
  readonly eventId: string
  readonly decision: RecordedDecision
  readonly facts: EventFacts
  /** The mandate that the event names. What it does depends on what is known (`start` in `status.ts`). */
  readonly mandate?: RecordedMandate
  /** The instant from which it counts. */
  readonly at: string
  readonly recordedAt: string
  readonly knownFrom: string
  readonly rank: number
  /** Whether the log contradicts the clock that stamped it. */
  readonly isDisputed: boolean
  /** Whether this is the second entry of a no whose time is uncertain, which counts at both ends of its span. */
  readonly isRepeated: boolean
  /** Which of several linked subjects decided; absent in an answer about one subject. */
  readonly member: number | undefined
}

interface DecisionWithSpan extends TimedDecision {
  /** Start of the span. A no between `from` and `at` may have been made after a yes of that span. */
  readonly from: string
}

export function timedDecisionsOf(target: Target, events: readonly FoldEvent[]): TimedDecision[] {
  const items: DecisionWithSpan[] = []
  for (const fold of events) {
    const { event } = fold
    for (const decision of event.decisions) {
      if (decision.purposeId !== target.purposeId || decision.policyId !== target.policyId) continue
      const { from, until } = spanOf(fold, decision)
      const item: DecisionWithSpan = {
        eventId: event.eventId,
        decision,
        facts: event,
        ...(fold.mandate && { mandate: fold.mandate }),
        at: until,
        from,
        recordedAt: recordedBy(fold),
        knownFrom: knownFrom(fold, event.times.recordedAt),
        rank: rankOf(decision, event),
        isDisputed: isDisputed(fold),
        isRepeated: false,
        member: fold.member,
      }
      if (item.rank < 2 || from === until) items.push(item)
      else items.push({ ...item, at: from }, { ...item, isRepeated: true })
    }
  }
  return beforeAnyNo(items).sort(byOrder)
}

/** Whether the log had the event before the time that it states. The time of an event that came late to the log may be right. */
function isDisputed(fold: FoldEvent): boolean {
  const { recordedAt } = fold.event.times
  const by = recordedBy(fold)
  return by !== recordedAt && isAhead(Date.parse(recordedAt), Date.parse(by))
}

function recordedBy({ event: { times }, knownFrom: loggedAt }: FoldEvent): string {
  return loggedAt !== undefined && loggedAt < times.recordedAt ? loggedAt : times.recordedAt
}

/** The span from the earliest to the latest instant at which the event may have taken effect. */
function spanOf({ event, knownFrom: loggedAt }: FoldEvent, decision: RecordedDecision): EffectiveSpan {
  const at = positionOf(decision, event)
  if (loggedAt !== undefined) {
    const span = disputedSpan(event.times, mayOperate(event), loggedAt)
    const counted = (effectiveAt: string) => positionOf(decision, { ...event, times: { ...event.times, effectiveAt } })
    return { from: yesVerbs.has(decision.verb) ? span.from : counted(span.from), until: counted(span.until) }
  }
  const { recordedAt, verdict } = event.times
  const isUncertain = verdict === 'rejected' && yesVerbs.has(decision.verb)
  return { from: isUncertain ? earliestMade(event.times) : at > recordedAt ? recordedAt : at, until: at }
}

/**
 * The earliest instant at which an event with a rejected time can have been made: its stated time, or, when that is in the future, as after
 * a clock was set back, any earlier time (the empty text, which sorts first).
 */
function earliestMade({ occurredAt, recordedAt, sentAt = recordedAt }: EventTimes): string {
  return occurredAt > recordedAt || occurredAt > sentAt ? '' : occurredAt
}

/** A yes of uncertain time comes before every no of its span. */
function beforeAnyNo(items: readonly DecisionWithSpan[]): TimedDecision[] {
  const nos = items.flatMap(({ rank, at }) => (rank === 2 ? [at] : [])).sort()
  return items.map((item) => {
    if (item.rank === 2 || item.from === item.at) return item
    const no = firstFrom(nos, item.from)
    return no === undefined || no > item.at ? item : { ...item, at: no, recordedAt: '' }
  })
}

/** The first text not before `from`, by binary search, because any client can record many events with a rejected time. */
function firstFrom(sorted: readonly string[], from: string): string | undefined {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((sorted[middle] ?? '') < from) low = middle + 1
    else high = middle
  }
  return sorted[low]
}

function byOrder(a: TimedDecision, b: TimedDecision): number {
  return (
    compareText(a.at, b.at) ||
    // Between linked subjects a no counts after every yes of its instant, whichever was recorded first.
    (a.member === undefined ? 0 : a.rank - b.rank) ||
    compareText(a.recordedAt, b.recordedAt) ||
    a.rank - b.rank ||
    compareText(a.eventId, b.eventId) ||
    compareText(a.decision.verb, b.decision.verb)
  )
}

/** An invalidation reaches back: it counts from `from`, which is never after its own instant. */
function positionOf(decision: RecordedDecision, facts: EventFacts): string {
  const at = effectiveAtOf(facts.times, yesVerbs.has(decision.verb))
  if (decision.verb !== 'invalidated' || !mayOperate(facts)) return at
  const from = instantOf(decision.from)
  return from !== undefined && from < at ? from : at
}

/**
 * Sorts a no after a yes, and between them a yes that an opt-out signal in its own event may turn into a no. That may happen to an explicit act
 * as well, where its yes cannot count.
 */
function rankOf({ verb }: RecordedDecision, { how }: EventFacts): number {
  if (noVerbs.has(verb) || verb === 'revoked' || verb === 'invalidated') return 2
  return how.signals?.gpc === true && yesVerbs.has(verb) ? 1 : 0
}
