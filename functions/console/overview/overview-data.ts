/** What the page Overview shows: statistics of a period, by day and by how people were asked, and the versions to come. */
import type { ServerLedger } from '../../../shared/server/server-ledger.ts'
import type { Statistics } from '../../../shared/server/wire.ts'

export type Row = Statistics['rows'][number]
export type Upcoming = Statistics['upcoming'][number]
export const measures = ['shown', 'given', 'refused', 'withdrawn', 'expired', 'ignored'] as const
export const comparedBy = ['version', 'presentation', 'channel', 'locale'] as const
export type ComparedBy = (typeof comparedBy)[number]

export interface Overview {
  readonly from: string
  readonly to: string
  readonly by: ComparedBy
  /** The last complete day; absent before the first. */
  readonly through: string | undefined
  readonly days: readonly Row[]
  readonly compared: readonly Row[]
  readonly upcoming: readonly Upcoming[]
}

export interface Period {
  readonly from: string
  readonly to: string
}

export async function fetchOverview(
  ledger: Pick<ServerLedger, 'getStatistics'>,
  { from, to }: Period,
  by: ComparedBy,
): Promise<Overview> {
  const [days, compared] = await Promise.all([
    ledger.getStatistics({ from, to, by: 'day' }),
    ledger.getStatistics({ from, to, by }),
  ])
  return { from, to, by, through: days.through, days: days.rows, compared: compared.rows, upcoming: days.upcoming }
}

/** `purpose/<purposeId>` or `policy/<policyId>`, as topics of the console are named. */
export const topicOfRow = ({ purposeId, policyId }: Pick<Row, 'purposeId' | 'policyId'>): string =>
  purposeId === undefined ? `policy/${policyId}` : `purpose/${purposeId}`

/** The topics that have a row, most answers first. */
export function topicsWithRows(rows: readonly Row[]): string[] {
  const sums = new Map<string, number>()
  for (const row of rows) {
    const topic = topicOfRow(row)
    sums.set(topic, (sums.get(topic) ?? 0) + row.given + row.refused)
  }
  return [...sums].sort(([, a], [, b]) => b - a).map(([topic]) => topic)
}

/** Each day of the period, also those without a row, so that a chart has no gaps. Days after the last complete one are left out. */
export function everyDay(
  { from, to, through, days }: Overview,
  topic: string,
): readonly (Row & { readonly day: string })[] {
  const own = new Map(days.filter((row) => topicOfRow(row) === topic).map((row) => [row.day, row]))
  const last = through !== undefined && through < to ? through : to
  const all: (Row & { day: string })[] = []
  for (let day = from; day <= last; day = moved(day, 1)) all.push({ ...none, ...own.get(day), day })
  return all
}

const none = { shown: 0, given: 0, refused: 0, withdrawn: 0, expired: 0, ignored: 0 }

export function moved(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)
}
