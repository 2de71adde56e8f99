/**
 * Writes a file once, private to its owner. The file appears under its name only when it is complete and on disk: it is written under another
 * name, synced, then linked, which fails when the name is taken. A crash leaves at most a `.tmp-` file, which nothing reads.
 */
import { randomBytes } from 'node:crypto'
import { link, open, readFile, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { makePrivateFolders, privateFileMode } from './private-files.ts'

/** Returns true when the file was written and is on disk, and false when a file of that name exists, which stays unchanged. */
export async function writeOnce(path: string, bytes: Uint8Array): Promise<boolean> {
  const temporary = join(dirname(path), `.tmp-${randomBytes(12).toString('hex')}`)
  await makeFolder(dirname(path))
  try {
    await writeSynced(temporary, bytes)
    await link(temporary, path)
    await syncFolder(dirname(path))
    return true
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false
    throw error
  } finally {
    await rm(temporary, { force: true })
  }
}

/** Syncs the parents of new folders, so that these survive a crash as the file does. */
async function makeFolder(path: string): Promise<void> {
  for (const made of makePrivateFolders(path).toReversed()) await syncFolder(dirname(made))
}

export async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path)
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined
    if (isCode(error, 'EISDIR')) throw new Error(`${path} is a folder, where a file should be`)
    throw error
  }
}

async function writeSynced(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx', privateFileMode)
  try {
    await file.writeFile(bytes)
    await file.sync()
  } finally {
    await file.close()
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
