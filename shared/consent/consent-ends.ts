/**
 * When a consent ends by itself: because its validity is over, or because a person for whom a guardian decided comes of age. It asks the
 * walk that every answer uses (`fold.ts`) and adds no rule. An end by a new version of a policy is none of these.
 */
import { timedDecisionsOf } from './decision-order.ts'
import { walk } from './fold.ts'
import type { PolicyHistory } from './policy.ts'
import { start, targetOf } from './status.ts'
import type { FoldEvent, Question, Reason, Status, UnopenedEvents } from './status-answer.ts'
import { type TimelineEntry, timelineOf } from './timeline.ts'

/** An end, and the event that had made the consent count: the yes, or its confirmation. */
export interface ConsentEnd {
  readonly at: string
  readonly decidedBy: string
}

const forEver = '9999-12-31T23:59:59.999Z'
const byTime: ReadonlySet<Reason> = new Set<Reason>(['validity-ended', 'came-of-age'])
const standing: ReadonlySet<Status> = new Set<Status>(['Given', 'RenewedGiven'])

/**
 * Every instant at which a consent ends that counts, or will begin to by time alone, whatever else happens to it before: what is to
 * be looked at again then. In order, without repetition.
 */
export function possibleEnds(question: Question, events: readonly FoldEvent[], history: PolicyHistory): string[] {
  const target = targetOf(question)
  const ends = new Set<string>()
  const known = timedDecisionsOf(target, events)
  const now = start(target, question.at, question.knownAt, known, history)
  // A purpose that is not declared yet has the basis that it will have.
  const { context, fold, noEffects, items } =
    now.purpose === undefined ? start(target, forEver, question.knownAt, known, history) : now
  walk(fold, noEffects, items, context, forEver, (at) => {
    const { endsAt } = fold.view(at)
    if (endsAt !== undefined) ends.add(endsAt)
  })
  return [...ends].sort()
}

/** The end at which a consent expired, if nothing has happened since: the status at `question.at` is Expired for that reason. */
export function endThatCame(
  question: Question,
  events: readonly FoldEvent[],
  history: PolicyHistory,
  unopened: UnopenedEvents = {},
): ConsentEnd | undefined {
  const entries = timelineOf(question, events, history, question.at, unopened)
  const [before, last] = [entries.at(-2), entries.at(-1)]
  return before && standing.has(before.status) ? endIn(last) : undefined
}

/** The end of the consent that stands at `question.at`, if it comes by `until` and nothing that is known comes before. */
export function endAhead(
  question: Question,
  events: readonly FoldEvent[],
  history: PolicyHistory,
  until: string,
  unopened: UnopenedEvents = {},
): ConsentEnd | undefined {
  const entries = timelineOf(question, events, history, until, unopened)
  const next = entries.findIndex(({ at }) => at > question.at)
  const stood = next === -1 ? undefined : entries[next - 1]
  if (stood === undefined || !standing.has(stood.status)) return undefined
  return endIn(entries.slice(next).find(({ status }) => !standing.has(status)))
}

function endIn(entry: TimelineEntry | undefined): ConsentEnd | undefined {
  if (entry?.decidedBy === undefined || entry.status !== 'Expired' || !byTime.has(entry.reason)) return undefined
  return { at: entry.at, decidedBy: entry.decidedBy }
}
