/**
 * Rows of a CSV file (RFC 4180, https://www.rfc-editor.org/rfc/rfc4180) with a line of column names first. Comma, semicolon, tab or bar, whichever
 * the first line has most of.
 *
 * A record ends with a line at which all its quotes are closed. So each record is cut out before `csv-parse` reads it, and a broken one spoils no
 * other: with its own recovery an unclosed quote or a long line swallows what comes after. A record that has an odd number of quotes
 * for `maxLines` lines or `maxLineLength` characters, or quotes within fields, is refused by its first line, and reading goes on with the second: so
 * a quote that opens by mistake takes no record with it.
 */
import { parse } from 'csv-parse/sync'
import { LedgerError } from '../errors.ts'
import { type Line, linesOf, maxLineLength } from './lines.ts'
import { Refusal } from './refusal.ts'
import { type Fields, maxFields, type Row, type RowSource } from './rows.ts'

const maxLines = 100

interface CsvRecord {
  readonly line: number
  /** `undefined` for one that was cut off. */
  readonly text: string | undefined
  readonly refused?: 'line-too-long' | 'too-large' | 'quotes'
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
  const delimiter = delimiterIn(text)
  const parsed = hasSoundQuotes(text, delimiter) ? parseRecords([record], delimiter) : []
  const columns = (parsed[0] ?? []).map((name) => name.trim())
  if (columns.length === 0 || columns.length > maxFields || new Set(columns).size !== columns.length)
    throw new Refusal(
      'not-the-format',
      `the first line names 1 to ${maxFields} different columns; this one: ${columns.length}`,
    )
  return { delimiter, columns }
}

function delimiterIn(header: string): string {
  const [most = ','] = [',', ';', '\t', '|'].sort((a, b) => header.split(b).length - header.split(a).length)
  return most
}

function rowsIn(records: readonly CsvRecord[], header: Header): Row[] {
  const isSound = ({ text }: CsvRecord) => text !== undefined && hasSoundQuotes(text, header.delimiter)
  // All of a chunk at once: for each on its own the parser would be made anew, which takes longer than to read one.
  const sound = records.filter(isSound)
  const parsed = new Map(parseRecords(sound, header.delimiter).map((values, i) => [sound[i], values]))
  return records.map((record): Row => {
    const { line, refused } = record
    const values = parsed.get(record)
    if (values !== undefined) return rowOf(line, values, header)
    if (refused !== undefined) return { line, refused, detail: details[refused] }
    return { line, refused: 'quotes', detail: 'quotes within a field are written twice' }
  })
}

const details = {
  'line-too-long': `a line has at most ${maxLineLength} characters`,
  'too-large': `a record has at most ${maxLineLength} characters`,
  quotes: `a quote that opens a field does not close it within ${maxLines} lines and ${maxLineLength} characters`,
} as const

function rowOf(line: number, values: readonly string[], { columns }: Header): Row {
  if (values.length !== columns.length)
    return { line, refused: 'columns', detail: `${values.length} fields; the first line names ${columns.length}` }
  const fields: Record<string, string> = {}
  for (const [i, column] of columns.entries()) fields[column] = values[i] ?? ''
  return { line, fields: fields satisfies Fields }
}

/** @param records sound ones */
function parseRecords(records: readonly CsvRecord[], delimiter: string): string[][] {
  const text = records.map(({ text }) => text).join('\n')
  const parsed = parse(text, {
    ...{ delimiter, record_delimiter: '\n', relax_column_count: true, skip_empty_lines: false },
  })
  if (parsed.length !== records.length) throw new LedgerError('internal', 'CSV that is cut into records has others')
  return parsed
}

/**
 * Whether quotes enclose whole fields, and are written twice within. What is not so is refused before `csv-parse` sees it, because that ends at the
 * first fault.
 */
function hasSoundQuotes(text: string, delimiter: string): boolean {
  for (let at = 0, quote = text.indexOf('"'); quote >= 0; quote = text.indexOf('"', at)) {
    // Fields without quotes.
    if (quote > at) at = text.lastIndexOf(delimiter, quote) + 1
    if (at !== quote) return false
    let end = text.indexOf('"', at + 1)
    while (end >= 0 && text[end + 1] === '"') end = text.indexOf('"', end + 2)
    if (end < 0) return false
    at = end + 1
    if (at < text.length && text[at] !== delimiter) return false
    at++
  }
  return true
}

/**
 * Joins the lines of records whose fields contain line breaks. Empty lines between records are passed over. The quotes of a line are counted once,
 * however often it is taken again.
 */
async function* recordsIn(batches: AsyncIterable<readonly Line[]>): AsyncGenerator<readonly CsvRecord[]> {
  let open: QuotedLine[] = []
  let openLength = 0
  let isOdd = false
  let delimiter: string | undefined
  const found: CsvRecord[] = []

  function take(line: QuotedLine): void {
    open.push(line)
    openLength += line.text.length + 1
    isOdd = isOdd !== line.isOdd
    if (isOdd) {
      if (open.length > maxLines || openLength > maxLineLength) giveUpFirst()
      return
    }
    const text = open.length === 1 ? line.text : open.map(({ text }) => text).join('\n')
    delimiter ??= delimiterIn(text)
    if (open.length > 1 && !hasSoundQuotes(text, delimiter)) {
      giveUpFirst()
      return
    }
    const first = open[0]?.number ?? 0
    found.push(
      text.length > maxLineLength ? { line: first, text: undefined, refused: 'too-large' } : { line: first, text },
    )
    close()
  }

  function close(): void {
    open = []
    openLength = 0
    isOdd = false
  }

  /** Refuses the first open line, and takes the others again. */
  function giveUpFirst(): void {
    const [first, ...rest] = open
    if (first === undefined) return
    close()
    found.push({ line: first.number, text: undefined, refused: 'quotes' })
    for (const line of rest) takeAny(line)
  }

  function takeAny(line: QuotedLine): void {
    if (open.length > 0 || line.text !== '') take(line)
  }

  for await (const lines of batches) {
    for (const { number, text } of lines) {
      if (text === undefined) {
        while (open.length > 0) giveUpFirst()
        found.push({ line: number, text, refused: 'line-too-long' })
      } else takeAny({ number, text, isOdd: hasOddQuotes(text) })
    }
    yield found.splice(0)
  }
  while (open.length > 0) giveUpFirst()
  if (found.length > 0) yield found
}

interface QuotedLine {
  readonly number: number
  readonly text: string
  /** It opens a field, or ends one, and does not do both. */
  readonly isOdd: boolean
}

function hasOddQuotes(text: string): boolean {
  let odd = false
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) odd = !odd
  return odd
}
