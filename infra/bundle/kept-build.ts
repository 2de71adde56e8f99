/**
 * Makes a build only if its inputs or its outputs have changed since the last one. A record beside the outputs has the SHA-256 of both; it is
 * removed before the outputs are replaced and written after them, so that a crash between leads to a new build.
 *
 * Builds of the same tree may run at the same time: each writes the same bytes, file by file, by renames.
 */
import { createHash, randomUUID } from 'node:crypto'
import { readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Files, replaceFiles } from './replace-files.ts'

export interface Build<Report> {
  /** Paths of files and folders from `root`: all that can make a difference to the outputs. */
  readonly inputs: readonly string[]
  readonly root: string
  /** The folder of the outputs, and of their record. */
  readonly dist: string
  /** Folders in `dist`, each wholly the build's own. */
  readonly outputs: readonly string[]
  /** The record's file in `dist`. */
  readonly record: string
  /** Files by output folder, and what the caller needs to know about them, which has to survive JSON. */
  make(): Promise<{ readonly files: Readonly<Record<string, Files>>; readonly report: Report }>
}

export async function keptBuild<Report>({ root, dist, inputs, outputs, record, make }: Build<Report>): Promise<Report> {
  const recordFile = join(dist, record)
  const before = await digestOf(root, inputs)
  const kept = await readFile(recordFile, 'utf8')
    .then(JSON.parse)
    .catch(() => undefined)
  if (kept?.inputs === before && kept.outputs === (await digestOf(dist, outputs))) return kept.report
  const { files, report } = await make()
  await rm(recordFile, { force: true })
  await Promise.all(outputs.map((folder) => replaceFiles(join(dist, folder), files[folder] ?? {})))
  // A source that changed during the build may be in it or not.
  if ((await digestOf(root, inputs)) !== before) return report
  const text = JSON.stringify({ inputs: before, outputs: await digestOf(dist, outputs), report })
  const made = `${recordFile}.${randomUUID()}`
  await writeFile(made, text)
  await rename(made, recordFile)
  return report
}

/** Digest of the names and contents of files, and of all files below folders. What does not exist has a digest, too. */
async function digestOf(root: string, paths: readonly string[]): Promise<string> {
  const digest = createHash('sha256')
  const files = (await Promise.all(paths.map((path) => filesAt(root, path)))).flat()
  const contents = await Promise.all(files.map((file) => readFile(join(root, file)).catch(() => undefined)))
  for (const [i, file] of files.entries())
    digest.update(JSON.stringify([file, contents[i]?.length ?? null])).update(contents[i] ?? '')
  return digest.digest('hex')
}

async function filesAt(root: string, path: string): Promise<readonly string[]> {
  const found = await stat(join(root, path)).catch(() => undefined)
  if (!found?.isDirectory()) return [path]
  const below = await readdir(join(root, path), { recursive: true, withFileTypes: true })
  return below
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .sort()
}
