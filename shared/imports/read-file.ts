/** Reads one file of an import up to its end, or to what refuses the rest of it. */
import type { ImportDraft } from '../api/schemas/imports.ts'
import { LedgerError } from '../errors.ts'
import { noSuchFile, ReplacedFile } from '../ledger/transfers/transfer-files.ts'
import { compressionOf, rowsOf } from './formats.ts'
import { Refusal } from './refusal.ts'
import type { Row } from './rows.ts'
import { textOf } from './source-text.ts'

/** How far a file was read, and why no further. */
export interface Reading {
  line: number
  bytes: number
  /** What the store calls the content that is read. */
  readonly version: string | undefined
  refused?: Refusal
}

/**
 * The rows of a file. Ends at what refuses its rest, and says so in `reading`.
 *
 * @throws what is no failure of the file: the run ends, and another goes on
 */
export async function* rowsUntilRefusal(
  source: AsyncIterable<Uint8Array>,
  file: ImportDraft['files'][number],
  skip: number,
  reading: Reading,
): AsyncGenerator<readonly Row[]> {
  const compression = compressionOf(file)
  const form = { ...(compression && { compression }), ...(file.encoding && { encoding: file.encoding }) }
  const chunks = textOf(source, form, (count) => {
    reading.bytes += count
  })
  // What the caller does with the rows throws past this `catch`.
  try {
    for await (const rows of rowsOf(file, { chunks, skip })) {
      reading.line = rows.at(-1)?.line ?? reading.line
      yield rows
    }
  } catch (error) {
    reading.refused = refusalOf(error)
  }
}

function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error
  if (error instanceof LedgerError && error.code === noSuchFile('').code)
    return new Refusal('file-missing', 'the file has expired; import it again')
  if (error instanceof ReplacedFile)
    return new Refusal('file-replaced', `${error.message}; what is below this line was not read. Import it again`)
  throw error
}

export const refusedRow = (line: number, { reason, message }: Refusal): Row => ({
  line,
  refused: reason,
  detail: message,
})
