/**
 * Replaces the files of a folder, each by a rename: a server that reads them meanwhile finds the file before or the file after, and never a part of
 * one. Files that are no longer made are removed last. After a crash the folder has some files of each build; the next build completes it.
 */
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** @param files texts by file name */
export async function replaceFiles(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  // Beside the folder, because those who read the folder read all of it.
  const made = `${folder}.${process.pid}`
  await Promise.all([mkdir(folder, { recursive: true }), mkdir(made, { recursive: true })])
  await Promise.all(
    Object.entries(files).map(async ([name, text]) => {
      await writeFile(join(made, name), text)
      await rename(join(made, name), join(folder, name))
    }),
  )
  const stale = (await readdir(folder)).filter((name) => !(name in files))
  await Promise.all([...stale.map((name) => rm(join(folder, name), { force: true })), rm(made, { recursive: true })])
}
