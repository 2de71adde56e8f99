/** Tables as CSV for spreadsheets, in UTF-8 with a byte order mark, without which Excel reads another encoding. */
import { type CsvCell, csvLine } from '../../../shared/csv.ts'

export function csvOf(columns: readonly string[], rows: readonly (readonly CsvCell[])[]): string {
  return `\ufeff${[columns, ...rows].map(csvLine).join('')}`
}
