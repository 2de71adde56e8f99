/**
 * Reads the leaves that the rows of an export's file name, as the file is read: NDJSON and CSV, gzip, zstd or as they are. A line that is longer than
 * any row is refused, so that a hostile file cannot fill memory.
 */
import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream'
import * as zlib from 'node:zlib'

export interface RowLeaf {
  readonly index: number
  /** base64. */
  readonly hash: string
}

const maxLineCharacters = 4_000_000

/** Whether the rows of a file can be read here: of a Parquet file only its hash is compared. */
export const hasReadableRows = (name: string): boolean => !name.endsWith('.parquet')

/** @throws Error when the file is not one of an export */
export async function* rowLeaves(path: string): AsyncGenerator<RowLeaf> {
  const isCsv = /\.csv(\.gz|\.zst)?$/.test(path)
  let isFirst = true
  for await (const line of isCsv ? records(linesIn(path)) : linesIn(path)) {
    if (isCsv && isFirst) {
      isFirst = false
      if (!line.replace('\ufeff', '').startsWith('leafIndex,leafHash,'))
        throw new Error('the columns are not those of an export')
      continue
    }
    yield isCsv ? leafInCells(line) : leafInJson(line)
  }
}

function leafInJson(line: string): RowLeaf {
  const row: unknown = JSON.parse(line)
  const { leafIndex, leafHash } = (typeof row === 'object' && row !== null ? row : {}) as Record<string, unknown>
  return checked(Number(leafIndex), String(leafHash))
}

/** The first columns are numbers and base64, which are never quoted. */
function leafInCells(line: string): RowLeaf {
  const [index, hash = ''] = line.split(',', 2)
  return checked(Number(index), hash)
}

function checked(index: number, hash: string): RowLeaf {
  if (!Number.isSafeInteger(index) || index < 0 || Buffer.from(hash, 'base64').length !== 32)
    throw new Error('a row names no leaf')
  return { index, hash }
}

async function* linesIn(path: string): AsyncGenerator<string> {
  let rest = ''
  for await (const chunk of textIn(path)) {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    if (rest.length > maxLineCharacters) throw new Error('a line is longer than any row')
    for (const line of lines) yield line.endsWith('\r') ? line.slice(0, -1) : line
  }
  if (rest !== '') throw new Error('the last line has no end')
}

/** Lines of CSV joined where a line ends within quotes. */
async function* records(lines: AsyncIterable<string>): AsyncGenerator<string> {
  let record = ''
  for await (const line of lines) {
    record = record === '' ? line : `${record}\n${line}`
    if (record.length > maxLineCharacters) throw new Error('a record is longer than any row')
    const quotes = record.split('"').length - 1
    if (quotes % 2 === 1) continue
    yield record
    record = ''
  }
  if (record !== '') throw new Error('a quote is not closed')
}

async function* textIn(path: string): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  for await (const chunk of decompressed(path)) yield decoder.decode(chunk, { stream: true })
  yield decoder.decode()
}

function decompressed(path: string): AsyncIterable<Uint8Array> {
  const file = createReadStream(path)
  const decoder = path.endsWith('.gz') ? zlib.createGunzip() : path.endsWith('.zst') ? zstdDecoder() : undefined
  // The reader of the decoder gets the error of either.
  return decoder === undefined ? file : pipeline(file, decoder, () => undefined)
}

/** Not imported by name: on a Node that lacks it the whole command would not load. */
function zstdDecoder(): zlib.ZstdDecompress {
  if (typeof zlib.createZstdDecompress !== 'function')
    throw new Error('this Node cannot read zstd: use Node 24, or ask for an export with --compression gzip or none')
  return zlib.createZstdDecompress()
}
