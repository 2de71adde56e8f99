/**
 * Tables as CSV (RFC 4180) for spreadsheets, in UTF-8 with a byte order mark, without which Excel reads another encoding.
 *
 * A spreadsheet runs a cell that begins like a formula. Such a cell gets an apostrophe in front of it, which spreadsheets show as text
 * (https://owasp.org/www-community/attacks/CSV_Injection): a note or a name may have been written by anyone. So does what follows a semicolon,
 * a tab or a line end within a cell: where the decimal sign is a comma, as in Sweden, Excel splits at semicolons, and takes no notice of quotes
 * in the middle of what is then one cell.
 */
export type CsvCell = string | number | undefined

export function csvOf(columns: readonly string[], rows: readonly (readonly CsvCell[])[]): string {
  return `\ufeff${[columns, ...rows].map((row) => `${row.map(cellOf).join(',')}\r\n`).join('')}`
}

function cellOf(value: CsvCell): string {
  if (value === undefined) return ''
  if (typeof value === 'number') return String(value)
  const harmless = value.replace(/(^|[;\t\r\n])(?=[\s'"]*[=+\-@\t\r＝＋－＠])/g, "$1'")
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}
