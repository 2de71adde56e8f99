/**
 * Write-once objects in a directory: one file each, under its name. A file appears under its name only when it is whole and on
 * disk (written beside it, synced, then linked, which fails when the name is taken); a crash leaves at most a `.tmp-` file.
 */
import { link, mkdir, open, readFile, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { LedgerError } from '../../shared/errors.ts'
import type { Objects, Randomness } from '../../shared/ledger/store.ts'

export function directoryObjects(root: string, random: Randomness): Objects {
  return {
    async put(name, bytes) {
      const path = pathOf(root, name)
      const stored = await readIfThere(path)
      if (stored) return refuseOther(name, stored, bytes)
      await mkdir(dirname(path), { recursive: true })
      const temporary = join(dirname(path), `.tmp-${Buffer.from(random(12)).toString('hex')}`)
      await writeSynced(temporary, bytes)
      try {
        await link(temporary, path)
        await syncDirectory(dirname(path))
      } catch (error) {
        if (!isCode(error, 'EEXIST')) throw error
        refuseOther(name, await readFile(path), bytes)
      } finally {
        await unlink(temporary)
      }
    },
    get: (name) => readIfThere(pathOf(root, name)),
  }
}

/** Names are made by the ledger; one that could leave the directory is a mistake in it. */
function pathOf(root: string, name: string): string {
  if (!/^[a-z0-9-]+(\/[A-Za-z0-9_-][A-Za-z0-9._-]*)+$/.test(name)) throw new Error('not the name of an object')
  return join(root, name)
}

async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path)
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined
    throw error
  }
}

function refuseOther(name: string, stored: Uint8Array, given: Uint8Array): void {
  if (Buffer.compare(stored, given) !== 0) {
    throw new LedgerError('already-exists', 'an object is written once, and this name holds other bytes', {
      given: name,
    })
  }
}

async function writeSynced(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx', 0o644)
  try {
    await file.writeFile(bytes)
    await file.sync()
  } finally {
    await file.close()
  }
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r')
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
