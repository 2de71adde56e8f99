/** The history as rows of a table, oldest first, with the same facts as the picture. Pure functions of the lanes. */
import type { Timeline } from '../../../shared/server/wire.ts'
import type { Span, VersionSpan } from '../question/version-spans.ts'
import type { Change, Lane, RecordedEvent } from './lanes.ts'

/** A status that began with an event, in one of its lanes. */
export interface Effect {
  readonly lane: Lane
  readonly change: Change
}

export type Row = { readonly at: number; readonly key: string } & (
  | {
      readonly kind: 'event'
      readonly event: RecordedEvent
      readonly effects: readonly Effect[]
      /** Whether the status of every topic of the event was asked for, so that no effect means that nothing changed. */
      readonly isKnown: boolean
    }
  /** Time or a version changed a status. `isJoint`: that of all linked identities together, whoever decided. */
  | { readonly kind: 'change'; readonly lane: Lane; readonly change: Change; readonly isJoint: boolean }
  | { readonly kind: 'version'; readonly span: VersionSpan }
  | { readonly kind: 'link'; readonly linkId: string }
)

/** At one instant a version comes first, then time, then decisions, as they count. */
const order: Readonly<Record<Row['kind'], number>> = { version: 0, link: 1, change: 2, event: 3 }

/** @param extent versions that came into force outside of it are left out */
export function rowsOf(lanes: readonly Lane[], timeline: Timeline, extent: Span): readonly Row[] {
  const rows = [
    ...eventRows(lanes),
    ...versionRows(lanes, extent),
    ...lanes.flatMap((lane) => (lane.jointSpans ?? []).map(({ change }) => changeRow(lane, change, true))),
    ...(timeline.joint?.links ?? []).map(
      ({ linkId, linkedAt }): Row => ({ kind: 'link', at: Date.parse(linkedAt), key: `link ${linkId}`, linkId }),
    ),
  ]
  return rows.sort((a, b) => a.at - b.at || order[a.kind] - order[b.kind])
}

/** One row for each event, and one for each change that no event of its instant made. */
function eventRows(lanes: readonly Lane[]): Row[] {
  const events = new Map<string, { at: number; event: RecordedEvent; effects: Effect[]; isKnown: boolean }>()
  for (const { marks, spans } of lanes)
    for (const { at, event } of marks) {
      const found = events.get(event.eventId)
      if (found === undefined) events.set(event.eventId, { at, event, effects: [], isKnown: spans !== undefined })
      else if (spans === undefined) found.isKnown = false
    }
  const others: Row[] = []
  for (const lane of lanes)
    for (const { change, from } of lane.spans ?? []) {
      const event = change.decidedBy === undefined ? undefined : events.get(change.decidedBy)
      if (event?.at === from) event.effects.push({ lane, change })
      else others.push(changeRow(lane, change, false))
    }
  return [
    ...[...events].map(([eventId, found]): Row => ({ kind: 'event', key: `event ${eventId}`, ...found })),
    ...others,
  ]
}

function changeRow(lane: Lane, change: Change, isJoint: boolean): Row {
  const key = `${isJoint ? 'joint' : 'change'} ${lane.key} ${change.at}`
  return { kind: 'change', at: Date.parse(change.at), key, lane, change, isJoint }
}

/** Each version once, though several lanes may be of its policy. */
function versionRows(lanes: readonly Lane[], { from, until }: Span): Row[] {
  const spans = new Map<string, VersionSpan>()
  for (const { versions } of lanes)
    for (const span of versions)
      if (span.from >= from && span.from <= until) spans.set(`${span.version.policyId} ${span.version.version}`, span)
  return [...spans].map(([name, span]): Row => ({ kind: 'version', at: span.from, key: `version ${name}`, span }))
}

/** The rows of a time, by binary search. */
export function rowsWithin(rows: readonly Row[], { from, until }: Span): readonly Row[] {
  return rows.slice(firstFrom(rows, from), firstFrom(rows, until + 1))
}

function firstFrom(rows: readonly Row[], at: number): number {
  let [low, high] = [0, rows.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((rows[middle]?.at ?? at) < at) low = middle + 1
    else high = middle
  }
  return low
}
