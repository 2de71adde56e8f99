/**
 * Where a ledger on one machine keeps its data, private to its user, and the lock that keeps a second process out of it.
 *
 *   lock.db     held by the process that has the folder, and released by the kernel when that ends
 *   ledger.db   engine of entries and log          vault.db   engine of the vault: a file of its own, because it forgets
 *   objects/    texts under their hash             keys/      what opens it all
 *   doorbell/   keys of entries that the log may not have yet
 *   demo.json   site keys of the demo, for `npm run demo`
 */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { lockFile } from './file-lock.ts'
import { closeToOthers, openPrivateFolder } from './private-files.ts'

export const defaultDataFolder = '.ledger'

/** A data folder whose lock this process holds. Functions that open a ledger take this rather than a path. */
export interface DataFolder {
  readonly path: string
  release(): Promise<void>
}

const lockName = 'lock.db'
const folders = /^(keys|objects|doorbell|(ledger|vault)\.db\.dynamodb-local)$/
const files = /^((ledger|vault)\.db(-wal|-shm|-journal|\.deleted)?|demo\.json|site\.json|clock)$/

/**
 * Creates the folder if it is missing, and takes its lock. Throws an error for users when another process holds the lock, or when the
 * path is not a folder of this user. Calls `say` with a sentence when other users could read the folder until now.
 */
export async function lockDataFolder(
  path: string,
  say: (sentence: string) => void = console.error,
): Promise<DataFolder> {
  const wasOpen = openPrivateFolder(path)
  const lock = lockFile(join(path, lockName))
  if (lock === undefined) {
    throw new Error(
      `another process has the data folder ${path}: a running server, or a check of it; ` +
        'stop that first, or choose another folder with --data',
    )
  }
  try {
    const closed = closeContents(path)
    if (wasOpen || closed > 0) say(`${path} was open to other users of this machine; it is private now.`)
  } catch (error) {
    lock.release()
    throw error
  }
  return { path, release: async () => lock.release() }
}

/** Closes the folder's direct entries to other users, which also keeps them from what is deeper. Returns how many were open. */
function closeContents(path: string): number {
  let closed = 0
  for (const name of readdirSync(path)) {
    const kind = folders.test(name) ? 'folder' : files.test(name) ? 'file' : undefined
    if (kind !== undefined && closeToOthers(join(path, name), kind)) closed++
  }
  return closed
}
