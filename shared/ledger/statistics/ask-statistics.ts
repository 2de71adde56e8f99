/** Answers questions to the statistics: sums of what is released of each day (`release-counts.ts`). */
import type { PolicyHistory } from '../../consent/policy.ts'
import { versionsFor } from '../../consent/policy-versions.ts'
import type { ControllerSnapshot } from '../controllers/controller-snapshots.ts'
import type { Ledger } from '../ledger.ts'
import { vaultScope } from '../vault/subject-keys.ts'
import { type Cell, type Dimension, dimensions, type Measure, measures, topicKey } from './cells.ts'
import { type ReleasedCell, releasedCells, roundedTo, sumOf } from './release-counts.ts'
import type { DayRecord, StandingCount } from './running-counts.ts'
import { daysBetween, lastDay } from './statistics-items.ts'

export interface StatisticsQuestion {
  /** Days in UTC, both included. */
  readonly from: string
  readonly to: string
  readonly by: readonly ('day' | Dimension)[]
  readonly k: number
  /** None: all. A topic is released without regard to the others, so to ask for some says no more. */
  readonly topics: readonly Pick<Cell, 'purposeId' | 'policyId'>[]
}

/** A row: the topic, what it is by (`null`: not known, or of too few), and what was counted. */
export type StatisticsRow = Pick<Cell, 'purposeId' | 'policyId'> &
  Readonly<Partial<Record<'day' | Dimension, string | null>>> &
  Readonly<Record<Measure, number>> & { readonly withheld?: readonly Measure[] }

export interface Statistics {
  /** The last day that is complete; absent before the first. */
  readonly through?: string
  readonly rows: readonly StatisticsRow[]
  /** Events in no row, because their keys were gone when they were counted, in multiples of k. */
  readonly unopened: number
  /** Days whose stored record does not open; absent when there are none. */
  readonly unreadableDays?: readonly string[]
}

export async function askStatistics(
  { entries }: Pick<Ledger, 'entries'>,
  snapshot: ControllerSnapshot,
  { from, to, by, k, topics }: StatisticsQuestion,
): Promise<Statistics> {
  const scope = vaultScope(snapshot)
  const [{ days, unreadable }, last] = await Promise.all([
    daysBetween(entries, scope, from, to),
    lastDay(entries, scope),
  ])
  const cells = days.flatMap(({ day, cells: own }) => releasedCells(own, k).map((each) => ({ day, ...each })))
  const wanted = new Set(topics.map(topicKey))
  const unopened = days.reduce((sum, day) => sum + day.unopened, 0)
  return {
    ...(last && { through: last.day }),
    rows: rowsOf(topics.length === 0 ? cells : cells.filter(({ cell }) => wanted.has(topicKey(cell))), by),
    unopened: roundedTo(unopened, k),
    ...(unreadable.length > 0 && { unreadableDays: unreadable }),
  }
}

function rowsOf(
  cells: readonly (ReleasedCell & { readonly day: string })[],
  by: StatisticsQuestion['by'],
): StatisticsRow[] {
  const groups = Map.groupBy(cells, ({ day, cell }) => {
    const { purposeId, policyId } = cell
    const names = (['day', ...dimensions] as const).filter((name) => by.includes(name))
    const values = names.map((name) => [name, (name === 'day' ? day : cell[name]) ?? null])
    const topic = purposeId === undefined ? { policyId } : { purposeId }
    return JSON.stringify({ ...(by.includes('day') && { day }), ...topic, ...Object.fromEntries(values) })
  })
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, group]) => {
      const { counts, withheld } = sumOf(group)
      // The cast is right: these are the measures, and the key is an object of names and texts.
      const counted = Object.fromEntries(measures.map((measure, i) => [measure, counts[i] ?? 0])) as Record<
        Measure,
        number
      >
      return { ...JSON.parse(key), ...counted, ...(withheld.length > 0 && { withheld }) }
    })
}

/** A version that is not in force yet, and how many people will be asked again when it is. */
export interface UpcomingVersion {
  readonly policyId: string
  readonly version: string
  readonly effectiveFrom: string
  /** The day at whose end the consents were counted. */
  readonly day: string
  /** Numbers of people in multiples of k: of all whose consent or acceptance stands, and of those whose it ends. 0: fewer than k. */
  readonly topics: readonly (Pick<Cell, 'purposeId' | 'policyId'> & {
    readonly standing: number
    readonly askedAgain: number
  })[]
}

export async function upcomingVersions(
  { entries }: Pick<Ledger, 'entries'>,
  snapshot: ControllerSnapshot,
  now: string,
  k: number,
): Promise<UpcomingVersion[]> {
  const last = await lastDay(entries, vaultScope(snapshot))
  if (last === undefined) return []
  const all = [...snapshot.policies.values()].flatMap((history) => upcomingOf(history, last, now, k))
  return all.sort((a, b) => (a.effectiveFrom < b.effectiveFrom ? -1 : 1))
}

function upcomingOf(history: PolicyHistory, { day, standing }: DayRecord, now: string, k: number): UpcomingVersion[] {
  const { policyId } = history
  const scheduled = versionsFor(history, undefined).inOrder.filter(({ notBefore }) => notBefore > now)
  const purposes = new Set(history.versions.flatMap((each) => each.purposes.map(({ purposeId }) => purposeId)))
  const topics = [{ policyId }, ...[...purposes].map((purposeId) => ({ purposeId }))]
  return scheduled.map((coming) => {
    const counted = topics.flatMap((topic) => {
      const purposeId = 'purposeId' in topic ? topic.purposeId : undefined
      const versions = versionsFor(history, purposeId)
      const own = standing.filter(
        (each) => each.purposeId === purposeId && (purposeId !== undefined || each.policyId === policyId),
      )
      const ended = own.filter(({ version }) => {
        const text = versions.find(version)
        return text === undefined || versions.standing(text, coming) !== 'stands'
      })
      const people = roundedTo(peopleOf(own), k)
      return people === 0 ? [] : [{ ...topic, standing: people, askedAgain: roundedTo(peopleOf(ended), k) }]
    })
    return { policyId, version: coming.version, effectiveFrom: coming.notBefore, day, topics: counted }
  })
}

const peopleOf = (counts: readonly StandingCount[]) => counts.reduce((sum, { people }) => sum + people, 0)
