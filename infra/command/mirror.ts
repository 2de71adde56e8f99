/**
 * Saves a log as files, in the layout in which it is served. Tiles never change, so files that exist are not fetched again. The checkpoint
 * is written last, so an interrupted mirror still has all tiles of its checkpoint. Verifies nothing.
 */
import { access, mkdir, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { parseCheckpoint } from '../../shared/tlog/checkpoint.ts'
import { parseNote } from '../../shared/tlog/note.ts'
import { bundlePath, tilePath, tileWidth } from '../../shared/tlog/tile.ts'
import type { LogSource } from '../../shared/verify/log-source.ts'
import { checkpointPath } from './directory-log.ts'

export async function mirrorLog(
  source: LogSource,
  folder: string,
  { tilesOnly }: { readonly tilesOnly: boolean },
): Promise<{ readonly files: number; readonly size: number }> {
  const note = await source.checkpoint()
  const { size } = parseCheckpoint(parseNote(note).text)
  let files = 0
  const save = async (path: string, read: () => Promise<Uint8Array | string>) => {
    const target = join(folder, path)
    if (await isThere(target)) return
    await write(target, await read())
    files++
  }
  for (let level = 0; tileWidth(level, 0, size) > 0; level++) {
    for (let index = 0; tileWidth(level, index, size) > 0; index++) {
      const width = tileWidth(level, index, size)
      await save(tilePath({ level, index, width }), () => source.tile({ level, index, width }))
      if (level === 0 && !tilesOnly) await save(bundlePath({ index, width }), () => source.bundle({ index, width }))
    }
  }
  for (let after: number | undefined = -1; after !== undefined && source.checkpoints; ) {
    const page: Awaited<ReturnType<NonNullable<LogSource['checkpoints']>>> = await source.checkpoints(after)
    for (const one of page.checkpoints) if (one.size <= size) await save(checkpointPath(one.size), async () => one.note)
    after = page.next !== undefined && page.next > after && page.next < size ? page.next : undefined
  }
  await write(join(folder, 'checkpoint'), note)
  return { files, size }
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

/** Writes the whole file or nothing, by renaming. */
async function write(path: string, content: Uint8Array | string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(`${path}.tmp`, content)
  await rename(`${path}.tmp`, path)
}
