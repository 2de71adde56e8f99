/**
 * The files of imports and exports in a folder, private to its user. A file is written under another name, synced and renamed, so a reader sees
 * all of it or nothing; a crash leaves at most a `.tmp-` file, which nothing reads and which expires like the others.
 */
import { randomBytes } from 'node:crypto'
import type { Stats } from 'node:fs'
import { open, readdir, rename, rm, rmdir, stat } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import {
  checkTransferFolder,
  checkTransferName,
  noSuchFile,
  ReplacedFile,
  type TransferFile,
  type TransferFiles,
  transferFilesKeptDays,
} from '../../../shared/ledger/transfers/transfer-files.ts'
import { makePrivateFolders, privateFileMode } from '../data/private-files.ts'
import type { FileUrls } from './file-urls.ts'

const chunkBytes = 256 * 1024

export function directoryFiles(root: string, urls: FileUrls): TransferFiles {
  return {
    async write(name, chunks) {
      checkTransferName(name)
      return writeWhole(join(root, name), chunks)
    },
    async *read(name, offset = 0, version) {
      checkTransferName(name)
      const file = await open(join(root, name)).catch((error: unknown) => {
        throw isMissing(error) ? noSuchFile(name) : error
      })
      try {
        if (version !== undefined && versionOf(await file.stat()) !== version) throw new ReplacedFile()
        // An open file stays as it is: one that replaces it gets its name, and another inode.
        yield* file.createReadStream({ start: offset, highWaterMark: chunkBytes, autoClose: false })
      } finally {
        await file.close()
      }
    },
    async version(name) {
      checkTransferName(name)
      const there = await statIfThere(join(root, name))
      return there && versionOf(there)
    },
    async size(name) {
      checkTransferName(name)
      return (await statIfThere(join(root, name)))?.size
    },
    async list(folder) {
      checkTransferFolder(folder)
      const found: TransferFile[] = []
      for (const path of await pathsBelow(join(root, folder))) {
        const name = relative(root, path)
        const there = name.includes('/.') ? undefined : await statIfThere(path)
        if (there !== undefined) found.push({ name, bytes: there.size })
      }
      return found.sort((a, b) => (a.name < b.name ? -1 : 1))
    },
    async remove(name) {
      checkTransferName(name)
      await rm(join(root, name), { force: true })
    },
    async uploadUrl(name, bytes) {
      checkTransferName(name)
      return urls.sign({ method: 'PUT', name, bytes })
    },
    async downloadUrl(name) {
      checkTransferName(name)
      return urls.sign({ method: 'GET', name })
    },
  }
}

/** Removes the files that were written more than `transferFilesKeptDays` before `now`, what crashes left, and the folders that are empty then. */
export async function removeExpiredFiles(root: string, now: number): Promise<void> {
  const oldest = now - transferFilesKeptDays * 86_400_000
  for (const path of await pathsBelow(root)) {
    const there = await statIfThere(path)
    if (there === undefined || there.mtimeMs >= oldest) continue
    await rm(path, { force: true })
    // A folder that holds something stays; so does `root`.
    for (let folder = dirname(path); folder !== root; folder = dirname(folder)) {
      if (
        !(await rmdir(folder).then(
          () => true,
          () => false,
        ))
      )
        break
    }
  }
}

async function writeWhole(path: string, chunks: AsyncIterable<Uint8Array>): Promise<number> {
  makePrivateFolders(dirname(path))
  const temporary = join(dirname(path), `.tmp-${randomBytes(12).toString('hex')}`)
  try {
    const file = await open(temporary, 'wx', privateFileMode)
    let bytes = 0
    try {
      for await (const chunk of chunks) {
        await file.writeFile(chunk)
        bytes += chunk.length
      }
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, path)
    return bytes
  } finally {
    await rm(temporary, { force: true })
  }
}

async function pathsBelow(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true })
    return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  } catch (error) {
    if (isMissing(error)) return []
    throw error
  }
}

async function statIfThere(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path)
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

const versionOf = ({ ino, size, mtimeMs }: Stats): string => `${ino}-${size}-${mtimeMs}`

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}
