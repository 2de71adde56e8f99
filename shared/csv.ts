/**
 * Lines of CSV (RFC 4180) that are safe to open in a spreadsheet.
 *
 * A spreadsheet runs a cell that begins like a formula. Such a cell gets an apostrophe in front of it, which spreadsheets show as text
 * (https://owasp.org/www-community/attacks/CSV_Injection): a note or a name may have been written by anyone. So does what follows a semicolon,
 * a tab or a line end within a cell: where the decimal sign is a comma, as in Sweden, Excel splits at semicolons, and takes no notice of quotes
 * in the middle of what is then one cell.
 */
export type CsvCell = string | number | undefined

/** One line with its end. */
export function csvLine(row: readonly CsvCell[]): string {
  return `${row.map(cellOf).join(',')}\r\n`
}

function cellOf(value: CsvCell): string {
  if (value === undefined) return ''
  if (typeof value === 'number') return String(value)
  const harmless = value.replace(/(?<=^|[;\t\r\n])(?=[\s'"]*[=+\-@\t\r＝＋－＠])/g, "'")
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}

/**
 * The value of a cell as it was before `csvLine`: takes away the apostrophes that it puts in front of what begins like a formula. The value
 * itself may begin with one, so exactly one goes, and only where one is put.
 */
export function cellValue(cell: string): string {
  return cell.replace(/(?<=^|[;\t\r\n])'(?=[\s'"]*[=+\-@\t\r＝＋－＠])/g, '')
}
