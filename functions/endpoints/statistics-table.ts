/**
 * The rows of statistics as CSV for spreadsheets, in UTF-8 with a byte order mark, without which Excel reads another encoding. A cell that is not
 * known, or of too few people, is empty, and so is a count of which nobody is shown; `withheld` names the measures with people left out.
 */
import { csvLine } from '../../shared/csv.ts'
import type { StatisticsQuestion, StatisticsRow } from '../../shared/ledger/statistics/ask-statistics.ts'
import { measures } from '../../shared/ledger/statistics/cells.ts'

export function statisticsTable(rows: readonly StatisticsRow[], by: StatisticsQuestion['by']): string {
  const lines = rows.map((row) =>
    csvLine([
      row.purposeId,
      row.policyId,
      ...by.map((name) => row[name] ?? undefined),
      // Not 0: a program that adds up the column would take it for nobody.
      ...measures.map((measure) => (row[measure] === 0 && row.withheld?.includes(measure) ? undefined : row[measure])),
      row.withheld?.join(' '),
    ]),
  )
  return `\ufeff${csvLine(['purpose', 'policy', ...by, ...measures, 'withheld'])}${lines.join('')}`
}
