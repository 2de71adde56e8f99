/**
 * How long the proof of each decision is needed: until when an answer rests on it, and whether a subset of events still gives the same
 * answers. Both continue the walk into the future with the published versions, so that a consent which stands now, or will when its
 * text comes into force, is followed to its end.
 *
 *   consent                    while it stands, or an answer could fall back on it: GDPR art. 7(1)
 *   a yes before its text      until that consent has ended
 *   refusal, withdrawal        ends at once; retention keeps it for as long as a yes that it ended could stand
 *   a request, a yes that      ends at once, because nothing stood yet
 *   awaits its confirmation
 *   objection, and its         no end: art. 21 sets none, and forgetting an objection would permit again
 *   withdrawal
 *   acceptance of terms        until another replaces it: the ledger does not know when the contract ends, so the controller erases it
 *   information, showing,      ends at once, "at the time when personal data are obtained": art. 13(1)
 *   acknowledgement
 */

import { type TimedDecision, timedDecisionsOf } from './decision-order.ts'
import { lastInstant } from './duration.ts'
import type { Target } from './event.ts'
import { walk } from './fold.ts'
import type { PolicyHistory } from './policy.ts'
import { start } from './status.ts'
import type { FoldEvent, UnopenedEvents } from './status-answer.ts'
import { isUndecided } from './status-unopened.ts'
import { type TimelineEntry, timelineOf } from './timeline.ts'

/**
 * For each event that decides on `target`, by eventId: when the last answer that rests on it ends. `undefined` means that time alone
 * never ends it.
 */
export function evidenceEnds(
  target: Target,
  events: readonly FoldEvent[],
  history: PolicyHistory,
): ReadonlyMap<string, string | undefined> {
  const sorted = timedDecisionsOf(target, events)
  const { context, fold, noEffects, items } = start(target, lastInstant, lastInstant, sorted, history)
  const ends = new Map<TimedDecision, string | undefined>(items.map((item) => [item, item.at]))
  let resting = new Set<TimedDecision>()
  walk(fold, noEffects, items, context, lastInstant, (at) => {
    const now = new Set(fold.restsOn(at))
    for (const item of resting) if (!now.has(item)) ends.set(item, at)
    resting = now
  })
  for (const item of resting) ends.set(item, undefined)
  const byEvent = new Map<string, string | undefined>()
  for (const [{ eventId }, end] of ends)
    byEvent.set(eventId, byEvent.has(eventId) ? later(byEvent.get(eventId), end) : end)
  return byEvent
}

/** `undefined` stands for never, which is later than any instant. */
function later(a: string | undefined, b: string | undefined): string | undefined {
  return a === undefined || b === undefined ? undefined : a < b ? b : a
}

/**
 * Whether `left`, the subset of `whole` that remains when the others have `expired`, gives acceptable answers at every instant. No answer
 * may be more permissive or have a decision that `whole` did not have. From `now` on every decision that stands must remain. A past answer
 * that no event in `left` decides may be lost: it becomes `evidence-expired`. Where `evidenceEnds` is right this holds already; it is
 * checked again because destroying keys cannot be undone.
 */
export function keepsAnswers(
  target: Target,
  whole: readonly FoldEvent[],
  left: readonly FoldEvent[],
  history: PolicyHistory,
  now: string,
  expired: UnopenedEvents,
): boolean {
  const question = { ...target, knownAt: lastInstant }
  const before = timelineOf(question, whole, history, lastInstant)
  const after = timelineOf(question, left, history, lastInstant, expired)
  const instants = [...new Set([...before, ...after].map(({ at }) => at))].sort()
  const isLeft = new Set(left.map(({ event }) => event.eventId))
  return instants.every((at, i) => {
    const next = instants[i + 1]
    const was = entryAt(before, at)
    const mayBeLost = next !== undefined && next <= now && !isLeft.has(was?.decidedBy ?? '')
    return agrees(kindOf(was), kindOf(entryAt(after, at)), mayBeLost)
  })
}

type Kind = 'undecided' | 'yes' | 'no' | 'objection' | 'objection-lifted' | 'declined' | 'ended'

function agrees(whole: Kind, left: Kind, mayBeLost: boolean): boolean {
  if (whole === left) return true
  const lasts = whole !== 'undecided' && whole !== 'ended' && whole !== 'no'
  if (left === 'undecided') return mayBeLost || !lasts
  return left === 'ended' && whole === 'no'
}

function entryAt(timeline: readonly TimelineEntry[], at: string): TimelineEntry | undefined {
  return timeline.findLast((each) => each.at <= at)
}

function kindOf(entry: TimelineEntry | undefined): Kind {
  return entry === undefined || isUndecided(entry) ? 'undecided' : (kinds[entry.status] ?? 'ended')
}

const kinds: Readonly<Partial<Record<TimelineEntry['status'], Kind>>> = {
  Given: 'yes',
  RenewedGiven: 'yes',
  Accepted: 'yes',
  Refused: 'no',
  Withdrawn: 'no',
  Objected: 'objection',
  NotObjected: 'objection-lifted',
  Declined: 'declined',
}
