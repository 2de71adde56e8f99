/**
 * A lock that the kernel releases when its process ends, also after a crash: SQLite's exclusive lock (fcntl) on an empty database. It
 * does not depend on process ids, so it also works between containers that share a volume of one machine.
 *
 * Under POSIX a process loses its lock when it closes any descriptor of the file, so no other code here may open the file.
 */
import { closeSync, openSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { privateFileMode } from './private-files.ts'

export interface FileLock {
  release(): void
}

const sqliteBusy = 5
/**
 * SQLite takes a shared lock on its way to the exclusive one, so two that begin at one instant can refuse each other. Each lets go
 * and tries again for this long, and one of them gets it. The transaction stays open, which keeps the lock.
 */
const patienceMs = 2_000
/** Keeps locked databases reachable: the garbage collector would close one, and so release its lock. */
const held = new Set<DatabaseSync>()

/** Creates the file if it is missing. Returns `undefined` when the lock is held, by this process or another. */
export function lockFile(path: string): FileLock | undefined {
  makeFile(path)
  const database = new DatabaseSync(path, { timeout: patienceMs })
  try {
    database.exec('PRAGMA journal_mode = OFF; BEGIN EXCLUSIVE')
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

/** Leaves an existing file unopened: closing it would release a lock that this process holds. */
function makeFile(path: string): void {
  try {
    closeSync(openSync(path, 'wx', privateFileMode))
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  }
}
