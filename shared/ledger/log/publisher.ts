/**
 * The publisher: signs and stores a checkpoint of all committed batches, by the rules in [README.md](README.md#publisher). It recomputes the
 * tree from the newest published size to the end of the last batch and stores its tiles and bundles first; it signs only a tree that
 * extends the published one and has the root that the sequencer committed. Published means that the tiles exist.
 *
 * Several may run at once: they write equal bytes, and of two checkpoints of one size the first stands. After a crash the next run writes
 * the same tiles again, or adds the missing copies of the checkpoint.
 */
import { isAhead, timeAfter } from '../../consent/clocks.ts'
import { appendLeaves, type CompactRange, rootOf } from '../../tlog/merkle.ts'
import { fullWidth } from '../../tlog/tile.ts'
import type { LogWriter } from '../ledger.ts'
import {
  batchBefore,
  batchesFrom,
  emptyTree,
  equalHashes,
  forkedLogError,
  lastBatch,
  type Tree,
  treeOf,
} from './batches.ts'
import {
  newestStoredCheckpoint,
  type SignedCheckpoint,
  storeCheckpoint,
  storeCheckpointCopies,
} from './checkpoint-store.ts'
import { type Batch, batchEnd, type LoggedEntry } from './log-items.ts'
import { storeSetBack } from './set-backs.ts'
import { tileWriter } from './tile-writer.ts'

/** Entries whose tiles are written together. Bounds the memory of a log that is far behind. */
const maxGathered = 64 * fullWidth

/** Publishes what a log has; also a dry run's stand-in for it (`dry-log-writer.ts`). */
export type PublishCheckpoint = (logWriter: LogWriter, controller: string) => Promise<Published>

export interface Published {
  /** Tree size of the newest checkpoint. */
  readonly size: number
  readonly published: boolean
  /** Copies of the checkpoint before that were missing or old; absent when there were none. */
  readonly copies?: number
}

/** A log before a publication: its newest checkpoint, which its table extends, and its last batch. */
export interface Publication {
  readonly newest: SignedCheckpoint
  readonly published: Tree
  readonly last: Batch | undefined
  /** Number of leaves that the table has. */
  readonly size: number
}

/**
 * Reads what there is to publish and checks that it extends what is published. `undefined` for a log that was never opened.
 *
 * @param newestOf reads the newest checkpoint
 * @throws `log-forked`
 */
export async function publicationOf(
  logWriter: LogWriter,
  controller: string,
  newestOf: typeof newestStoredCheckpoint = newestStoredCheckpoint,
): Promise<Publication | undefined> {
  let newest = await newestOf(logWriter, controller)
  // Read after the checkpoint, so that an intact table can only be ahead of it.
  const last = await lastBatch(logWriter.log, controller)
  // In between, a sequencer may have opened the log and committed its first batch.
  if (newest === undefined && last !== undefined) newest = await newestOf(logWriter, controller)
  if (newest === undefined && last === undefined) return undefined
  if (newest === undefined) throw forkedLogError('the log was never opened, or its checkpoints are lost', 0)
  const published = await treeAt(logWriter, controller, newest, last)
  return { newest, published, last, size: last ? batchEnd(last) : 0 }
}

export const publishCheckpoint: PublishCheckpoint = async (logWriter, controller) => {
  const publication = await publicationOf(logWriter, controller)
  if (publication === undefined) return { size: 0, published: false }
  const { newest, published, last, size } = publication
  const { stored } = await storeCheckpointCopies(logWriter, controller, newest)
  const copies = stored > 0 ? { copies: stored } : {}
  if (last === undefined || size === newest.size) return { size, published: false, ...copies }
  const tree = await extend(logWriter, controller, published.range, last)
  // A slow publisher must not sign: a smaller tree with a later time would look as if the log had shrunk.
  const latest = (await newestStoredCheckpoint(logWriter, controller)) ?? newest
  if (latest.size >= size) {
    await storeCheckpointCopies(logWriter, controller, latest)
    return { size: latest.size, published: false, ...copies }
  }
  const timeSeconds = checkpointTime(logWriter.clock(), latest.timeSeconds, last)
  if (timeSeconds < latest.timeSeconds) {
    const [from, until] = [timeSeconds, latest.timeSeconds].map((seconds) => new Date(seconds * 1000).toISOString())
    if (from && until) await storeSetBack(logWriter.log, controller, { size, from, until })
  }
  const { checkpoint, isOurs } = await storeCheckpoint(logWriter, controller, tree, timeSeconds)
  await storeCheckpointCopies(logWriter, controller, checkpoint)
  return { size, published: isOurs, ...copies }
}

/**
 * In seconds. Never before the latest checkpoint's time, unless the sequencer found that time wrong and went back itself. A clock that
 * the log shows to be slow is not used: the time is then that of the batch.
 */
export function checkpointTime(nowMs: number, latestSeconds: number, last: Batch): number {
  const [latestMs, loggedMs] = [latestSeconds * 1000, Date.parse(last.at)]
  const isBehind = isAhead(latestMs, nowMs) && isAhead(loggedMs, nowMs)
  return Math.floor((isBehind ? Math.max(latestMs, loggedMs) : timeAfter(latestMs, nowMs, true)) / 1000)
}

/** The tree published last, from the batch that ends it. Without that batch the table is damaged; it may have later ones. */
async function treeAt(
  { log }: LogWriter,
  controller: string,
  { size, root }: SignedCheckpoint,
  last: Batch | undefined,
): Promise<Tree> {
  const batch = last && batchEnd(last) === size ? last : await batchBefore(log, controller, size)
  const tree = batch ? treeOf(batch) : emptyTree
  if (tree.range.size !== size)
    throw forkedLogError('no batch ends at the published size: the table lacks its batches or has others', size)
  if (!equalHashes(tree.root, root))
    throw forkedLogError('the batches up to this size make another tree than the published one', size)
  return tree
}

/** Recomputes the tree up to the end of this batch. When this returns, every full tile and bundle of it is stored. */
async function extend(logWriter: LogWriter, controller: string, published: CompactRange, last: Batch): Promise<Tree> {
  // The partial level-0 tile of the published size is not stored, so its leaves are read from the batches again.
  const edge = tileEdge(published)
  const tiles = tileWriter(logWriter, controller, edge)
  const end = batchEnd(last)
  let range = edge
  const gathered: LoggedEntry[] = []
  for await (const batch of batchesFrom(logWriter.log, controller, edge.size)) {
    const entries = batch.entries.slice(range.size - batch.first)
    range = appendLeaves(
      range,
      entries.map(({ leafHash }) => leafHash),
    )
    if (!equalHashes(rootOf(range), treeOf(batch).root))
      throw forkedLogError("a batch's root is not that of its leaves", batch.first)
    gathered.push(...entries)
    if (gathered.length >= maxGathered) await tiles.append(gathered.splice(0))
    if (range.size >= end) break
  }
  const root = rootOf(range)
  if (range.size !== end || !equalHashes(root, last.root))
    throw forkedLogError('the batches read do not end with the size and root of the last batch', end)
  await tiles.append(gathered)
  return { range, root }
}

/** The same tree at the beginning of its last, partial level-0 tile: without the subtrees of fewer than 256 leaves. */
function tileEdge({ size, hashes }: CompactRange): CompactRange {
  const within = size % fullWidth
  const smaller = within.toString(2).replaceAll('0', '').length
  return { size: size - within, hashes: hashes.slice(0, hashes.length - smaller) }
}
