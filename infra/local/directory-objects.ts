/** Write-once objects in a directory: one file each, under its name. */
import { join } from 'node:path'
import { LedgerError } from '../../shared/errors.ts'
import type { Objects } from '../../shared/ledger/store.ts'
import { readIfThere, writeOnce } from './write-once.ts'

export function directoryObjects(root: string): Objects {
  return {
    async put(name, bytes) {
      const path = pathOf(root, name)
      const stored = (await readIfThere(path)) ?? ((await writeOnce(path, bytes)) ? undefined : await readIfThere(path))
      if (stored !== undefined && Buffer.compare(stored, bytes) !== 0) {
        throw new LedgerError('already-exists', 'an object is written once, and this name holds other bytes', {
          given: name,
        })
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
