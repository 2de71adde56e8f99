/**
 * Removes deleted rows from the vault's file. SQLite leaves their bytes in the file until it is vacuumed, which needs exclusive access: so the
 * file is vacuumed before its engine starts and after it has stopped, if rows were deleted since.
 *
 *   <file>.deleted    exists from before the first deletion until a vacuum has succeeded
 *
 * After a crash the mark is still there, and the next start vacuums. A copy of the file made while the ledger runs holds deleted rows too.
 */
import { closeSync, existsSync, fsyncSync, openSync, readdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { LedgerError } from '../../../shared/errors.ts'
import type { RetentionVault } from '../../../shared/ledger/store.ts'
import { privateFileMode } from './private-files.ts'

/** The engine of a killed process ends by force after two seconds; until then it may hold the file. */
const engineEndMs = 3_000

const markOf = (file: string): string => `${file}.deleted`

/** Marks the file durably before anything is deleted from it. */
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

/** Vacuums the file if it is marked. No engine may have it open. Afterwards no deleted row is in it or in its write-ahead log. */
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

/** Dynoxide uses the file itself, DynamoDB Local files in a folder beside it. */
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
    // Until this, the result of the vacuum is in the write-ahead log and the deleted rows are still in the file.
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
