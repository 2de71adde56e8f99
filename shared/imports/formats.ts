/** The formats that an import may have: how their files are written, and who reads their records. */
import type { ImportDraft, importFormats, importSyntaxes } from '../api/schemas/imports.ts'
import { c15tRecord } from './c15t-tables.ts'
import { commandersActRecord } from './commanders-act.ts'
import { cookieComplianceRecord } from './cookie-compliance.ts'
import { cookieScriptRecord } from './cookie-script.ts'
import { csvRows } from './csv-rows.ts'
import { didomiRecord } from './didomi.ts'
import { jsonRows, ndjsonRows } from './json-rows.ts'
import { ledgerRecord } from './ledger-record.ts'
import { mappedRecords } from './mapped-record.ts'
import type { Row, RowSource } from './rows.ts'
import type { RecordReader } from './source-record.ts'
import { usercentricsRecord } from './usercentrics.ts'

type Format = (typeof importFormats)[number]
type Syntax = (typeof importSyntaxes)[number]

const readers: Readonly<Record<Exclude<Format, 'mapping'>, RecordReader>> = {
  ledger: ledgerRecord,
  usercentrics: usercentricsRecord,
  didomi: didomiRecord,
  'commanders-act': commandersActRecord,
  'cookie-script': cookieScriptRecord,
  'cookie-compliance': cookieComplianceRecord,
  c15t: c15tRecord,
}

const rowsBySyntax: Readonly<Record<Syntax, (source: RowSource) => AsyncGenerator<readonly Row[]>>> = {
  csv: csvRows,
  json: jsonRows,
  ndjson: ndjsonRows,
}

export function readerOf({ format, mapping }: Pick<ImportDraft, 'format' | 'mapping'>): RecordReader {
  if (format !== 'mapping') return readers[format]
  if (mapping === undefined) throw new Error('the schema requires a mapping')
  return mappedRecords(mapping)
}

/** How the file is written: as it states, otherwise by the end of its name, otherwise as its format is. */
export function rowsOf(
  { name, syntax }: ImportDraft['files'][number],
  source: RowSource,
): AsyncGenerator<readonly Row[]> {
  return rowsBySyntax[syntax ?? syntaxOfName(name) ?? 'csv'](source)
}

export function compressionOf({ name, compression }: ImportDraft['files'][number]): 'gzip' | undefined {
  return compression ?? (/\.gz$/i.test(name) ? 'gzip' : undefined)
}

function syntaxOfName(name: string): Syntax | undefined {
  const [, end = ''] = /\.([a-z]+)(?:\.gz)?$/i.exec(name) ?? []
  const endings: Readonly<Record<string, Syntax>> = {
    csv: 'csv',
    tsv: 'csv',
    json: 'json',
    ndjson: 'ndjson',
    jsonl: 'ndjson',
  }
  return endings[end.toLowerCase()]
}
