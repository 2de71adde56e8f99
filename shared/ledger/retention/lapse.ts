/**
 * Decides when retention may destroy the keys of a subject, year by year: a pure function of the subject's events, of everything that the
 * controller ever declared, and of the instant. A year has two keys:
 *
 *   context   lapses when the context term has passed since each event of the year was recorded, and with the proof at the latest
 *   proof     lapses when every decision of the year has ended (`consent/evidence.ts`) and the evidence term has passed since. The term
 *             counts from the end of the decision, but not from before the end of the hour in which the decision was recorded: that hour
 *             is in clear in the entry, so the self-audit can calculate from it, too
 *
 * Each term is the purpose's, otherwise the version's, otherwise the default (`consent/evidence-term.ts`). If versions declare several, the
 * longest counts. The retention of the data plays no part. A key opens a whole year, so no key lapses before its year is over. Three rules make sure
 * that a destroyed key neither weakens a no nor loses a yes:
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

import type { LapseRule } from '../../consent/disposals.ts'
import { keepsAnswers } from '../../consent/evidence.ts'
import { evidenceTermsIn } from '../../consent/evidence-term.ts'
import { compareText } from '../../consent/policy.ts'
import {
  contextEnd,
  type Declared,
  endAfter,
  endOfRecording,
  foldEventsOf,
  latest,
  proofEnd,
  type Topic,
  topicsOf,
  type YearOfEvents,
} from './lapse-ends.ts'

export interface Lapses {
  /** Years whose context keys have lapsed. Includes every year whose proof key has lapsed. */
  readonly context: ReadonlySet<number>
  readonly proof: ReadonlySet<number>
  /** The rule by which the last decision of each of these years has lapsed. */
  readonly rules: Readonly<Record<'context' | 'proof', ReadonlyMap<number, LapseRule>>>
}

/** A slow clock, or a writer that began before the end of the year, may still write to the year this long after it. */
const marginMs = 86_400_000

/**
 * @param years the years of one subject whose keys exist, each with all of its events that can be opened
 * @param held years that a hold keeps (`consent/holds.ts`): their keys do not lapse, and neither do the proof keys of the years after them
 */
export function lapsesOf(
  years: readonly YearOfEvents[],
  declared: Declared,
  now: string,
  held: ReadonlySet<number> = new Set(),
): Lapses {
  const inOrder = years.toSorted((a, b) => a.year - b.year)
  const topics = topicsOf(inOrder, declared)
  const ends = inOrder.map((each) => ({
    year: each.year,
    isHeld: held.has(each.year) || !isYearOver(each.year, now),
    proof: proofEnd(each, topics, declared),
    context: contextEnd(each, topics, declared),
  }))
  const mustStay = ends.findIndex(({ isHeld, proof }) => isHeld || !passed(proof.at, now))
  let gone = mustStay === -1 ? inOrder.length : mustStay
  while (gone > 0 && !topics.every((topic) => agreesWithout(inOrder.slice(0, gone), inOrder.slice(gone), topic, now)))
    gone--
  const proof = ends.slice(0, gone)
  const context = ends.filter((each) => !each.isHeld && passed(each.context.at, now))
  return {
    proof: new Set(proof.map(({ year }) => year)),
    context: new Set([...proof, ...context].map(({ year }) => year)),
    rules: {
      proof: new Map(proof.map((each) => [each.year, each.proof.rule])),
      context: new Map(context.map((each) => [each.year, each.context.rule])),
    },
  }
}

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

/** @param end RFC 3339; the empty string has always passed, and `undefined` never passes */
function passed(end: string | undefined, now: string): boolean {
  return end !== undefined && end < now
}

/** The earliest instant at which an event of this year can lapse: the shortest declared evidence term after the start of the year. */
export function earliestLapse(year: number, { policies }: Pick<Declared, 'policies'>): string | undefined {
  const from = new Date(Date.UTC(year, 0)).toISOString()
  const terms = [...policies.values()].flatMap(({ versions }) => versions.flatMap(evidenceTermsIn))
  const ends = [...new Set(terms)].map((term) => endAfter(from, term)).filter((end) => end !== undefined)
  return ends.length === 0 ? undefined : ends.reduce((a, b) => (compareText(a, b) < 0 ? a : b))
}
