/**
 * A person's history as lanes, one for each purpose or policy: the decisions on it as marks, the versions of its policy as bands, and its
 * status as spans. Pure functions of what the ledger answered. Instants are milliseconds since 1970.
 *
 * One answer has all events of the person that the auditor's grant shows, and the status of the one topic that was asked about. A lane whose
 * status was not asked about has marks and versions only: the status is never worked out here, because only the ledger knows all that counts.
 */
import type { Timeline } from '../../../shared/server/wire.ts'
import type { Topic } from '../question/topics.ts'
import { type Span, type VersionSpan, versionSpansOf } from '../question/version-spans.ts'

export type RecordedEvent = Timeline['events'][number]
export type Decision = RecordedEvent['decisions'][number]
export type Change = Timeline['changes'][number]

/** One decision of one event. */
export interface Mark {
  /** The instant from which the event counts. */
  readonly at: number
  readonly event: RecordedEvent
  readonly decision: Decision
}

export interface StatusSpan extends Span {
  readonly change: Change
}

export interface Lane {
  /** Key of its topic. */
  readonly key: string
  readonly topic: Topic
  /** Oldest first. */
  readonly marks: readonly Mark[]
  readonly versions: readonly VersionSpan[]
  /** Absent: not asked. */
  readonly spans?: readonly StatusSpan[]
  /** Statuses of the person together with those that it is linked to. */
  readonly jointSpans?: readonly StatusSpan[]
}

/** What the lanes are made from. */
export interface Asked {
  /** The answer to the first question. */
  readonly timeline: Timeline
  /** Key of the topic that it is about. */
  readonly topic: string
  /** Changes of other topics, by key, as far as they were asked for. */
  readonly changes: ReadonlyMap<string, readonly Change[]>
}

/** The lane of the topic that was asked about, then those of all other topics on which the person decided, in the order of `topics`. */
export function lanesOf(topics: readonly Topic[], asked: Asked): readonly Lane[] {
  const { timeline } = asked
  const marks = marksByTopic(timeline.events)
  const until = Date.parse(timeline.at)
  const lane = (topic: Topic): Lane => {
    const isAsked = topic.key === asked.topic
    const changes = isAsked ? timeline.changes : asked.changes.get(topic.key)
    return {
      key: topic.key,
      topic,
      marks: marks.get(topic.key) ?? [],
      versions: versionSpansOf(topic, timeline.knownAt),
      ...(changes && { spans: spansOf(changes, until) }),
      ...(isAsked && timeline.joint && { jointSpans: spansOf(timeline.joint.changes, until) }),
    }
  }
  const shown = topics.filter(({ key }) => key === asked.topic || marks.has(key))
  return shown.toSorted((a, b) => Number(b.key === asked.topic) - Number(a.key === asked.topic)).map(lane)
}

export function topicKeyOf({ purposeId, policyId }: Pick<Decision, 'purposeId' | 'policyId'>): string {
  return purposeId === undefined ? `policy/${policyId}` : `purpose/${purposeId}`
}

/** The marks of each topic, oldest first; those of one instant in the order of the answer. */
export function marksByTopic(events: readonly RecordedEvent[]): ReadonlyMap<string, readonly Mark[]> {
  const found = new Map<string, Mark[]>()
  for (const event of events) {
    const at = Date.parse(event.times.effectiveAt)
    for (const decision of event.decisions) {
      const key = topicKeyOf(decision)
      const marks = found.get(key)
      if (marks) marks.push({ at, event, decision })
      else found.set(key, [{ at, event, decision }])
    }
  }
  for (const marks of found.values()) marks.sort((a, b) => a.at - b.at)
  return found
}

/** Each change lasts until the next; the last until the instant that the question is about. */
export function spansOf(changes: readonly Change[], until: number): readonly StatusSpan[] {
  return changes.map((change, index) => {
    const next = changes[index + 1]
    return { from: Date.parse(change.at), until: next === undefined ? until : Date.parse(next.at), change }
  })
}

/** The time that a picture covers, with a margin in which marks at its ends have room. */
export interface Extent extends Span {
  /** The first and the last instant that it shows, without the margin. */
  readonly first: number
  readonly last: number
}

/** Share of the time on each side, so that half a mark fits at the least width of a page. */
const marginShare = 0.05

/** From the first event, status or version to the instant of the question, or a later event. */
export function extentOf(lanes: readonly Lane[], at: number): Extent {
  const instants = lanes
    .flatMap(({ marks, spans, jointSpans, versions }) => [
      ...[marks[0]?.at, marks.at(-1)?.at, spans?.[0]?.from, jointSpans?.[0]?.from],
      versions.find(({ from }) => from <= at)?.from,
    ])
    .filter((each) => each !== undefined)
  const [first, last] = [Math.min(at, ...instants), Math.max(at, ...instants)]
  const margin = Math.max((last - first) * marginShare, 60_000)
  return { from: first - margin, until: last + margin, first, last }
}
