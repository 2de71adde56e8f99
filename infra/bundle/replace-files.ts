/**
 * Replaces the files of a folder, each by a rename: a server that reads them meanwhile finds the file before or the file after, and never a part of
 * one. Files that are no longer made are removed last. After a crash the folder has some files of each build; the next build completes it.
 */
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** Contents by path in the folder: a name, or a folder and a name. */
export type Files = Readonly<Record<string, string | Uint8Array>>

export async function replaceFiles(folder: string, files: Files): Promise<void> {
  await mkdir(folder, { recursive: true })
  // Beside the folder, because those who read the folder read all of it.
  const made = await mkdtemp(`${folder}.`)
  const kept = new Set(Object.keys(files).flatMap((path) => [path, dirname(path)]))
  await Promise.all(
    [...kept].flatMap((path) => [folder, made].map((each) => mkdir(dirname(join(each, path)), { recursive: true }))),
  )
  await Promise.all(
    Object.entries(files).map(async ([path, content]) => {
      await writeFile(join(made, path), content)
      await rename(join(made, path), join(folder, path))
    }),
  )
  const stale = (await readdir(folder, { recursive: true })).filter((path) => !kept.has(path))
  await Promise.all([
    ...stale.map((path) => rm(join(folder, path), { recursive: true, force: true })),
    rm(made, { recursive: true }),
  ])
}
