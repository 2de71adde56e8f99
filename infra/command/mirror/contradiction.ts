/** Keeps the note of a checkpoint that contradicts the copy: with the copy's own note it proves that the log was forked. */
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { CopyFolder } from './copy-folder.ts'
import { MirrorFailure } from './mirror-failure.ts'

/** @param note one that the log's key signed: a server cannot fill the disk with others */
export async function contradiction(folder: CopyFolder, note: string, says: string): Promise<MirrorFailure> {
  const path = `contradictions/${createHash('sha256').update(note).digest('hex').slice(0, 16)}`
  await folder.keep(path, note)
  await folder.sync()
  return new MirrorFailure(
    'forked',
    `${says}: the log was forked. The signed note that contradicts the copy is kept in ${join(folder.root, path)}`,
  )
}
