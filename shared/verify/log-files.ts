/**
 * Checks the files of a log that a walk to its newest checkpoint does not read: partial tiles and bundles of earlier sizes, files
 * beyond the newest checkpoint, and the copy of the newest checkpoint that a ledger serves. A file must have as many hashes or entries
 * as its name states, and they must be the first of the wider file that the walk compared.
 */

import { equalBytes } from '../tlog/encoding.ts'
import { parseBundle } from '../tlog/entry-bundle.ts'
import { fullWidth, parseTile, parseTilePath, type TilePath, tileWidth } from '../tlog/tile.ts'
import { TlogError } from '../tlog/tlog-error.ts'
import type { LogPolicy } from '../tlog/tlog-policy.ts'
import { LogFailure } from './log-failure.ts'
import { cutBundle, type LogFiles, type LogSource, SourceError } from './log-source.ts'
import { readSignedCheckpoint, type SignedCheckpoint, withoutQuorum } from './signed-checkpoint.ts'
import { count, quote } from './verification.ts'

const hashBytes = 32

export interface FileCheckOptions {
  /** Leaves with a smaller index were walked by an earlier run. */
  readonly from: number
  readonly tilesOnly: boolean
}

/**
 * @returns notes on what is there and could not be compared
 * @throws LogFailure for a file that is not what its name says
 */
export async function checkFiles(
  source: LogSource,
  policy: LogPolicy,
  newest: SignedCheckpoint,
  options: FileCheckOptions,
): Promise<string[]> {
  const { files } = source
  if (files === undefined) return []
  const notes: string[] = []
  const { beyond, unknown } = await checkOtherTiles(source, files, newest.size, options)
  if (beyond > 0)
    notes.push(`${count(beyond, 'file')} that the newest checkpoint does not cover: only the length was checked.`)
  if (unknown[0] !== undefined)
    notes.push(
      `${count(unknown.length, 'file')} with a name that neither a tile nor a bundle has, e.g. ${quote(unknown[0])}.`,
    )
  const served = await files.servedCopy()
  const behind = served === undefined ? undefined : await checkServed(source, policy, newest, served)
  return behind === undefined ? notes : [...notes, behind]
}

async function checkServed(
  source: LogSource,
  policy: LogPolicy,
  newest: SignedCheckpoint,
  note: string,
): Promise<string | undefined> {
  const what = 'served checkpoint'
  const { size } = await readSignedCheckpoint(note, withoutQuorum(policy), newest.origin).catch((error: unknown) => {
    throw error instanceof TlogError ? new LogFailure(what, error.message) : error
  })
  const [stored] = (await source.checkpoints?.(size - 1))?.checkpoints ?? []
  // Lines of outside witnesses come after those of the stored one.
  if (stored?.size !== size || !note.startsWith(stored.note))
    throw new LogFailure(what, `it is not the stored checkpoint of its size, ${size}`)
  return size < newest.size
    ? `The served checkpoint is of size ${size}, behind the newest, of size ${newest.size}.`
    : undefined
}

/** `beyond`: number of files that could not be compared. `unknown`: paths that are neither a tile's nor a bundle's. */
async function checkOtherTiles(
  source: LogSource,
  files: LogFiles,
  size: number,
  { from, tilesOnly }: FileCheckOptions,
): Promise<{ readonly beyond: number; readonly unknown: readonly string[] }> {
  const unknown: string[] = []
  let beyond = 0
  for (const path of await files.list()) {
    const named = parsed(path)
    if (named === undefined) {
      unknown.push(path)
      continue
    }
    const { level, index, width } = placeOf(named)
    const widest = tileWidth(level, index, size)
    const isWalked = width === widest || (index + 1) * fullWidth ** (level + 1) <= from
    if (isWalked || (named.kind === 'bundle' && tilesOnly)) continue
    const bytes = await files.read(path)
    checkWidth(path, named, bytes)
    const wider = width < widest ? await widerOf(source, named, widest) : undefined
    if (wider === undefined) beyond++
    else if (!equalBytes(bytes, cut(named, wider)))
      throw new LogFailure(path, `it is not the beginning of the one of width ${widest} in its place`)
  }
  return { beyond, unknown }
}

function parsed(path: string): TilePath | undefined {
  try {
    return parseTilePath(path)
  } catch (error) {
    if (error instanceof TlogError) return undefined
    throw error
  }
}

function placeOf(named: TilePath) {
  return named.kind === 'tile' ? named.tile : { level: 0, index: named.index, width: named.width }
}

function checkWidth(path: string, named: TilePath, bytes: Uint8Array): void {
  try {
    if (named.kind === 'tile') parseTile(bytes, named.tile.width)
    else parseBundle(bytes, named.width)
  } catch (error) {
    if (error instanceof TlogError) throw new LogFailure(path, error.message)
    throw error
  }
}

/** `undefined` for the last leaves of a log whose files have full tiles only. */
async function widerOf(source: LogSource, named: TilePath, width: number): Promise<Uint8Array | undefined> {
  try {
    return await (named.kind === 'tile'
      ? source.tile({ ...named.tile, width })
      : source.bundle({ index: named.index, width }))
  } catch (error) {
    if (error instanceof SourceError && error.code === 'absent') return undefined
    throw error
  }
}

function cut(named: TilePath, wider: Uint8Array): Uint8Array {
  return named.kind === 'tile' ? wider.subarray(0, named.tile.width * hashBytes) : cutBundle(wider, named.width)
}
