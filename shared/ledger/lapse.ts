/**
 * Decides when retention may destroy the keys of a subject, year by year: a pure function of the subject's events, of everything that the
 * controller ever declared, and of the instant. A year has two keys:
 *
 *   context   lapses `contextDays` after the last event of the year
 *   proof     lapses when every decision of the year has ended (`consent/evidence.ts`) and the evidence term has passed since. The term
 *             counts from the end of the decision, but not from before the end of the hour in which the decision was recorded: that hour
 *             is in clear in the entry, so the self-audit can calculate from it, too. If versions declare several terms, the longest counts.
 *
 * The retention of the data plays no part. A key opens a whole year, so no key lapses before its year is over. Three rules make sure that a
 * destroyed key neither weakens a no nor loses a yes:
 *
 *   oldest first        A year stays as long as an earlier year stays. Otherwise an earlier yes would count again because the withdrawal
 *                       after it is gone.
 *   as long as any yes  A decision on a purpose that rests on consent stays for the longest validity ever declared, so that a yes which is
 *                       imported or sent late meets the no that ended it. A yes that arrives even later has already ended; whether it
 *                       permitted anything before is no longer known (`consent/status-unopened.ts`).
 *   the same answers    A year stays while the later years alone would give another answer, for example because a later year has a decision
 *                       that counts from before this year's decision.
 *
 * An unreadable row may be any decision of its year. It stays for the longest validity ever declared and then for the longest evidence
 * term, counted from the end of the year, because its hour may be forged. So a planted row cannot keep a person's records for ever.
 *
 * Objections, contracts and decisions on undeclared purposes have no end that the ledger knows: only an erasure destroys their keys.
 */

import { endOfDuration, readDuration } from '../consent/duration.ts'
import type { RecordedEvent, Target } from '../consent/event.ts'
import { targetId } from '../consent/event.ts'
import { evidenceEnds, keepsAnswers } from '../consent/evidence.ts'
import { evidenceRetentionOf } from '../consent/evidence-term.ts'
import { compareText, findPurpose, type PolicyHistory } from '../consent/policy.ts'
import type { FoldEvent } from '../consent/status-answer.ts'
import type { ControllerSnapshot } from './controller-snapshots.ts'

export interface YearOfEvents {
  readonly year: number
  readonly events: readonly FoldEvent['event'][]
  /** False when a row of the year cannot be read although its key exists. */
  readonly isWhole: boolean
}

export interface Lapses {
  /** Years whose context keys have lapsed. Includes every year whose proof key has lapsed. */
  readonly context: ReadonlySet<number>
  readonly proof: ReadonlySet<number>
}

/** How long IP address, user agent and page are kept, to distinguish fraud from a decision. The same for every controller. */
export const contextDays = 90
const contextDuration = { months: 0, days: contextDays, milliseconds: 0 }

/** A slow clock, or a writer that began before the end of the year, may still write to the year this long after it. */
const marginMs = 86_400_000
const hourMs = 3_600_000

type Policies = Pick<ControllerSnapshot, 'policies' | 'purposes'>

/** @param years the years of one subject whose keys exist, each with all of its events that can be opened */
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

/** A purpose or policy on which the subject decided, with everything ever declared about it and the end of each decision on it. */
interface Topic {
  readonly target: Target
  /** Absent when no version declares the topic. */
  readonly history?: PolicyHistory
  readonly events: readonly FoldEvent[]
  readonly ends: ReadonlyMap<string, string | undefined>
  /** Evidence terms of all versions, as ISO 8601 durations. */
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

/** Whether the remaining years alone still give the present answers on the topic. */
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

/** The instant by which every event of the year was recorded, RFC 3339; empty for a year without events. */
function endOfRecording({ year, events, isWhole }: YearOfEvents): string | undefined {
  return isWhole ? latest(events.map(({ times }) => hourEnd(times.recordedAt))) : yearEnd(year)
}

/** @param end RFC 3339; the empty string has always passed, and `undefined` never passes */
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

/** Until when an unreadable row of the year is kept; `undefined` (for ever) while the controller has published no version. */
function unreadableEnd(year: number, { policies }: Pick<Policies, 'policies'>): string | undefined {
  const versions = [...policies.values()].flatMap((history) => history.versions)
  const validities = versions.flatMap(({ purposes }) => purposes.map(({ validity }) => validity ?? ''))
  const stands = latest([yearEnd(year), ...validities.map((validity) => endAfter(yearEnd(year), validity, ''))])
  const terms = versions.flatMap(evidenceTermsIn)
  return terms.length === 0 ? undefined : latest(terms.map((term) => endAfter(stands, term)))
}

const yearEnd = (year: number) => new Date(Date.UTC(year + 1, 0)).toISOString()

/** The instant from which no answer on this topic needs the event. */
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

/** @param unreadable the result when the duration cannot be parsed */
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

/** The evidence terms that a version declares: for the policy as a whole, and for each purpose. */
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

/** The latest instant; `undefined` (never) when any of them is `undefined`. */
function latest(ends: readonly (string | undefined)[]): string | undefined {
  if (ends.some((end) => end === undefined)) return undefined
  return ends.filter((end) => end !== undefined).reduce((a, b) => (compareText(a, b) < 0 ? b : a), '')
}
