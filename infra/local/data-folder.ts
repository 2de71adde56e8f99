/**
 * Where a ledger on one machine keeps its data, and the lock that keeps a second server out of it.
 *
 *   ledger.db   engine of entries and log          vault.db   engine of the vault: a file of its own, because it forgets
 *   objects/    texts under their hash             keys/      what opens it all; readable by their owner only
 *   demo.json   site keys of the demo, for `npm run demo`
 */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

export const defaultDataFolder = '.ledger'

export interface DataFolder {
  readonly path: string
  release(): Promise<void>
}

/** Throws a sentence for people when a running server holds the folder. A server that was killed leaves a lock that is ignored. */
export async function lockDataFolder(path: string): Promise<DataFolder> {
  await mkdir(path, { recursive: true })
  const lock = join(path, 'lock')
  const holder = Number(await readFile(lock, 'utf8').catch(() => ''))
  if (holder > 0 && holder !== process.pid && isRunning(holder)) {
    throw new Error(`process ${holder} is already serving ${path}; stop it, or choose another folder with --data`)
  }
  await writeFile(lock, String(process.pid))
  return { path, release: () => rm(lock, { force: true }) }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
