/**
 * The older checkpoints that a source lists, up to the copy's own. Each is kept only when it is signed, has the size that it is listed under and
 * the root of the copied tree at that size. Smallest first, so that the next run goes on after the largest.
 */
import { encodeHex, equalBytes } from '../../../shared/tlog/encoding.ts'
import { TlogError } from '../../../shared/tlog/tlog-error.ts'
import type { LogPolicy } from '../../../shared/tlog/tlog-policy.ts'
import { LogFailure } from '../../../shared/verify/log-failure.ts'
import type { ListedCheckpoint, LogSource } from '../../../shared/verify/log-source.ts'
import { readSignedCheckpoint, type SignedCheckpoint, withoutQuorum } from '../../../shared/verify/signed-checkpoint.ts'
import type { VerifiedTiles } from '../../../shared/verify/verified-tiles.ts'
import { checkpointPath, newestCheckpointSize } from '../checkpoint-files.ts'
import { contradiction } from './contradiction.ts'
import type { CopyFolder } from './copy-folder.ts'

/** Those listed after a size, smallest first. Pages must go on, so a source that lists without end comes to sizes that are beyond any log's. */
export async function* listedCheckpoints(source: LogSource, after: number): AsyncGenerator<ListedCheckpoint> {
  for (let from: number | undefined = after; from !== undefined && source.checkpoints; ) {
    const page: Awaited<ReturnType<NonNullable<LogSource['checkpoints']>>> = await source.checkpoints(from)
    let last: number = from
    for (const listed of page.checkpoints) {
      if (listed.size <= last)
        throw new LogFailure(`checkpoints after ${from}`, 'they are not listed by size, smallest first')
      last = listed.size
      yield listed
    }
    // A page without a checkpoint is the last one, whatever it says.
    from = page.next !== undefined && page.checkpoints.length > 0 ? last : undefined
  }
}

/** @throws TlogError for one that is not signed or of another log, LogFailure for one of another size */
export async function readListed(
  { size, note }: ListedCheckpoint,
  policy: LogPolicy,
  origin: string,
): Promise<SignedCheckpoint> {
  const signed = await readSignedCheckpoint(note, policy, origin)
  if (signed.size !== size)
    throw new LogFailure(`checkpoint ${size}`, `the note listed under this size is of size ${signed.size}`)
  return signed
}

/** @returns how many were kept */
export async function copyCheckpoints(
  source: LogSource,
  folder: CopyFolder,
  policy: LogPolicy,
  newest: SignedCheckpoint,
  tiles: VerifiedTiles,
): Promise<number> {
  let kept = 0
  for await (const listed of listedCheckpoints(source, (await newestCheckpointSize(folder.root)) ?? -1)) {
    if (listed.size > newest.size) break
    const signed = await readListed(listed, withoutQuorum(policy), newest.origin).catch((error: unknown) => {
      throw error instanceof TlogError ? new LogFailure(`checkpoint ${listed.size}`, error.message) : error
    })
    const root = await tiles.rootAt(signed.size)
    if (!equalBytes(root, signed.root))
      throw await contradiction(
        folder,
        signed.note,
        `the published checkpoint of size ${signed.size} has the root ${encodeHex(signed.root)}, and the copied tree of that size ${encodeHex(root)}`,
      )
    await folder.keep(checkpointPath(signed.size), signed.note)
    kept++
  }
  await folder.sync()
  return kept
}
