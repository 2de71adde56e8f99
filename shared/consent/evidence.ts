/**
 * What the proof of decisions is needed for: until when an answer rests on each decision, and whether a set of events still gives the
 * answers that a larger one gave. Both walk on into the future with what is published, so that a consent which stands, or comes to stand
 * when its text comes into force, is seen to its end.
 *
 *   consent                    while it stands, or another would fall back on it: GDPR art. 7(1)
 *   a yes before its text      until that consent has ended
 *   refusal, withdrawal        done with the act; `lapse.ts` keeps it for as long as a yes that it ended could stand
 *   a request, a yes that      done with the act: nothing stood yet
 *   awaits its confirmation
 *   objection, and what took   without end: art. 21 knows none, and forgetting an objection would permit again
 *   it back
 *   acceptance of terms        until another takes its place: the contract's end is not known here, so the controller erases it
 *   information, showing,      done with the act, "at the time when personal data are obtained": art. 13(1)
 *   acknowledgement
 */
import { lastInstant } from './duration.ts'
import type { Target } from './event.ts'
import type { PolicyHistory } from './policy.ts'
import { start } from './status.ts'
import type { FoldEvent } from './status-answer.ts'
import { type Item, itemsOf } from './status-order.ts'
import { isUndecided } from './status-unopened.ts'
import { walk } from './status-walk.ts'
import { type TimelineEntry, timelineOf } from './timeline.ts'

/** By eventId, of the events that decide on `target`: when the last answer that rests on it ends; `undefined`: never by time alone. */
export function evidenceEnds(
  target: Target,
  events: readonly FoldEvent[],
  history: PolicyHistory,
): ReadonlyMap<string, string | undefined> {
  const sorted = itemsOf(target, events)
  const { scene, fold, noEffects, items } = start(target, lastInstant, lastInstant, sorted, history)
  const ends = new Map<Item, string | undefined>(items.map((item) => [item, item.at]))
  let resting = new Set<Item>()
  walk(fold, noEffects, items, scene, lastInstant, (at) => {
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

/** `undefined` is never, and so the later. */
function later(a: string | undefined, b: string | undefined): string | undefined {
  return a === undefined || b === undefined ? undefined : a < b ? b : a
}

/**
 * Whether `left`, some of the events in `whole`, give the answers that `whole` gives, at every instant: nothing more permissive, no
 * decision that was not, and from `now` on everything that stands. An answer about the past that nobody in `left` decided is given
 * up: it is said to have expired. By `evidenceEnds` nothing that stands is in doubt; this is the second look before what cannot be undone.
 */
export function keepsAnswers(
  target: Target,
  whole: readonly FoldEvent[],
  left: readonly FoldEvent[],
  history: PolicyHistory,
  now: string,
): boolean {
  const [before, after] = [whole, left].map((events) =>
    timelineOf({ ...target, knownAt: lastInstant }, events, history, lastInstant),
  )
  const instants = [...new Set([...(before ?? []), ...(after ?? [])].map(({ at }) => at))].sort()
  return instants.every((at, i) => {
    const next = instants[i + 1]
    const isPast = next !== undefined && next <= now
    return agrees(kindAt(before, at), kindAt(after, at), isPast)
  })
}

type Kind = 'undecided' | 'yes' | 'no' | 'objection' | 'objection-lifted' | 'declined' | 'ended'

function agrees(whole: Kind, left: Kind, isPast: boolean): boolean {
  if (whole === left) return true
  const lasts = whole !== 'undecided' && whole !== 'ended' && whole !== 'no'
  if (left === 'undecided') return isPast || !lasts
  return left === 'ended' && whole === 'no'
}

function kindAt(timeline: readonly TimelineEntry[] | undefined, at: string): Kind {
  const entry = timeline?.findLast((each) => each.at <= at)
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
