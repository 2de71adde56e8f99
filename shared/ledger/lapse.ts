/**
 * When the keys of a subject’s years lapse: a pure function of its events, of what the controller ever declared, and of the instant.
 *
 *   context   `contextDays` after the last event of the year
 *   proof     when the longest retention among the decisions of the year has passed, counted from the end of the hour in which each was
 *             recorded (what an entry has in clear, so that the self-audit reckons from the same)
 *
 * Keys open a whole year, so nothing of a year lapses before it is over. And two rules keep a no from being weakened by what is gone:
 *
 *   oldest first        a year stays as long as one before it does: else an earlier yes would stand again, whose withdrawal is gone
 *   none out of order   it stays as well while a later one that stays has an event that counts from before its last (one that came
 *                       late, or was imported); those go together
 *
 * A no to what does not rest on consent (an objection) never lapses: forgetting it would permit. Neither does what nothing declares a
 * retention for: the acceptance of terms without purposes. Both are for an erasure.
 */
import { endOfDuration, readDuration } from '../consent/duration.ts'
import { noVerbs, type RecordedDecision, type RecordedEvent } from '../consent/event.ts'
import { compareText, type PolicyHistory, type Purpose } from '../consent/policy.ts'
import type { ControllerBook } from './controllers.ts'

export interface YearOfEvents {
  readonly year: number
  readonly events: readonly Pick<RecordedEvent, 'decisions' | 'times'>[]
  /** False: something of it does not open although its key is there. A person looks, so nothing of it lapses. */
  readonly isWhole: boolean
}

export interface Lapses {
  /** Years whose context keys have lapsed; those whose proof keys have are among them. */
  readonly context: ReadonlySet<number>
  readonly proof: ReadonlySet<number>
}

/** How long IP address, user agent and page are kept to tell a fraud from a decision. The same for every controller. */
export const contextDays = 90
const contextDuration = { months: 0, days: contextDays, milliseconds: 0 }

/** Behind its end, a year may still be written by a clock that is behind, or by a writer who began in it. */
const marginMs = 86_400_000
const hourMs = 3_600_000

type Policies = Pick<ControllerBook, 'policies' | 'purposes'>

/** `years` are those whose keys are there, of one subject; each with all of its events that open. */
export function lapsesOf(years: readonly YearOfEvents[], declared: Policies, now: string): Lapses {
  const inOrder = years.toSorted((a, b) => a.year - b.year)
  const mayGo = ({ year, isWhole }: YearOfEvents) => isWhole && isOver(year, now)
  const mustStay = inOrder.findIndex((each) => !mayGo(each) || !passed(proofEnd(each.events, declared), now))
  let gone = mustStay === -1 ? inOrder.length : mustStay
  while (gone > 0 && isReachedInto(eventsOf(inOrder.slice(0, gone)), eventsOf(inOrder.slice(gone)))) gone--
  const proof = inOrder.slice(0, gone)
  const context = inOrder.filter((each) => mayGo(each) && passed(contextEnd(each.events), now))
  return { context: yearsIn([...proof, ...context]), proof: yearsIn(proof) }
}

const eventsOf = (years: readonly YearOfEvents[]) => years.flatMap(({ events }) => events)
const yearsIn = (years: readonly YearOfEvents[]) => new Set(years.map(({ year }) => year))

export function isOver(year: number, now: string): boolean {
  return Date.UTC(year + 1, 0) + marginMs < Date.parse(now)
}

/** One of the later events counts from before the last of these. */
function isReachedInto(events: YearOfEvents['events'], later: YearOfEvents['events']): boolean {
  const last = events.reduce((at, { times }) => (times.effectiveAt > at ? times.effectiveAt : at), '')
  return later.some(({ times }) => times.effectiveAt <= last)
}

/** Empty: at once. `undefined`: never. */
function passed(end: string | undefined, now: string): boolean {
  return end !== undefined && end < now
}

function contextEnd(events: YearOfEvents['events']): string | undefined {
  return latest(events.map(({ times }) => endOfDuration(hourEnd(times.recordedAt), contextDuration)))
}

function proofEnd(events: YearOfEvents['events'], declared: Policies): string | undefined {
  return latest(
    events.flatMap(({ decisions, times }) =>
      decisions.map((decision) => decisionEnd(decision, hourEnd(times.recordedAt), declared)),
    ),
  )
}

function decisionEnd(decision: RecordedDecision, from: string, declared: Policies): string | undefined {
  const purposes = purposesOf(decision, declared)
  const isLasting = noVerbs.has(decision.verb) && purposes.some(({ legalBasis }) => legalBasis !== 'consent')
  if (purposes.length === 0 || (decision.purposeId !== undefined && isLasting)) return undefined
  return latest(
    purposes.map(({ retention }) => {
      const duration = readDuration(retention)
      return duration && endOfDuration(from, duration)
    }),
  )
}

/** Before that, no event of this year has lapsed: the shortest retention that is declared, from the first instant of the year. */
export function firstLapse(year: number, { policies }: Policies): string | undefined {
  const from = new Date(Date.UTC(year, 0)).toISOString()
  const all = [...policies.values()].flatMap(({ versions }) => versions.flatMap((version) => version.purposes))
  const ends = all.flatMap(({ retention }) => {
    const duration = readDuration(retention)
    const end = duration && endOfDuration(from, duration)
    return end === undefined ? [] : [end]
  })
  return ends.length === 0 ? undefined : ends.reduce((a, b) => (compareText(a, b) < 0 ? a : b))
}

/** As every version ever declared it: of a policy, all of its purposes. */
function purposesOf({ purposeId, policyId }: RecordedDecision, { policies, purposes }: Policies): Purpose[] {
  const owner: PolicyHistory | undefined = policies.get(policyId ?? purposes.get(purposeId ?? '')?.policyId ?? '')
  const all = owner?.versions.flatMap((version) => version.purposes) ?? []
  return purposeId === undefined ? all : all.filter((purpose) => purpose.purposeId === purposeId)
}

function hourEnd(at: string): string {
  return new Date(Math.floor(Date.parse(at) / hourMs) * hourMs + hourMs).toISOString()
}

/** The last of them; `undefined` when one of them never comes. */
function latest(ends: readonly (string | undefined)[]): string | undefined {
  if (ends.some((end) => end === undefined)) return undefined
  return ends.filter((end) => end !== undefined).reduce((a, b) => (compareText(a, b) < 0 ? b : a), '')
}
