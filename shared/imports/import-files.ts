/**
 * The files of an import: what was uploaded, the parts of the report of rejected records, one for each chunk that has any, and the report that they
 * become. A part is named by the number of its first record, so a chunk that is repeated after a crash writes the same one again.
 */
import type { TransferFiles } from '../ledger/transfers/transfer-files.ts'
import { maxReported, type RejectedRecord, reportHeader, reportLine } from './error-report.ts'
import type { filesOf, ImportCounters, ImportState } from './import-state.ts'

type Places = ReturnType<typeof filesOf>

export async function writePart(
  files: TransferFiles,
  places: Places,
  before: ImportCounters,
  rejected: readonly RejectedRecord[],
): Promise<void> {
  const room = maxReported - before.rejected
  if (rejected.length === 0 || room <= 0) return
  const lines = rejected.slice(0, room).map(reportLine)
  await files.write(places.part(before.records), once(Buffer.from(lines.join(''))))
}

/** Joins the parts. Returns whether any record was rejected. */
export async function writeReport(files: TransferFiles, places: Places): Promise<boolean> {
  const parts = await files.list(places.parts)
  if (parts.length === 0) return false
  async function* joined(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(reportHeader)
    for (const { name } of parts) yield* files.read(name)
  }
  await files.write(places.report, joined())
  return true
}

export async function removeParts(files: TransferFiles, places: Places): Promise<void> {
  for (const { name } of await files.list(places.parts)) await files.remove(name)
}

export async function removeUploads(files: TransferFiles, places: Places, count: number): Promise<void> {
  for (let file = 0; file < count; file++) await files.remove(places.upload(file))
}

/** What a run of a cancelled import wrote and no state names. */
export async function removeUnnamed(files: TransferFiles, places: Places, { hasPreview }: ImportState): Promise<void> {
  await removeParts(files, places)
  if (hasPreview !== true) await files.remove(places.preview)
}

/** Reports and previews of a run that is over. */
export async function removeReports(files: TransferFiles, places: Places): Promise<void> {
  await removeParts(files, places)
  await files.remove(places.report)
  await files.remove(places.preview)
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
