/**
 * A lock that the kernel releases when the process that holds it ends, however it ends: SQLite's own exclusive lock (fcntl) on an
 * empty database. It holds between containers that share a volume of one machine, and knows no process ids.
 *
 * POSIX takes a process's lock away when that process closes any descriptor of the file: nothing else here may open it.
 */
import { closeSync, openSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { privateFileMode } from './private-files.ts'

export interface FileLock {
  release(): void
}

const sqliteBusy = 5
/** A database that nothing refers to is closed by the garbage collector, and its lock with it. */
const held = new Set<DatabaseSync>()

/** Makes the file where it is missing. `undefined`: it is held, by this process or another. */
export function lockFile(path: string): FileLock | undefined {
  makeFile(path)
  const database = new DatabaseSync(path, { timeout: 0 })
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = OFF; BEGIN EXCLUSIVE')
    held.add(database)
    return {
      release() {
        if (held.delete(database)) database.close()
      },
    }
  } catch (error) {
    database.close()
    if (error instanceof Error && 'errcode' in error && error.errcode === sqliteBusy) return undefined
    throw new Error(`the lock ${path} cannot be taken: ${error instanceof Error ? error.message : error}`)
  }
}

/** A file that exists is not opened: that would end a lock of this very process. */
function makeFile(path: string): void {
  try {
    closeSync(openSync(path, 'wx', privateFileMode))
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  }
}
