/**
 * Copies a log into a folder, in the layout in which it is served (https://c2sp.org/tlog-tiles), or goes on with a copy.
 *
 *   1. the source's checkpoint is signed by a key that is trusted, and the copy's tree is the beginning of its tree
 *   2. each tile makes the hash that the signed root states for it, and each entry the hash in its tile, before the file is written; what is
 *      there and does so is not fetched again, and what does not is replaced
 *   3. once all of them are on disk, the checkpoint is replaced
 *   4. the checkpoints that were published on the way are added, and partial tiles that wider ones hold are removed
 *
 * So a copy is valid at its own checkpoint at every instant, whatever the source does and whenever the process is killed.
 */
import { encodeHex, equalBytes } from '../../../shared/tlog/encoding.ts'
import { parseBundle } from '../../../shared/tlog/entry-bundle.ts'
import { type Hash, leafHash } from '../../../shared/tlog/merkle.ts'
import { bundlePath, formatTile, fullWidth, tilePath, tileWidth } from '../../../shared/tlog/tile.ts'
import { TlogError } from '../../../shared/tlog/tlog-error.ts'
import type { LogPolicy } from '../../../shared/tlog/tlog-policy.ts'
import { LogFailure } from '../../../shared/verify/log-failure.ts'
import type { LogSource } from '../../../shared/verify/log-source.ts'
import { readSignedCheckpoint, type SignedCheckpoint, withoutQuorum } from '../../../shared/verify/signed-checkpoint.ts'
import { type TileReader, VerifiedTiles } from '../../../shared/verify/verified-tiles.ts'
import { checkpointPath } from '../checkpoint-files.ts'
import { contradiction } from './contradiction.ts'
import { copyCheckpoints, listedCheckpoints, readListed } from './copy-checkpoints.ts'
import type { CopyFolder } from './copy-folder.ts'
import { type CopyState, keepCopyState } from './copy-state.ts'
import { inParallel } from './in-parallel.ts'
import { MirrorFailure } from './mirror-failure.ts'
import { removeNarrower } from './narrower-tiles.ts'

export interface CopyOptions {
  /** Hashes only, without the entry bundles. */
  readonly tilesOnly?: boolean
  /** Leaves whose tile is there, of all that this run has to see to. */
  onProgress?(leaves: number, all: number): void
}

export interface CopyResult {
  readonly origin: string
  /** Size before and now. */
  readonly from: number
  readonly size: number
  /** Tiles and bundles that were written. */
  readonly files: number
  readonly checkpoints: number
}

/** Requests at once. A bundle has at most 16 MB, so this bounds the memory too. */
const atOnce = 8
const highestLevel = 6

/** @throws MirrorFailure, LogFailure, TlogError or SourceError; the copy is then valid at the checkpoint that it has */
export async function copyLog(
  source: LogSource,
  folder: CopyFolder,
  policy: LogPolicy,
  state: CopyState,
  options: CopyOptions = {},
): Promise<CopyResult> {
  const kept = await keptCheckpoint(folder, policy)
  const { tilesOnly = false } = options
  if (tilesOnly && state.hasEntries && kept !== undefined)
    throw new MirrorFailure('incomplete', 'the copy has entry bundles: it cannot go on with tiles only')
  const newest = await newestOf(source, policy, kept)
  const fromFolder: TileReader = (tile) => folder.read(tilePath(tile))
  if (kept !== undefined && newest.size < kept.size)
    throw await olderTree(folder, kept, newest, await openTiles(folder, kept))
  const tiles = await VerifiedTiles.open(newest, [fromFolder, (tile) => source.tile(tile)])
  if (kept !== undefined) await requireExtends(folder, kept, newest, tiles)
  // A copy that had tiles only has its tiles below the checkpoint, and lacks all bundles.
  const from = kept !== undefined && (state.hasEntries || tilesOnly) ? kept.size : 0
  const files = await copyFiles(source, folder, tiles, { from, tilesOnly, ...options })
  await folder.sync()
  await replaceCheckpoint(folder, kept, newest)
  await keepCopyState(folder, { ...state, hasEntries: !tilesOnly })
  const checkpoints = await copyCheckpoints(source, folder, policy, newest, tiles)
  await removeNarrower(folder, from, newest.size)
  return { origin: newest.origin, from: kept?.size ?? 0, size: newest.size, files, checkpoints }
}

/** The copy's own checkpoint. */
async function keptCheckpoint(folder: CopyFolder, policy: LogPolicy): Promise<SignedCheckpoint | undefined> {
  const note = await folder.readText('checkpoint')
  if (note === undefined) return undefined
  try {
    return await readSignedCheckpoint(note, withoutQuorum(policy))
  } catch (error) {
    if (!(error instanceof TlogError)) throw error
    throw new MirrorFailure(
      'damaged',
      `the checkpoint of the copy does not verify with your keys (${error.message}); a policy with a new key has to state the earlier keys too`,
    )
  }
}

/** The newest checkpoint that the policy accepts. Witnesses see few checkpoints: where the newest lacks a quorum, an earlier one may have it. */
async function newestOf(
  source: LogSource,
  policy: LogPolicy,
  kept: SignedCheckpoint | undefined,
): Promise<SignedCheckpoint> {
  const note = await source.checkpoint()
  const { origin } = await readSignedCheckpoint(note, withoutQuorum(policy))
  if (kept !== undefined && origin !== kept.origin)
    throw new MirrorFailure('other-log', `the source is the log ${origin}, and the copy is of ${kept.origin}`)
  try {
    return await readSignedCheckpoint(note, policy, origin)
  } catch (error) {
    if (!(error instanceof TlogError && error.code === 'quorum-not-met')) throw error
    let witnessed: SignedCheckpoint | undefined
    for await (const listed of listedCheckpoints(source, (kept?.size ?? 0) - 1))
      witnessed = (await witnessedOr(listed, policy, origin)) ?? witnessed
    if (witnessed === undefined) throw error
    return witnessed
  }
}

async function witnessedOr(
  listed: Parameters<typeof readListed>[0],
  policy: LogPolicy,
  origin: string,
): Promise<SignedCheckpoint | undefined> {
  try {
    return await readListed(listed, policy, origin)
  } catch (error) {
    if (error instanceof TlogError && error.code === 'quorum-not-met') return undefined
    throw error
  }
}

/** The copy's own tree. @throws MirrorFailure when its files do not make it */
async function openTiles(folder: CopyFolder, kept: SignedCheckpoint): Promise<VerifiedTiles> {
  return damagedIfWrong(() => VerifiedTiles.open(kept, [(tile) => folder.read(tilePath(tile))]))
}

async function damagedIfWrong<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    if (error instanceof LogFailure) throw new MirrorFailure('damaged', `the copy is damaged: ${error.message}`)
    throw error
  }
}

async function olderTree(
  folder: CopyFolder,
  kept: SignedCheckpoint,
  newest: SignedCheckpoint,
  own: VerifiedTiles,
): Promise<MirrorFailure> {
  const root = await damagedIfWrong(() => own.rootAt(newest.size))
  if (!equalBytes(root, newest.root))
    return contradiction(
      folder,
      newest.note,
      `at size ${newest.size} the source's signed root is ${encodeHex(newest.root)}, and the copy's ${encodeHex(root)}`,
    )
  return new MirrorFailure(
    'behind',
    `the source's checkpoint is of size ${newest.size}, older than the copy's, ${kept.size}`,
  )
}

async function requireExtends(
  folder: CopyFolder,
  kept: SignedCheckpoint,
  newest: SignedCheckpoint,
  tiles: VerifiedTiles,
): Promise<void> {
  const root = await tiles.rootAt(kept.size)
  if (equalBytes(root, kept.root)) return
  throw await contradiction(
    folder,
    newest.note,
    `at size ${kept.size} the copy's signed root is ${encodeHex(kept.root)}, and in the source's tree of ${newest.size} it is ${encodeHex(root)}`,
  )
}

/** @returns how many files were written */
async function copyFiles(
  source: LogSource,
  folder: CopyFolder,
  tiles: VerifiedTiles,
  { from, tilesOnly, onProgress }: CopyOptions & { readonly from: number; readonly tilesOnly: boolean },
): Promise<number> {
  let files = 0
  let leaves = from - (from % fullWidth)
  // From the top, since a tile is verified by the one above it.
  for (let level = highestLevel; level >= 0; level--) {
    await inParallel(atOnce, indexesFrom(level, from, tiles.size), async (index) => {
      const width = tileWidth(level, index, tiles.size)
      const hashes = await tiles.tile(level, index)
      if (await folder.keep(tilePath({ level, index, width }), formatTile(hashes))) files++
      if (level > 0) return
      if (!tilesOnly && (await copyBundle(source, folder, index, hashes))) files++
      leaves += width
      onProgress?.(leaves, tiles.size)
    })
  }
  return files
}

function* indexesFrom(level: number, from: number, size: number): Generator<number> {
  const first = Math.floor(from / fullWidth ** (level + 1))
  for (let index = first; tileWidth(level, index, size) > 0; index++) yield index
}

async function copyBundle(
  source: LogSource,
  folder: CopyFolder,
  index: number,
  hashes: readonly Hash[],
): Promise<boolean> {
  const bundle = { index, width: hashes.length }
  const path = bundlePath(bundle)
  const there = await folder.read(path)
  if (there !== undefined && wrongEntry(there, hashes) === undefined) return false
  const bytes = await source.bundle(bundle)
  const wrong = wrongEntry(bytes, hashes)
  if (wrong !== undefined) throw new LogFailure(path, wrong)
  return folder.keep(path, bytes)
}

/** What is wrong with a bundle; `undefined` when its entries are those of the tile. */
function wrongEntry(bytes: Uint8Array, hashes: readonly Hash[]): string | undefined {
  try {
    const entries = parseBundle(bytes, hashes.length)
    const wrong = entries.findIndex((entry, i) => !equalBytes(leafHash(entry), hashes[i] ?? new Uint8Array()))
    return wrong < 0 ? undefined : `entry ${wrong} does not have the hash that its tile holds`
  } catch (error) {
    if (error instanceof TlogError) return error.message
    throw error
  }
}

/** Another process on the folder may have gone further meanwhile: its checkpoint stays. */
async function replaceCheckpoint(
  folder: CopyFolder,
  kept: SignedCheckpoint | undefined,
  newest: SignedCheckpoint,
): Promise<void> {
  const there = await folder.readText('checkpoint')
  if (there !== kept?.note)
    throw new MirrorFailure('damaged', 'another process has changed the copy meanwhile; run the command again')
  // Where both are of one size, the note with more cosignatures stays.
  if (kept?.size === newest.size && kept.cosigned.length >= newest.cosigned.length) return
  await folder.keep('checkpoint', newest.note)
  if (kept?.size === newest.size) await folder.keep(checkpointPath(newest.size), newest.note)
  await folder.sync()
}
