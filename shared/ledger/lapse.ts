/**
 * When the keys of a subject's years lapse: a pure function of its events, of what the controller ever declared, and of the instant.
 *
 *   context   `contextDays` after the last event of the year
 *   proof     when every decision of the year has ended (`consent/evidence.ts`) and its evidence term has passed since. The term counts
 *             from the end, and at the earliest from the end of the hour in which the decision was recorded: an entry has that hour in
 *             clear, so that the self-audit reckons from the same. Of all versions that declare one, the longest term counts.
 *
 * The retention of the data plays no part. Keys open a whole year, so nothing of a year lapses before it is over. Three rules keep a no
 * from being weakened, and a yes from being lost, by what is gone:
 *
 *   oldest first        a year stays as long as one before it does; otherwise an earlier yes would stand again whose withdrawal is gone
 *   as long as any yes  a decision on what rests on consent stays for the longest validity that was ever declared, so that a yes which
 *                       is imported or sent late meets the no that ended it; a yes that comes still later is over, and what it once
 *                       permitted is no longer known (`consent/status-unopened.ts`)
 *   the same answers    a year stays while the later ones alone would answer otherwise, as when a later one has a decision that counts
 *                       from before this one's
 *
 * A row that cannot be read may be any decision of its year. It is kept, from the end of the year because its hour may be forged, for
 * the longest validity ever declared and then the longest evidence term. So a planted row cannot keep a person's records for ever.
 *
 * Some decisions have no end that the ledger knows: objections, contracts, decisions on what nothing declares. Only an erasure ends them.
 */

import { endOfDuration, readDuration } from '../consent/duration.ts'
import type { RecordedEvent, Target } from '../consent/event.ts'
import { targetId } from '../consent/event.ts'
import { evidenceEnds, keepsAnswers } from '../consent/evidence.ts'
import { compareText, evidenceRetentionOf, findPurpose, type PolicyHistory } from '../consent/policy.ts'
import type { FoldEvent } from '../consent/status-answer.ts'
import type { ControllerSnapshot } from './controller-snapshots.ts'

export interface YearOfEvents {
  readonly year: number
  readonly events: readonly FoldEvent['event'][]
  /** False when a row of the year cannot be read although its key exists. */
  readonly isWhole: boolean
}

export interface Lapses {
  /** Years whose context keys have lapsed; those whose proof keys have are among them. */
  readonly context: ReadonlySet<number>
  readonly proof: ReadonlySet<number>
}

/** How long IP address, user agent and page are kept, to distinguish fraud from a decision. The same for every controller. */
export const contextDays = 90
const contextDuration = { months: 0, days: contextDays, milliseconds: 0 }

/** A year may still be written after its end, by a slow clock or by a writer that began in it. */
const marginMs = 86_400_000
const hourMs = 3_600_000

type Policies = Pick<ControllerSnapshot, 'policies' | 'purposes'>

/** @param years those of one subject whose keys exist, each with all of its events that open */
export function lapsesOf(years: readonly YearOfEvents[], declared: Policies, now: string): Lapses {
  const inOrder = years.toSorted((a, b) => a.year - b.year)
  const topics = topicsOf(inOrder, declared)
  const hasLapsed = ({ year, events, isWhole }: YearOfEvents) =>
    events.every((event) => topics.every((topic) => passed(lapseOf(event, topic), now))) &&
    (isWhole || passed(unreadableEnd(year, declared), now))
  const mustStay = inOrder.findIndex((each) => !isYearOver(each.year, now) || !hasLapsed(each))
  let gone = mustStay === -1 ? inOrder.length : mustStay
  while (gone > 0 && !topics.every((topic) => agreesWithout(inOrder.slice(0, gone), inOrder.slice(gone), topic, now)))
    gone--
  const proof = inOrder.slice(0, gone)
  const context = inOrder.filter((each) => isYearOver(each.year, now) && passed(contextEndOf(each), now))
  return { context: yearsIn([...proof, ...context]), proof: yearsIn(proof) }
}

/** A purpose or policy on which the subject decided: what was ever declared of it, and until when each decision on it is needed. */
interface Topic {
  readonly target: Target
  /** Absent when nothing declares it. */
  readonly history?: PolicyHistory
  readonly events: readonly FoldEvent[]
  readonly ends: ReadonlyMap<string, string | undefined>
  /** ISO 8601 durations, of all versions. */
  readonly terms: readonly string[]
  /** Validity of a consent by each version, ISO 8601; `undefined` where it has none. Empty for another legal basis. */
  readonly validities: readonly (string | undefined)[]
}

function topicsOf(years: readonly YearOfEvents[], declared: Policies): Topic[] {
  const events = foldEventsOf(years)
  const targets = new Map(events.flatMap(({ event }) => event.decisions.map((target) => [targetId(target), target])))
  return [...targets.values()].map((decision): Topic => {
    const { purposeId } = decision
    const target: Target = purposeId === undefined ? { policyId: decision.policyId } : { purposeId }
    const history = declared.policies.get(decision.policyId ?? declared.purposes.get(purposeId ?? '')?.policyId ?? '')
    const about = events.filter(({ event }) => event.decisions.some((each) => targetId(each) === targetId(decision)))
    const versions = history?.versions.filter((each) => purposeId === undefined || findPurpose(each, purposeId)) ?? []
    if (history === undefined || versions.length === 0) {
      return { target, events: about, ends: new Map(), terms: [], validities: [] }
    }
    const purposes = versions.map((version) => findPurpose(version, purposeId ?? ''))
    return {
      target,
      history,
      events: about,
      ends: evidenceEnds(target, about, history),
      terms: versions.map((version) => evidenceRetentionOf(version, purposeId)),
      validities: purposes.flatMap((purpose) => (purpose?.legalBasis === 'consent' ? [purpose.validity] : [])),
    }
  })
}

const foldEventsOf = (years: readonly YearOfEvents[]): FoldEvent[] =>
  years.flatMap(({ events }) => events.map((event) => ({ event })))
const yearsIn = (years: readonly YearOfEvents[]) => new Set(years.map(({ year }) => year))

export function isYearOver(year: number, now: string): boolean {
  return Date.UTC(year + 1, 0) + marginMs < Date.parse(now)
}

/** Whether the events of the years that stay give the topic's present answers by themselves. */
function agreesWithout(
  gone: readonly YearOfEvents[],
  stay: readonly YearOfEvents[],
  { target, history, events }: Topic,
  now: string,
): boolean {
  const expired = gone.flatMap(({ events }) => events).length
  const expiredUntil = latest(gone.map(endOfRecording))
  return (
    history === undefined || keepsAnswers(target, events, foldEventsOf(stay), history, now, { expired, expiredUntil })
  )
}

/** The instant after which no event of the year was recorded, RFC 3339; empty for a year without events. */
function endOfRecording({ year, events, isWhole }: YearOfEvents): string | undefined {
  return isWhole ? latest(events.map(({ times }) => hourEnd(times.recordedAt))) : yearEnd(year)
}

/** @param end RFC 3339; empty: at once; `undefined`: never */
function passed(end: string | undefined, now: string): boolean {
  return end !== undefined && end < now
}

function contextEndOf({ year, events, isWhole }: YearOfEvents): string | undefined {
  const end = contextEnd(events)
  return isWhole ? end : latest([end, endOfDuration(yearEnd(year), contextDuration)])
}

function contextEnd(events: YearOfEvents['events']): string | undefined {
  return latest(events.map(({ times }) => endOfDuration(hourEnd(times.recordedAt), contextDuration)))
}

/** Until when an unreadable row of the year is kept; `undefined`, for ever, while no version is declared. */
function unreadableEnd(year: number, { policies }: Pick<Policies, 'policies'>): string | undefined {
  const versions = [...policies.values()].flatMap((history) => history.versions)
  const validities = versions.flatMap(({ purposes }) => purposes.map(({ validity }) => validity ?? ''))
  const stands = latest([yearEnd(year), ...validities.map((validity) => endAfter(yearEnd(year), validity, ''))])
  const terms = versions.flatMap(evidenceTermsIn)
  return terms.length === 0 ? undefined : latest(terms.map((term) => endAfter(stands, term)))
}

const yearEnd = (year: number) => new Date(Date.UTC(year + 1, 0)).toISOString()

/** When nothing on this topic needs the event any more. */
function lapseOf({ eventId, decisions, times }: YearOfEvents['events'][number], topic: Topic): string | undefined {
  if (decisions.every((decision) => targetId(decision) !== targetId(topic.target))) return ''
  const end = topic.ends.get(eventId)
  if (end === undefined) return undefined
  const recorded = recordedBy(times)
  return latest([
    ...topic.terms.map((term) => endAfter(latest([end, recorded]), term)),
    ...topic.validities.map((validity) => (validity === undefined ? undefined : endAfter(recorded, validity, ''))),
  ])
}

/** `unreadable`: the end of a duration that cannot be read. */
function endAfter(from: string | undefined, duration: string, unreadable?: string): string | undefined {
  const read = readDuration(duration)
  if (read === undefined) return unreadable
  return from === undefined ? undefined : endOfDuration(from, read)
}

/** The earliest instant at which an event of this year can lapse: the shortest declared evidence term after the start of the year. */
export function earliestLapse(year: number, { policies }: Pick<Policies, 'policies'>): string | undefined {
  const from = new Date(Date.UTC(year, 0)).toISOString()
  const terms = [...policies.values()].flatMap(({ versions }) => versions.flatMap(evidenceTermsIn))
  const ends = [...new Set(terms)].map((term) => endAfter(from, term)).filter((end) => end !== undefined)
  return ends.length === 0 ? undefined : ends.reduce((a, b) => (compareText(a, b) < 0 ? a : b))
}

/** The evidence terms that a version declares: of the policy as a whole, and of each purpose. */
export function evidenceTermsIn(version: PolicyHistory['versions'][number]): string[] {
  const ids = [undefined, ...version.purposes.map(({ purposeId }) => purposeId)]
  return ids.map((purposeId) => evidenceRetentionOf(version, purposeId))
}

/** The later of the end of the hour in which the event was recorded and its effective time. */
function recordedBy({ recordedAt, effectiveAt }: RecordedEvent['times']): string {
  const hour = hourEnd(recordedAt)
  return effectiveAt > hour ? effectiveAt : hour
}

function hourEnd(at: string): string {
  return new Date(Math.floor(Date.parse(at) / hourMs) * hourMs + hourMs).toISOString()
}

/** The last of them; `undefined` when one of them never comes. */
function latest(ends: readonly (string | undefined)[]): string | undefined {
  if (ends.some((end) => end === undefined)) return undefined
  return ends.filter((end) => end !== undefined).reduce((a, b) => (compareText(a, b) < 0 ? b : a), '')
}
