/** NDJSON and CSV, compressed on the way. One chunk of text is in memory at a time. */
import { pipeline, Readable } from 'node:stream'
import { createGzip, createZstdCompress } from 'node:zlib'
import type { ExportDraft } from '../api/schemas/exports.ts'
import { csvLine } from '../csv.ts'
import type { Column, ExportedRow } from './rows.ts'

type Compression = NonNullable<ExportDraft['compression']>

export async function* ndjsonBytes(rows: AsyncIterable<ExportedRow>): AsyncGenerator<Uint8Array> {
  yield* inChunks(rows, ({ record }) => `${JSON.stringify(record)}\n`)
}

export async function* csvBytes(
  rows: AsyncIterable<ExportedRow>,
  columns: readonly Column[],
): AsyncGenerator<Uint8Array> {
  yield Buffer.from(`\ufeff${csvLine(columns.map(({ name }) => name))}`)
  yield* inChunks(rows, ({ cells }) =>
    cells.map((cell) => csvLine(columns.map(({ name }) => shown(cell[name])))).join(''),
  )
}

const shown = (value: unknown): string | number | undefined =>
  value === undefined || typeof value === 'number' ? value : String(value)

export function compressed(bytes: AsyncIterable<Uint8Array>, compression: Compression): AsyncIterable<Uint8Array> {
  if (compression === 'none') return bytes
  const compressor = compression === 'gzip' ? createGzip({ level: 6 }) : createZstdCompress()
  // The reader of the compressor gets the error of either.
  pipeline(Readable.from(bytes, { objectMode: false }), compressor, () => undefined)
  return compressor
}

export const endingOf: Readonly<Record<Compression, string>> = { gzip: '.gz', zstd: '.zst', none: '' }

const chunkCharacters = 256 * 1024

async function* inChunks(
  rows: AsyncIterable<ExportedRow>,
  line: (row: ExportedRow) => string,
): AsyncGenerator<Uint8Array> {
  let text = ''
  for await (const row of rows) {
    text += line(row)
    if (text.length < chunkCharacters) continue
    yield Buffer.from(text)
    text = ''
  }
  if (text !== '') yield Buffer.from(text)
}
