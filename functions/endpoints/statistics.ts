/** Shows statistics, as JSON or as a table for spreadsheets, to holders of the scope `consent.statistics`, who may see no person. */
import { id } from '../../shared/api/schemas/scalars.ts'
import { statisticsBy, statisticsQuery } from '../../shared/api/schemas/statistics.ts'
import { maxStatisticsDays } from '../../shared/api/statistics-period.ts'
import { LedgerError } from '../../shared/errors.ts'
import { timestamp } from '../../shared/ledger/ledger.ts'
import { controllerFor } from '../http/access.ts'
import { type Call, type Endpoint, header, ok, parseQuery, parseWith, pathParameter } from '../http/call.ts'

const dayMs = 24 * 3_600_000
const defaultDays = 30
const dayOf = (ms: number) => new Date(ms).toISOString().slice(0, 10)

export const statisticsEndpoints = {
  async getStatistics(call) {
    const controller = parseWith(id, pathParameter(call, 'controller'))
    const { snapshot } = await controllerFor(call, controller, 'consent.statistics')
    const query = parseQuery(call, statisticsQuery)
    const { ledger } = call.instance
    const { askStatistics, upcomingVersions } = await import('../../shared/ledger/statistics/ask-statistics.ts')
    const now = timestamp(ledger.clock)
    const to = query.to ?? dayOf(Date.parse(now) - dayMs)
    const from = query.from ?? dayOf(Date.parse(to) - (defaultDays - 1) * dayMs)
    checkPeriod(from, to)
    const { purposeId, policyId } = query
    const topics = [purposeId !== undefined && { purposeId }, policyId !== undefined && { policyId }].filter(
      (each) => each !== false,
    )
    const by = statisticsBy.filter((name) => query.by.split(',').includes(name))
    const [statistics, upcoming] = await Promise.all([
      askStatistics(ledger, snapshot, { from, to, by, k: query.k, topics }),
      upcomingVersions(ledger, snapshot, now, query.k),
    ])
    if (!wantsCsv(call, query.format)) return ok({ controller, from, to, by, k: query.k, ...statistics, upcoming })
    const { statisticsTable } = await import('./statistics-table.ts')
    const name = `statistics-${controller}-${from}-${to}.csv`
    const headers = {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="${name}"`,
    }
    return ok(statisticsTable(statistics.rows, by), headers)
  },
} satisfies Record<string, Endpoint>

function wantsCsv(call: Call, format: 'json' | 'csv' | undefined): boolean {
  return format === undefined ? /\btext\/csv\b/i.test(header(call, 'accept') ?? '') : format === 'csv'
}

function checkPeriod(from: string, to: string): void {
  const days = (Date.parse(to) - Date.parse(from)) / dayMs + 1
  if (days >= 1 && days <= maxStatisticsDays) return
  throw new LedgerError('invalid-request', 'the period has no days, or too many', {
    field: '/from',
    given: from,
    allowed: `1 to ${maxStatisticsDays} days up to ${to}`,
  })
}
