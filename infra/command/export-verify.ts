/**
 * Checks an export that was fetched: that each file is the one of its manifest, that the manifest accounts for each leaf of its range, and,
 * where a log is given, that each row's leaf is the one that the log has. Finds everything that is wrong, not only the first.
 */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { fullWidth, type TileId } from '../../shared/tlog/tile.ts'
import { checkLog, type LogCheck } from '../../shared/verify/log-check.ts'
import type { LogSource } from '../../shared/verify/log-source.ts'
import type { LogPolicy } from '../../shared/verify/verify.ts'
import { type Manifest, type ManifestPart, type ManifestPiece, readManifest } from './export-manifest.ts'
import { hasReadableRows, type RowLeaf, rowLeaves } from './export-rows.ts'

export interface ExportCheck {
  readonly origin: string
  readonly asOf: string
  readonly rows: number
  readonly files: number
  readonly leaves: Readonly<Record<string, number>>
  /** SHA-256 of the manifest, hex. */
  readonly manifestSha256: string
  /** What is wrong, each in a sentence. */
  readonly wrong: readonly string[]
  /** Rows whose leaf was compared with the log. */
  readonly compared?: number
  readonly log?: Pick<LogCheck, 'verdict' | 'size' | 'failed'>
}

export interface TrustedLog {
  readonly source: LogSource
  readonly policy: LogPolicy
}

const maxManifestBytes = 256 * 1024 * 1024
const maxNamed = 100

/** @throws Error when there is no manifest that can be read */
export async function verifyExport(folder: string, expectedSha256?: string, log?: TrustedLog): Promise<ExportCheck> {
  const path = join(folder, 'manifest.json')
  if ((await stat(path)).size > maxManifestBytes) throw new Error('manifest.json is longer than any manifest')
  const bytes = await readFile(path)
  const manifest = readManifest(bytes.toString())
  const manifestSha256 = createHash('sha256').update(bytes).digest('hex')
  const found: string[] = []
  const wrong = (what: string) => {
    if (found.length < maxNamed) found.push(what)
  }
  if (expectedSha256 !== undefined && expectedSha256 !== manifestSha256)
    wrong(`manifest.json is not the one of the ledger: its SHA-256 is ${manifestSha256}`)
  checkRange(manifest, wrong)
  for (const piece of manifest.pieces) if (piece.part) await checkFile(folder, piece, piece.part, manifest, wrong)
  await checkStrays(folder, manifest, wrong)
  const files = manifest.pieces.filter(({ part }) => part !== undefined).length
  const { origin, asOf, rows } = manifest
  const common = { origin, asOf, rows, files, leaves: countsOf(manifest), manifestSha256 }
  // A file that is wrong cannot be compared row by row.
  const compared = log && found.length === 0 ? await compareWithLog(folder, manifest, log, wrong) : undefined
  return { ...common, wrong: found, ...compared }
}

function countsOf({ pieces }: Manifest): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { leaves } of pieces)
    for (const [fate, n] of Object.entries(leaves)) counts[fate] = (counts[fate] ?? 0) + n
  return counts
}

/** The pieces follow each other, and each counts where its leaves went. */
function checkRange({ log, pieces, rows }: Manifest, wrong: (what: string) => void): void {
  let position = log.from
  for (const { from, to, leaves } of pieces) {
    if (from !== position) wrong(`leaves ${position} to ${from - 1} are in no piece`)
    const counted = Object.values(leaves).reduce((sum, n) => sum + n, 0)
    if (counted !== to - from) wrong(`the piece from leaf ${from} has ${to - from} leaves and counts ${counted}`)
    position = to
  }
  if (position !== log.to) wrong(`leaves ${position} to ${log.to - 1} are in no piece`)
  const stated = pieces.reduce((sum, { part }) => sum + (part?.rows ?? 0), 0)
  if (stated !== rows) wrong(`the files have ${stated} rows, and the manifest says ${rows}`)
}

async function checkFile(
  folder: string,
  piece: ManifestPiece,
  part: ManifestPart,
  manifest: Manifest,
  wrong: (what: string) => void,
): Promise<void> {
  const path = join(folder, part.name)
  const there = await stat(path).catch(() => undefined)
  if (there === undefined) return wrong(`${part.name} is missing`)
  const sha = createHash('sha256')
  for await (const chunk of createReadStream(path)) sha.update(chunk)
  if (there.size !== part.bytes || sha.digest('hex') !== part.sha256) wrong(`${part.name} was changed`)
  if (!hasReadableRows(part.name)) return
  try {
    let [rows, leaves, last] = [0, 0, piece.from - 1]
    for await (const { index } of rowLeaves(path)) {
      rows++
      if (index < last || index >= piece.to || index < piece.from)
        return wrong(`${part.name}: row ${rows} names leaf ${index}, which is not in its place`)
      if (index > last) leaves++
      last = index
    }
    if (rows !== part.rows) wrong(`${part.name} has ${rows} rows, and the manifest says ${part.rows}`)
    else if (leaves !== piece.leaves.exported)
      wrong(
        `${part.name} has rows of ${leaves} leaves, and the manifest says ${piece.leaves.exported} of ${manifest.what}`,
      )
  } catch (error) {
    wrong(`${part.name} cannot be read: ${error instanceof Error ? error.message : error}`)
  }
}

/** A file that no manifest names may be taken for a part of the export. */
async function checkStrays(folder: string, { pieces }: Manifest, wrong: (what: string) => void): Promise<void> {
  const named = new Set(pieces.map(({ part }) => part?.name))
  for (const path of await readdir(folder, { recursive: true }))
    if (/^date=[^/]+\/part-/.test(path) && !named.has(path)) wrong(`${path} is not in the manifest`)
}

/** Compares rows as the check of the log reads its tiles, which then shows that these are the tiles of the signed checkpoint. */
async function compareWithLog(
  folder: string,
  manifest: Manifest,
  { source, policy }: TrustedLog,
  wrong: (what: string) => void,
): Promise<Pick<ExportCheck, 'compared' | 'log'>> {
  const unread = manifest.pieces.find(({ part }) => part && !hasReadableRows(part.name))?.part
  if (unread) wrong(`${unread.name} is not compared with the log: that takes an export with --format ndjson or csv`)
  const rows = rowsOf(folder, manifest)
  let row = (await rows.next()).value ?? undefined
  let compared = 0
  const tile = async (id: TileId): Promise<Uint8Array> => {
    const bytes = await source.tile(id)
    const end = id.index * fullWidth + id.width
    while (id.level === 0 && row !== undefined && row.index < end) {
      const at = (row.index - id.index * fullWidth) * 32
      const isSame = at >= 0 && Buffer.from(row.hash, 'base64').equals(bytes.subarray(at, at + 32))
      if (!isSame) wrong(`the row of leaf ${row.index} names another leaf than the log has there`)
      compared++
      row = (await rows.next()).value ?? undefined
    }
    return bytes
  }
  const result = await checkLog({ ...source, tile }, policy, { tilesOnly: true })
  if (result.origin !== undefined && result.origin !== manifest.origin)
    wrong(`the export is of the log ${manifest.origin}, and this one is ${result.origin}`)
  if (result.verdict !== 'valid') wrong(`the log does not hold: ${result.failed?.what}: ${result.failed?.says}`)
  else if (row !== undefined) wrong(`the log ends before leaf ${row.index}, which a row names`)
  const { verdict, size, failed } = result
  return { compared, log: { verdict, ...(size !== undefined && { size }), ...(failed && { failed }) } }
}

async function* rowsOf(folder: string, { pieces }: Manifest): AsyncGenerator<RowLeaf> {
  for (const { part } of pieces) if (part && hasReadableRows(part.name)) yield* rowLeaves(join(folder, part.name))
}
