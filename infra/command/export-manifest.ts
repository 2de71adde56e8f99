/** The manifest of an export (`consent-export@1`, `shared/exports/README.md`), as it is read from a folder. Nothing in it is trusted. */
import { isRecord } from './ask-ledger.ts'

export interface ManifestPart {
  readonly name: string
  readonly rows: number
  readonly bytes: number
  readonly sha256: string
}

export interface ManifestPiece {
  readonly from: number
  readonly to: number
  readonly leaves: Readonly<Record<string, number>>
  readonly part?: ManifestPart
}

export interface Manifest {
  readonly origin: string
  readonly what: string
  /** RFC 3339: what the rows say was so at this instant. */
  readonly asOf: string
  readonly log: { readonly from: number; readonly to: number; readonly checkpoint?: string }
  readonly pieces: readonly ManifestPiece[]
  readonly rows: number
}

/** @throws Error in one sentence when the text is not such a manifest */
export function readManifest(text: string): Manifest {
  const json: unknown = JSON.parse(text)
  if (!isRecord(json) || json.manifest !== 'consent-export@1')
    throw new Error('manifest.json is not a consent-export@1')
  const { origin, request, requestedAt, log, pieces, rows } = json
  if (!isRecord(log) || !isRecord(request) || typeof origin !== 'string' || !Array.isArray(pieces))
    throw new Error('the manifest lacks members')
  return {
    ...{ origin, what: String(request.what), asOf: String(request.at ?? requestedAt), rows: wholeNumber(rows) },
    log: {
      ...{ from: wholeNumber(log.from), to: wholeNumber(log.to) },
      ...(typeof log.checkpoint === 'string' && { checkpoint: log.checkpoint }),
    },
    pieces: pieces.map(readPiece),
  }
}

function readPiece(piece: unknown): ManifestPiece {
  if (!isRecord(piece) || !isRecord(piece.leaves)) throw new Error('a piece of the manifest lacks members')
  const leaves = Object.fromEntries(Object.entries(piece.leaves).map(([fate, count]) => [fate, wholeNumber(count)]))
  const range = { from: wholeNumber(piece.from), to: wholeNumber(piece.to) }
  return piece.part === undefined ? { ...range, leaves } : { ...range, leaves, part: readPart(piece.part) }
}

function readPart(part: unknown): ManifestPart {
  const { name, rows, bytes, sha256 } = isRecord(part) ? part : {}
  if (!isPartName(name)) throw new Error('the manifest names a file that no export has')
  if (typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/.test(sha256))
    throw new Error('a file of the manifest has no hash')
  return { name, rows: wholeNumber(rows), bytes: wholeNumber(bytes), sha256 }
}

/** Names are paths, so anything but a day and a file would lead out of the folder. */
export function isPartName(name: unknown): name is string {
  return (
    typeof name === 'string' && /^date=\d{4}-\d\d-\d\d\/part-[\w-]{1,60}\.(ndjson|csv|parquet)(\.gz|\.zst)?$/.test(name)
  )
}

function wholeNumber(value: unknown): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0)
    throw new Error('the manifest has no number where it should')
  return value
}
