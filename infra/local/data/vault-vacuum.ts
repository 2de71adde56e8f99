/**
 * The vault's file on one machine. SQLite leaves the bytes of a deleted row where they were until the file is vacuumed, which needs it to
 * itself: so the file is vacuumed before its engine starts and after it has stopped, if anything was deleted since.
 *
 *   <file>.deleted    is there from before the first deletion until a vacuum is through
 *
 * A crash anywhere leaves the mark, and the next start vacuums (again). Whoever copies the file while the ledger runs copies what is
 * pending, too.
 */
import { closeSync, existsSync, fsyncSync, openSync, readdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { LedgerError } from '../../../shared/errors.ts'
import type { RetentionVault } from '../../../shared/ledger/store.ts'
import { privateFileMode } from './private-files.ts'

/** The engine of a process that was killed may still be ending: by force after two seconds. */
const engineEndMs = 3_000

const markOf = (file: string): string => `${file}.deleted`

/** The file is marked, durably, before anything is taken out of it. */
export function vaultMarkingDeletions(vault: RetentionVault, file: string): RetentionVault {
  return {
    ...vault,
    async remove(rows) {
      if (rows.length > 0) mark(file)
      await vault.remove(rows)
    },
    async removeValues(row, names) {
      mark(file)
      await vault.removeValues(row, names)
    },
  }
}

function mark(file: string): void {
  if (existsSync(markOf(file))) return
  closeSync(openSync(markOf(file), 'a', privateFileMode))
  syncFolder(dirname(file))
}

/** No engine may have the file open. When this returns, nothing that was deleted is in it, or in its write-ahead log. */
export async function vacuumIfMarked(file: string): Promise<void> {
  if (!existsSync(markOf(file))) return
  try {
    for (const database of databasesOf(file)) await vacuum(database)
  } catch (error) {
    throw new LedgerError(
      'unavailable',
      'the vault’s file cannot be vacuumed; what was erased is still in it',
      {},
      error,
    )
  }
  rmSync(markOf(file))
}

/** Dynoxide has the file itself, DynamoDB Local those in a folder beside it. */
function databasesOf(file: string): string[] {
  const folder = `${file}.dynamodb-local`
  const inFolder = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.db')) : []
  return [...(existsSync(file) ? [file] : []), ...inFolder.map((name) => join(folder, name))]
}

async function vacuum(file: string): Promise<void> {
  const { DatabaseSync } = await import('node:sqlite')
  const database = new DatabaseSync(file, { timeout: engineEndMs })
  try {
    database.exec('VACUUM')
    // What was vacuumed is in the write-ahead log until now, and what was deleted still in the file.
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  } finally {
    database.close()
  }
}

function syncFolder(path: string): void {
  const folder = openSync(path, 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}
