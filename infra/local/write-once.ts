/**
 * A file that is written once. It appears under its name only when it is whole and on disk: written beside it, synced, then
 * linked, which fails when the name is taken. A crash leaves at most a `.tmp-` file, which nothing reads.
 */
import { randomBytes } from 'node:crypto'
import { link, mkdir, open, readFile, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** True: these bytes are now the file's, durably. False: there is a file of that name, and it is as it was. */
export async function writeOnce(path: string, bytes: Uint8Array, mode = 0o644): Promise<boolean> {
  const temporary = join(dirname(path), `.tmp-${randomBytes(12).toString('hex')}`)
  await makeFolder(dirname(path), mode)
  try {
    await writeSynced(temporary, bytes, mode)
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

/** Who may read the file may enter its folder. Folders made on the way are as durable as what will be in them. */
async function makeFolder(path: string, mode: number): Promise<void> {
  const first = await mkdir(path, { recursive: true, mode: mode | ((mode & 0o444) >> 2) })
  if (first === undefined) return
  for (let made = path; made.length >= first.length; made = dirname(made)) await syncFolder(dirname(made))
}

export async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path)
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined
    throw error
  }
}

async function writeSynced(path: string, bytes: Uint8Array, mode: number): Promise<void> {
  const file = await open(path, 'wx', mode)
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
