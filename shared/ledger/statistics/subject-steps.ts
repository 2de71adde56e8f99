/**
 * What each event of one subject adds to the statistics, as a pure function of the subject's events in the order of the log. A step counts
 * decisions, and says which consent began to stand or no longer does, by the rules of every answer (`consent/status.ts`). So an event can be
 * counted with the earlier events of its subject alone, and nothing about a subject has to be kept between two runs.
 */
import type { RecordedDecision } from '../../consent/event.ts'
import { historyKnownAt } from '../../consent/policy.ts'
import { versionsFor } from '../../consent/policy-versions.ts'
import { type Publications, policyFor } from '../../consent/recording.ts'
import { statusOf } from '../../consent/status.ts'
import type { FoldEvent } from '../../consent/status-answer.ts'
import { type Cell, type CellKey, cellKey, cellOf, cellOfDecision, type Measure, measureOf, topicKey } from './cells.ts'

/** An event with its place in the log. `day` is the UTC day of its batch. */
export interface LoggedEvent extends FoldEvent {
  readonly index: number
  /** Time of its batch, RFC 3339. */
  readonly at: string
  readonly day: string
}

/** A consent that stands, or something shown that was not answered yet, until the end of a day unless the subject decides before. */
export interface Open {
  readonly kind: 'standing' | 'pending'
  readonly cell: CellKey
  /** The last day. */
  readonly until: string
}

/** With the day on which it was opened: its ends are judged at the end of that day and of each one after it. */
interface OpenSince extends Open {
  readonly since: string
}

export interface Step {
  readonly index: number
  readonly day: string
  readonly counted: readonly { readonly cell: CellKey; readonly measure: Measure }[]
  readonly closed: readonly Open[]
  readonly opened: readonly Open[]
}

/**
 * Each event is judged with at most so many of its subject, itself and those just before it. It bounds what one subject can cost. An event
 * further back has no effect, wherever a run was cut.
 */
export const maxFolded = 256
/** So many events before those that are counted give the same steps as all: the state before an event is that after an earlier one. */
export const maxEarlier = 2 * (maxFolded - 1)
const forEver = '9999-12-31'

/**
 * @param events of one subject, by index, without a gap: those to count and `maxEarlier` before them, or all
 * @param from only steps of events from this index on
 */
export function stepsOf(published: Publications, events: readonly LoggedEvent[], from: number): Step[] {
  // Positions in `events` of the latest that counted for a key, and of the latest about a topic.
  const counted = new Map<string, number>()
  const latest = new Map<string, number>()
  const open = new Map<string, OpenSince | undefined>()
  const isCounted = (index: number) => index < from
  const stateAfter = (position: number, topic: string, decision: RecordedDecision) =>
    open.has(topic) ? open.get(topic) : openAfter(published, events, position, topic, decision)
  return events.flatMap((logged, i): Step[] => {
    const { index, day, event } = logged
    const step = { counted: [] as Step['counted'][number][], closed: [] as Open[], opened: [] as Open[] }
    for (const decision of firstOfEachTopic(event.decisions)) {
      const topic = topicKey(decision)
      const cell = cellKey(cellOfDecision(published, event, decision))
      const measure = measureOf[decision.verb]
      const once = `${day} ${topic} ${measure}`
      if (measure !== undefined && recent(counted.get(once), i) === undefined) step.counted.push({ cell, measure })
      counted.set(once, i)
      const last = recent(latest.get(topic), i)
      latest.set(topic, i)
      if (isCounted(index)) continue
      const before = last === undefined ? undefined : stateAfter(last, topic, decision)
      const after = openAfter(published, events, i, topic, decision)
      open.set(topic, after)
      if (isSame(before, after)) continue
      if (before && (before.since === day || !isOver(published, before, dayBefore(day)))) step.closed.push(before)
      if (after) step.opened.push(after)
    }
    return isCounted(index) ? [] : [{ index, day, ...step }]
  })
}

/** A position, if what is there still has an effect on the event at another. */
const recent = (position: number | undefined, at: number) =>
  position !== undefined && at - position < maxFolded ? position : undefined

const isSame = (a: Open | undefined, b: Open | undefined) =>
  a?.kind === b?.kind && a?.cell === b?.cell && a?.until === b?.until

/** A subject's event decides on a topic once; a signal's refusal gives way to the person's own decision. */
function firstOfEachTopic(decisions: readonly RecordedDecision[]): RecordedDecision[] {
  const byTopic = new Map<string, RecordedDecision>()
  for (const decision of decisions) if (!byTopic.has(topicKey(decision))) byTopic.set(topicKey(decision), decision)
  return [...byTopic.values()]
}

/** What is open for a topic once the events up to `last` have counted. */
function openAfter(
  published: Publications,
  events: readonly LoggedEvent[],
  last: number,
  topic: string,
  target: Pick<RecordedDecision, 'purposeId' | 'policyId'>,
): OpenSince | undefined {
  const known = events.slice(Math.max(0, last + 1 - maxFolded), last + 1)
  const latest = known.findLast(({ event }) => event.decisions.some((each) => topicKey(each) === topic))
  const history = policyFor(published, target)
  if (latest === undefined || history === undefined) return undefined
  const at = latest.at > latest.event.times.recordedAt ? latest.at : latest.event.times.recordedAt
  const about = target.purposeId === undefined ? { policyId: target.policyId ?? '' } : { purposeId: target.purposeId }
  const until = known.slice(0, known.indexOf(latest) + 1)
  const answer = statusOf({ ...about, at, knownAt: at }, until, history)
  if (answer.permittedByConsent || answer.current) {
    const yes = givenBy(until, topic, answer.decidedBy)
    const cell = cellKey(cellOfDecision(published, (yes ?? latest).event, target))
    return { kind: 'standing', cell, until: answer.endsAt?.slice(0, 10) ?? forEver, since: latest.day }
  }
  const asked = latest.event.decisions.find((each) => topicKey(each) === topic)?.verb === 'requested'
  return asked
    ? {
        kind: 'pending',
        cell: cellKey(cellOfDecision(published, latest.event, target)),
        until: dayAfter(latest.day),
        since: latest.day,
      }
    : undefined
}

/** The event with the yes itself, where a confirmation made it count. */
function givenBy(
  events: readonly LoggedEvent[],
  topic: string,
  decidedBy: string | undefined,
): LoggedEvent | undefined {
  const at = events.findIndex(({ event }) => event.eventId === decidedBy)
  const saysYes = ({ event }: LoggedEvent) =>
    event.decisions.some((each) => topicKey(each) === topic && measureOf[each.verb] === 'given')
  return events.slice(0, at + 1).findLast(saysYes)
}

/** Whether it ended by itself by the end of this day: its time is up, or a version came into force under which the consent does not stand. */
export function isOver(published: Publications, { kind, cell, until }: Open, day: string): boolean {
  if (until <= day) return true
  return kind === 'standing' && !standsUnder(published, cellOf(cell), day)
}

function standsUnder(published: Publications, cell: Cell, day: string): boolean {
  const history = policyFor(published, cell)
  if (history === undefined) return false
  const end = `${day}T23:59:59.999Z`
  const versions = versionsFor(historyKnownAt(history, end), cell.purposeId)
  const text = versions.find(cell.version)
  return text !== undefined && versions.standing(text, versions.inForceAt(end)) === 'stands'
}

const dayMs = 24 * 3_600_000
const shifted = (day: string, ms: number) =>
  new Date(Date.parse(`${day}T00:00:00.000Z`) + ms).toISOString().slice(0, 10)
export const dayBefore = (day: string): string => shifted(day, -dayMs)
export const dayAfter = (day: string): string => shifted(day, dayMs)
