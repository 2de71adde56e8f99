/**
 * Rows of a CSV file (RFC 4180, https://www.rfc-editor.org/rfc/rfc4180) with a line of column names first. Comma, semicolon, tab or bar, whichever
 * the first line has most of.
 *
 * A record ends with a line at which all its quotes are closed. So each record is cut out before `csv-parse` reads it, and a broken one spoils no
 * other: with its own recovery an unclosed quote or a long line swallows what comes after. A record that has an odd number of quotes
 * for `maxLines` lines is refused by its first line, and reading goes on with the second.
 */
import { parse } from 'csv-parse/sync'
import { type Line, linesOf } from './lines.ts'
import { Refusal } from './refusal.ts'
import { type Fields, maxFields, type Row, type RowSource } from './rows.ts'

const maxLines = 100

interface CsvRecord {
  readonly line: number
  /** `undefined` for one that was cut off. */
  readonly text: string | undefined
  readonly refused?: 'line-too-long' | 'quotes'
}

export async function* csvRows({ chunks, skip }: RowSource): AsyncGenerator<readonly Row[]> {
  let header: Header | undefined
  let skipped = 0
  for await (const found of recordsIn(linesOf(chunks))) {
    let records = found
    if (header === undefined) {
      const [first, ...rest] = records
      if (first === undefined) {
        yield []
        continue
      }
      header = headerIn(first)
      records = rest
    }
    const passed = Math.min(skip - skipped, records.length)
    skipped += passed
    const rows = rowsIn(records.slice(passed), header)
    yield rows
  }
}

interface Header {
  readonly delimiter: string
  readonly columns: readonly string[]
}

function headerIn(record: CsvRecord | undefined): Header {
  if (record?.text === undefined) throw new Refusal('not-the-format', 'the first line has no column names')
  const { text } = record
  const [delimiter = ','] = [',', ';', '\t', '|'].sort((a, b) => text.split(b).length - text.split(a).length)
  const columns = (parseRecords(text, delimiter)?.[0] ?? []).map((name) => name.trim())
  if (columns.length === 0 || columns.length > maxFields || new Set(columns).size !== columns.length)
    throw new Refusal(
      'not-the-format',
      `the first line names 1 to ${maxFields} different columns; this one: ${columns.length}`,
    )
  return { delimiter, columns }
}

function rowsIn(records: readonly CsvRecord[], header: Header): Row[] {
  const whole = records.filter(({ text }) => text !== undefined)
  const together = parseRecords(whole.map(({ text }) => text).join('\n'), header.delimiter)
  const parsed = together?.length === whole.length ? together.values() : undefined
  return records.map((record): Row => {
    const { line, text, refused } = record
    if (text === undefined) {
      const detail = refused === 'quotes' ? 'a quote that opens is not closed' : 'the line is too long'
      return { line, refused: refused ?? 'line-too-long', detail }
    }
    const values = parsed ? parsed.next().value : parseRecords(text, header.delimiter)?.[0]
    if (values === undefined) return { line, refused: 'quotes', detail: 'quotes within a field are written twice' }
    return rowOf(line, values, header)
  })
}

function rowOf(line: number, values: readonly string[], { columns }: Header): Row {
  if (values.length !== columns.length)
    return { line, refused: 'columns', detail: `${values.length} fields; the first line names ${columns.length}` }
  const fields: Record<string, string> = {}
  for (const [i, column] of columns.entries()) fields[column] = values[i] ?? ''
  return { line, fields: fields satisfies Fields }
}

/** `undefined` when its quotes are wrong. */
function parseRecords(text: string, delimiter: string): string[][] | undefined {
  try {
    return parse(text, { delimiter, relax_column_count: true, record_delimiter: '\n', skip_empty_lines: false })
  } catch {
    return undefined
  }
}

/** Joins the lines of records whose fields contain line breaks. Empty lines between records are passed over. */
async function* recordsIn(batches: AsyncIterable<readonly Line[]>): AsyncGenerator<readonly CsvRecord[]> {
  let open: Line[] = []
  const found: CsvRecord[] = []

  function take(line: Line): void {
    if (open.length === 0 && line.text === '') return
    if (line.text === undefined) {
      giveUpFirst()
      found.push({ line: line.number, text: undefined, refused: 'line-too-long' })
      return
    }
    open.push(line)
    const isClosed = open.reduce((odd, { text }) => odd !== hasOddQuotes(text), false) === false
    if (isClosed) {
      found.push({ line: open[0]?.number ?? 0, text: open.map(({ text }) => text).join('\n') })
      open = []
    } else if (open.length > maxLines) giveUpFirst()
  }

  /** Refuses the first open line, and takes the others again. */
  function giveUpFirst(): void {
    const [first, ...rest] = open
    if (first === undefined) return
    open = []
    found.push({ line: first.number, text: undefined, refused: 'quotes' })
    for (const line of rest) take(line)
  }

  for await (const lines of batches) {
    for (const line of lines) take(line)
    yield found.splice(0)
  }
  while (open.length > 0) giveUpFirst()
  if (found.length > 0) yield found
}

function hasOddQuotes(text: string | undefined): boolean {
  let odd = false
  for (let at = text?.indexOf('"') ?? -1; at >= 0; at = text?.indexOf('"', at + 1) ?? -1) odd = !odd
  return odd
}
