/**
 * When the keys of a year lapse, and by which rule: a term, and the purpose or policy whose version declares it. Pure functions for `lapse.ts`.
 */
import type { LapseRule } from '../../consent/disposals.ts'
import { endOfDuration, readDuration } from '../../consent/duration.ts'
import type { RecordedEvent, Target } from '../../consent/event.ts'
import { targetId } from '../../consent/event.ts'
import { evidenceEnds } from '../../consent/evidence.ts'
import {
  contextRetentionOf,
  contextTermsIn,
  defaultContextRetention,
  evidenceRetentionOf,
  evidenceTermsIn,
} from '../../consent/evidence-term.ts'
import type { RecordedMandate } from '../../consent/mandate.ts'
import { compareText, findPurpose, type PolicyHistory } from '../../consent/policy.ts'
import type { FoldEvent } from '../../consent/status-answer.ts'
import type { ControllerSnapshot } from '../controllers/controller-snapshots.ts'

export interface YearOfEvents {
  readonly year: number
  readonly events: readonly FoldEvent['event'][]
  /** The subject's mandates that events name, the same for each year; absent when there are none. */
  readonly mandates?: ReadonlyMap<string, RecordedMandate>
  /** False when a row of the year cannot be read although its key exists. */
  readonly isWhole: boolean
}

/** Everything that a controller ever declared. */
export type Declared = Pick<ControllerSnapshot, 'policies' | 'purposes'>

/** When something lapses: RFC 3339; the empty string has always passed, `undefined` never passes. */
export interface LapseEnd {
  readonly at: string | undefined
  readonly rule: LapseRule
}

const hourMs = 3_600_000

/** A purpose or policy on which the subject decided, with everything ever declared about it and the end of each decision on it. */
export interface Topic {
  readonly target: Target
  /** Absent when no version declares the topic, or one cannot be read. */
  readonly history?: PolicyHistory
  readonly events: readonly FoldEvent[]
  readonly ends: ReadonlyMap<string, string | undefined>
  /** Terms of all versions, as ISO 8601 durations. */
  readonly evidenceTerms: readonly string[]
  readonly contextTerms: readonly string[]
  /** Validity of a consent by each version, ISO 8601; `undefined` where it has none. Empty for another legal basis. */
  readonly validities: readonly (string | undefined)[]
}

export function topicsOf(years: readonly YearOfEvents[], { policies, purposes }: Declared): Topic[] {
  const events = foldEventsOf(years)
  const targets = new Map(events.flatMap(({ event }) => event.decisions.map((target) => [targetId(target), target])))
  return [...targets.values()].map((decision): Topic => {
    const { purposeId } = decision
    const target: Target = purposeId === undefined ? { policyId: decision.policyId } : { purposeId }
    const history = policies.get(decision.policyId ?? purposes.get(purposeId ?? '')?.policyId ?? '')
    const about = events.filter(({ event }) => event.decisions.some((each) => targetId(each) === targetId(decision)))
    const versions = history?.versions.filter((each) => purposeId === undefined || findPurpose(each, purposeId)) ?? []
    const contextTerms = versions.map((version) => contextRetentionOf(version, purposeId))
    const topic = { target, events: about, contextTerms: [...new Set(contextTerms)] }
    // A version that cannot be read may have set the longest term, or changed what ended when.
    if (history === undefined || versions.length === 0 || history.unreadable !== undefined)
      return { ...topic, ends: new Map(), evidenceTerms: [], validities: [] }
    const declared = versions.map((version) => findPurpose(version, purposeId ?? ''))
    return {
      ...topic,
      history,
      ends: evidenceEnds(target, about, history),
      evidenceTerms: [...new Set(versions.map((version) => evidenceRetentionOf(version, purposeId)))],
      validities: declared.flatMap((purpose) => (purpose?.legalBasis === 'consent' ? [purpose.validity] : [])),
    }
  })
}

export const foldEventsOf = (years: readonly YearOfEvents[]): FoldEvent[] =>
  years.flatMap(({ events, mandates }) =>
    events.map((event) => {
      const mandate = mandates?.get(event.who.actor.mandateId ?? '')
      return { event, ...(mandate && { mandate }) }
    }),
  )

/** When no answer needs the proof key of the year any more. */
export function proofEnd(year: YearOfEvents, topics: readonly Topic[], declared: Declared): LapseEnd {
  const ends = year.events.flatMap((event) => topicsIn(event, topics).map((topic) => decisionEnd(event, topic)))
  return lastOf(year.isWhole ? ends : [...ends, unreadableEnd(year.year, declared)])
}

/** When the context term of each event has passed. Its proof key may go sooner, and takes the context with it. */
export function contextEnd(year: YearOfEvents, topics: readonly Topic[], { policies }: Declared): LapseEnd {
  const ends = year.events.flatMap((event) => {
    const recorded = hourEnd(event.times.recordedAt)
    return topicsIn(event, topics).flatMap(({ target, contextTerms }) =>
      (contextTerms.length > 0 ? contextTerms : [defaultContextRetention]).map(
        (term): LapseEnd => ({ at: endAfter(recorded, term), rule: { rule: 'context-term', term, ...target } }),
      ),
    )
  })
  if (year.isWhole) return lastOf(ends)
  const versions = [...policies.values()].flatMap((history) => history.versions)
  const terms = new Set([defaultContextRetention, ...versions.flatMap(contextTermsIn)])
  const unreadable = [...terms].map(
    (term): LapseEnd => ({ at: endAfter(yearEnd(year.year), term), rule: { rule: 'unreadable', term } }),
  )
  return lastOf([...ends, ...unreadable])
}

const topicsIn = ({ decisions }: YearOfEvents['events'][number], topics: readonly Topic[]): readonly Topic[] =>
  topics.filter(({ target }) => decisions.some((decision) => targetId(decision) === targetId(target)))

/** When no answer on the topic needs the event. */
function decisionEnd({ eventId, times }: YearOfEvents['events'][number], topic: Topic): LapseEnd {
  const { target, evidenceTerms, validities } = topic
  const end = topic.ends.get(eventId)
  if (end === undefined) return { at: undefined, rule: { rule: 'evidence-term', ...target } }
  const recorded = recordedBy(times)
  return lastOf([
    ...evidenceTerms.map(
      (term): LapseEnd => ({
        at: endAfter(latest([end, recorded]), term),
        rule: { rule: 'evidence-term', term, ...target },
      }),
    ),
    ...validities.map(
      (term): LapseEnd => ({
        at: term === undefined ? undefined : endAfter(recorded, term, ''),
        rule: { rule: 'validity', ...(term !== undefined && { term }), ...target },
      }),
    ),
  ])
}

/** Until when an unreadable row of the year is kept; for ever while the controller has published no version, or one cannot be read. */
function unreadableEnd(year: number, { policies }: Declared): LapseEnd {
  const versions = [...policies.values()].flatMap((history) => history.versions)
  const validities = versions.flatMap(({ purposes }) => purposes.map(({ validity }) => validity ?? ''))
  const stands = latest([yearEnd(year), ...validities.map((validity) => endAfter(yearEnd(year), validity, ''))])
  const terms = [...new Set(versions.flatMap(evidenceTermsIn))]
  const ends = terms.map((term): LapseEnd => ({ at: endAfter(stands, term), rule: { rule: 'unreadable', term } }))
  const isUnknown = terms.length === 0 || [...policies.values()].some(({ unreadable }) => unreadable !== undefined)
  return isUnknown ? { at: undefined, rule: { rule: 'unreadable' } } : lastOf(ends)
}

/** The instant by which every event of the year was recorded, RFC 3339; empty for a year without events. */
export function endOfRecording({ year, events, isWhole }: YearOfEvents): string | undefined {
  return isWhole ? latest(events.map(({ times }) => hourEnd(times.recordedAt))) : yearEnd(year)
}

const yearEnd = (year: number) => new Date(Date.UTC(year + 1, 0)).toISOString()

/** @param unreadable the result when the duration cannot be parsed */
export function endAfter(from: string | undefined, duration: string, unreadable?: string): string | undefined {
  const read = readDuration(duration)
  if (read === undefined) return unreadable
  return from === undefined ? undefined : endOfDuration(from, read)
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
export function latest(ends: readonly (string | undefined)[]): string | undefined {
  if (ends.some((end) => end === undefined)) return undefined
  return ends.filter((end) => end !== undefined).reduce((a, b) => (compareText(a, b) < 0 ? b : a), '')
}

/** The first of the latest ends. Nothing to wait for has always passed. */
function lastOf(ends: readonly LapseEnd[]): LapseEnd {
  return ends.reduce(
    (last, end) => (last.at !== undefined && (end.at === undefined || compareText(last.at, end.at) < 0) ? end : last),
    { at: '', rule: { rule: 'no-events' } },
  )
}
