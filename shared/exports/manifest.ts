/**
 * `consent-export@1`, the manifest of an export: what was asked, which leaves of which log were looked at and where each of them went, and each
 * file with its size and hash. `consent-ledger export verify` reads it (`infra/command/export-manifest.ts`).
 *
 * The pieces follow each other without a gap from `log.from` to `log.to`, and the counts of each add up to its number of leaves. So a row that
 * is missing shows as a file that has another hash, and a file that is missing as leaves that nothing accounts for.
 *
 * It is written piece by piece, as the states of the export are read, so that it may be larger than memory.
 */
import type { AskedExport, ExportPiece } from './export-state.ts'
import { addCounts, noLeaves, totalOf } from './leaf-counts.ts'

export const manifestFormat = 'consent-export@1'

export interface ManifestPiece {
  readonly from: number
  readonly to: number
  readonly date: string
  readonly leaves: ExportPiece['leaves']
  readonly part?: ExportPiece['part']
}

export async function* manifestBytes(
  { draft, requestedAt, log }: AskedExport,
  origin: string,
  pieces: AsyncIterable<{ readonly piece: ExportPiece }>,
): AsyncGenerator<Uint8Array> {
  const head = { manifest: manifestFormat, request: draft, requestedAt, origin, log }
  yield Buffer.from(`${JSON.stringify(head).slice(0, -1)},"pieces":[`)
  let leaves = noLeaves
  let rows = 0
  let separator = '\n'
  for await (const { piece } of pieces) {
    const shown: ManifestPiece = { ...piece, to: piece.from + totalOf(piece.leaves) }
    yield Buffer.from(separator + JSON.stringify(shown))
    separator = ',\n'
    leaves = addCounts(leaves, piece.leaves)
    rows += piece.part?.rows ?? 0
  }
  yield Buffer.from(`\n],${JSON.stringify({ leaves, rows }).slice(1)}\n`)
}
