/**
 * Writes one piece of an export: the leaves of one day from a position on, up to a bound, and at most one file of their rows. The file streams:
 * it is read from the walk, encoded, hashed and stored as it comes.
 */
import { createHash } from 'node:crypto'
import type { ExportDraft } from '../api/schemas/exports.ts'
import type { TransferFiles } from '../ledger/transfers/transfer-files.ts'
import type { ExportPiece } from './export-state.ts'
import { noLeaves, oneMore } from './leaf-counts.ts'
import type { LeafStream } from './leaf-outcomes.ts'
import type { Column, ExportedRow } from './rows.ts'
import { compressed, csvBytes, endingOf, ndjsonBytes } from './write-text.ts'

/** Leaves of a piece: so many are read again after a crash. */
export const maxPieceLeaves = 50_000

export interface PieceOptions {
  readonly draft: ExportDraft
  readonly columns: readonly Column[]
  readonly files: TransferFiles
  /** Name of the file, below `folder`, without its ending. */
  readonly folder: string
  readonly nameOf: (date: string) => string
  /** False when the worker's time is up: the piece ends there. */
  readonly goesOn: () => boolean
  readonly maxLeaves?: number
}

/** @returns `undefined` at the end of the walk */
export async function writePiece(leaves: LeafStream, options: PieceOptions): Promise<ExportPiece | undefined> {
  const first = (await leaves.peek())?.leaf
  if (first === undefined) return undefined
  const { draft, files, folder, goesOn, maxLeaves = maxPieceLeaves } = options
  const date = first.loggedAt.slice(0, 10)
  let counts = noLeaves
  let rows = 0
  let taken = 0

  async function nextRow(): Promise<ExportedRow | undefined> {
    for (let next = await leaves.peek(); next !== undefined; next = await leaves.peek()) {
      const isOver = next.leaf.loggedAt.slice(0, 10) !== date || taken === maxLeaves || (taken > 0 && !goesOn())
      if (isOver) return undefined
      const { fate, row } = await next.outcome
      leaves.take()
      taken++
      counts = oneMore(counts, fate)
      if (row === undefined) continue
      rows += draft.format === 'ndjson' ? 1 : row.cells.length
      return row
    }
    return undefined
  }

  const firstRow = await nextRow()
  // The counts are read when all rows were.
  if (firstRow === undefined) return { from: first.index, leaves: counts, date }
  async function* allRows(): AsyncGenerator<ExportedRow> {
    for (let row = firstRow; row !== undefined; row = await nextRow()) yield row
  }
  const name = `${options.nameOf(date)}${endingFor(draft)}`
  const sha = createHash('sha256')
  async function* hashed(): AsyncGenerator<Uint8Array> {
    for await (const chunk of encoded(allRows(), options)) {
      sha.update(chunk)
      yield chunk
    }
  }
  const bytes = await files.write(`${folder}${name}`, hashed())
  const part = { name, rows, bytes, sha256: sha.digest('hex') }
  return { from: first.index, leaves: counts, date, part }
}

async function* encoded(
  rows: AsyncIterable<ExportedRow>,
  { draft, columns }: PieceOptions,
): AsyncGenerator<Uint8Array> {
  if (draft.format === 'parquet') {
    // Loaded when it is used: few exports are Parquet, and each run of the function starts.
    const { parquetBytes } = await import('./write-parquet.ts')
    yield* parquetBytes(rows, columns)
    return
  }
  const text = draft.format === 'csv' ? csvBytes(rows, columns) : ndjsonBytes(rows)
  yield* compressed(text, draft.compression ?? 'gzip')
}

function endingFor({ format, compression = 'gzip' }: ExportDraft): string {
  return format === 'parquet' ? '.parquet' : `.${format}${endingOf[compression]}`
}
