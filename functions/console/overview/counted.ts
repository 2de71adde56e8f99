/** What the page Overview makes of statistics: sums, amounts of which people are hidden, shares, and days without a gap. */
import type { Statistics } from '../../../shared/server/wire.ts'
import { moved } from './period.ts'

export type Row = Statistics['rows'][number]

/** In the order in which they are shown: the answers first. */
export const measures = ['given', 'refused', 'withdrawn', 'expired', 'ignored', 'shown'] as const
export type Measure = (typeof measures)[number]

export const dimensions = ['presentation', 'version', 'channel', 'locale'] as const
export type Dimension = (typeof dimensions)[number]

/** A number of people. Too few to be shown are left out of it: of some of its parts, or `all`, and then `people` is 0 and means nothing. */
export interface Amount {
  readonly people: number
  readonly hidden: 'none' | 'some' | 'all'
}

export type Amounts = Readonly<Record<Measure, Amount>>

const nobody: Amount = { people: 0, hidden: 'none' }
export const nothing: Amounts = byMeasure(() => nobody)

export function amountsOf(row: Pick<Row, Measure | 'withheld'>): Amounts {
  return byMeasure((measure) => {
    const people = row[measure]
    if (!row.withheld?.includes(measure)) return { people, hidden: 'none' }
    return { people, hidden: people === 0 ? 'all' : 'some' }
  })
}

export function sumOf(parts: readonly Amounts[]): Amounts {
  return parts.reduce((sum, part) => byMeasure((measure) => added(sum[measure], part[measure])), nothing)
}

function added(a: Amount, b: Amount): Amount {
  const people = a.people + b.people
  if (a.hidden === 'none' && b.hidden === 'none') return { people, hidden: 'none' }
  return { people, hidden: people === 0 ? 'all' : 'some' }
}

function byMeasure(amountOf: (measure: Measure) => Amount): Amounts {
  return Object.fromEntries(measures.map((measure) => [measure, amountOf(measure)] as const)) as Record<Measure, Amount>
}

/** Measures with hidden people. */
export function hiddenIn(amounts: Amounts): readonly Measure[] {
  return measures.filter((measure) => amounts[measure].hidden !== 'none')
}

/** A part of a whole, such as those who agreed of those who answered. */
export interface Share {
  /** 0 to 1. */
  readonly part: number
  /** Whether it is a part of those who are shown only, because others are hidden. */
  readonly isOfShown: boolean
}

/** @returns `undefined` where nobody answered, or where all who agreed or all who refused are hidden */
export function agreedOf({ given, refused }: Pick<Amounts, 'given' | 'refused'>): Share | undefined {
  const answers = given.people + refused.people
  if (answers === 0 || given.hidden === 'all' || refused.hidden === 'all') return undefined
  return { part: given.people / answers, isOfShown: given.hidden === 'some' || refused.hidden === 'some' }
}

/** `purpose/<purposeId>` or `policy/<policyId>`, as the console names topics. */
export type TopicKey = string

export const topicOf = ({ purposeId, policyId }: Pick<Row, 'purposeId' | 'policyId'>): TopicKey =>
  purposeId === undefined ? `policy/${policyId}` : `purpose/${purposeId}`

/** The part of a question that asks for one topic. */
export function questionAbout(topic: TopicKey): { readonly purposeId: string } | { readonly policyId: string } {
  const id = topic.slice(topic.indexOf('/') + 1)
  return topic.startsWith('purpose/') ? { purposeId: id } : { policyId: id }
}

export interface TopicSum {
  readonly topic: TopicKey
  readonly amounts: Amounts
}

/** Each topic that has a row, with its sum; the one with most answers first. */
export function sumsByTopic(rows: readonly Row[]): readonly TopicSum[] {
  const sums = [...Map.groupBy(rows, topicOf)].map(([topic, own]) => ({ topic, amounts: sumOf(own.map(amountsOf)) }))
  const answers = ({ amounts }: TopicSum) => amounts.given.people + amounts.refused.people
  return sums.sort((a, b) => answers(b) - answers(a) || (a.topic < b.topic ? -1 : 1))
}

export interface Group {
  /** `undefined`: not known, or shared by too few people. */
  readonly value: string | undefined
  readonly amounts: Amounts
}

/** What one topic's rows are compared by, most answers first; what is not known is last. */
export function groupsBy(rows: readonly Row[], dimension: Dimension): readonly Group[] {
  const groups = [...Map.groupBy(rows, (row) => row[dimension] ?? undefined)].map(([value, own]) => ({
    value,
    amounts: sumOf(own.map(amountsOf)),
  }))
  const answers = ({ value, amounts }: Group) =>
    value === undefined ? -1 : amounts.given.people + amounts.refused.people
  return groups.sort((a, b) => answers(b) - answers(a))
}

export interface Day {
  readonly day: string
  /** `undefined`: the stored record of the day is damaged, so nothing is known of it. */
  readonly amounts: Amounts | undefined
}

/** Each complete day of the period of one topic's rows by day: without a row, nobody did anything on it. */
export function everyDay({
  from,
  to,
  through,
  rows,
  unreadableDays = [],
}: Pick<Statistics, 'from' | 'to' | 'through' | 'rows' | 'unreadableDays'>): readonly Day[] {
  if (through === undefined) return []
  const own = Map.groupBy(rows, ({ day }) => day)
  const last = through < to ? through : to
  const days: Day[] = []
  for (let day = from; day <= last; day = moved(day, 1))
    days.push({
      day,
      amounts: unreadableDays.includes(day) ? undefined : sumOf((own.get(day) ?? []).map(amountsOf)),
    })
  return days
}

/** What is drawn of a measure on a day: nothing where it is hidden or not known, because 0 would say that nobody was there. */
export function drawnHeight({ amounts }: Day, measure: Measure): number | null {
  const amount = amounts?.[measure]
  return amount === undefined || amount.hidden === 'all' ? null : amount.people
}
