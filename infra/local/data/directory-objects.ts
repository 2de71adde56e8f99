/**
 * Objects in a directory: one file each, under its name.
 *
 * A served object is replaced by renaming a complete file over it, after its state was compared. A mutex of this process makes the two one
 * step; other processes are kept out by the lock of the data folder. A crash leaves the state before or after, and at most a `.tmp-` file or
 * an empty folder, which are not objects. The tag of a state is the SHA-256 of its bytes.
 */
import { hash, randomBytes } from 'node:crypto'
import type { Dirent } from 'node:fs'
import { readdir, rename } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { LedgerError } from '../../../shared/errors.ts'
import {
  checkObjectFolder,
  checkObjectName,
  checkServedName,
  checkWriteOnceName,
} from '../../../shared/ledger/object-names.ts'
import type { Objects } from '../../../shared/ledger/store.ts'
import { readIfThere, writeOnce } from './write-once-file.ts'

export function directoryObjects(root: string): Objects {
  const replacing = new Map<string, Promise<unknown>>()

  /** Runs the replacements of one name one after the other, also after a failed one. */
  async function inTurn<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
    const turn = (replacing.get(name) ?? Promise.resolve()).then(work, work)
    replacing.set(name, turn)
    try {
      return await turn
    } finally {
      if (replacing.get(name) === turn) replacing.delete(name)
    }
  }

  return {
    async put(name, bytes) {
      checkWriteOnceName(name)
      const path = join(root, name)
      const stored = (await readIfThere(path)) ?? ((await writeOnce(path, bytes)) ? undefined : await readIfThere(path))
      if (stored !== undefined && Buffer.compare(stored, bytes) !== 0) {
        throw new LedgerError('already-exists', 'an object is written once, and this name holds other bytes', {
          given: name,
        })
      }
    },
    async get(name) {
      checkObjectName(name)
      return readIfThere(join(root, name))
    },
    async first(prefix) {
      checkObjectFolder(prefix)
      return firstBelow(root, prefix)
    },
    async readServed(name) {
      checkServedName(name)
      const bytes = await readIfThere(join(root, name))
      return bytes && { bytes, tag: tagOf(bytes) }
    },
    async replaceServed(name, bytes, tag) {
      checkServedName(name)
      const path = join(root, name)
      return inTurn(name, async () => {
        const stored = await readIfThere(path)
        if ((stored && tagOf(stored)) !== tag) return false
        const whole = join(dirname(path), `.tmp-${randomBytes(12).toString('hex')}`)
        if (!(await writeOnce(whole, bytes))) throw new Error('a random name was taken')
        await rename(whole, path)
        return true
      })
    },
  }
}

const tagOf = (bytes: Uint8Array): string => hash('sha256', bytes, 'hex')

/** Reads one folder of each level: a folder holds at most 1,000 names, by how names are made. */
async function firstBelow(root: string, prefix: string): Promise<string | undefined> {
  for (const { name, isFolder } of await inNameOrder(join(root, prefix))) {
    if (!isFolder) return prefix + name
    const found = await firstBelow(root, `${prefix}${name}/`)
    if (found !== undefined) return found
  }
  return undefined
}

/** Sorts as whole names do: a folder counts with a final slash, so `a-b` is before anything in `a`. */
async function inNameOrder(folder: string): Promise<{ name: string; isFolder: boolean }[]> {
  const place = ({ name, isFolder }: { name: string; isFolder: boolean }) => (isFolder ? `${name}/` : name)
  return (await entriesOf(folder))
    .filter((entry) => !entry.name.startsWith('.'))
    .map((entry) => ({ name: entry.name, isFolder: entry.isDirectory() }))
    .sort((a, b) => (place(a) < place(b) ? -1 : 1))
}

async function entriesOf(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true })
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
}
