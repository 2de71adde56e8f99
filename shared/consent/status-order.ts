/**
 * The order in which decisions count: effectiveAt, recordedAt, a no after a yes, eventId. It depends on nothing published, so
 * one sorting serves both time axes.
 */
import { instantOf } from './duration.ts'
import { type EventFacts, isExplicitAct, mayOperate } from './effect.ts'
import { noVerbs, type RecordedDecision, type Target, yesVerbs } from './event.ts'
import { compareText, knownFrom } from './policy.ts'
import type { FoldEvent } from './status-answer.ts'
import { effectiveAtOf } from './times.ts'

/** One decision on the question's target, at its place in time. */
export interface Item {
  readonly eventId: string
  readonly decision: RecordedDecision
  readonly facts: EventFacts
  /** The instant from which it counts. */
  readonly at: string
  readonly recordedAt: string
  readonly knownFrom: string
  readonly rank: number
}

export function itemsOf(target: Target, events: readonly FoldEvent[]): Item[] {
  const items: Item[] = []
  for (const fold of events) {
    const { event } = fold
    for (const decision of event.decisions) {
      if (decision.purposeId !== target.purposeId || decision.policyId !== target.policyId) continue
      items.push({
        eventId: event.eventId,
        decision,
        facts: event,
        at: positionOf(decision, event),
        recordedAt: event.times.recordedAt,
        knownFrom: knownFrom(fold, event.times.recordedAt),
        rank: rankOf(decision, event),
      })
    }
  }
  return items.sort(byOrder)
}

function byOrder(a: Item, b: Item): number {
  return (
    compareText(a.at, b.at) ||
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

/** A no after a yes; in between, a yes that an opt-out signal in its own event may turn into a no. */
function rankOf(decision: RecordedDecision, facts: EventFacts): number {
  const { verb } = decision
  if (noVerbs.has(verb) || verb === 'revoked' || verb === 'invalidated') return 2
  return facts.how.signals?.gpc === true && yesVerbs.has(verb) && !isExplicitAct(facts) ? 1 : 0
}
