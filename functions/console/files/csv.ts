/**
 * Tables as CSV (RFC 4180) for spreadsheets, in UTF-8 with a byte order mark, without which Excel reads another encoding.
 *
 * A spreadsheet runs a cell that begins like a formula. Such a cell gets an apostrophe in front of it, which spreadsheets show as text
 * (https://owasp.org/www-community/attacks/CSV_Injection): a note or a name may have been written by anyone.
 */
export type CsvCell = string | number | undefined

export function csvOf(columns: readonly string[], rows: readonly (readonly CsvCell[])[]): string {
  return `\ufeff${[columns, ...rows].map((row) => `${row.map(cellOf).join(',')}\r\n`).join('')}`
}

function cellOf(value: CsvCell): string {
  if (value === undefined) return ''
  if (typeof value === 'number') return String(value)
  const harmless = /^[\s'"]*[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}
