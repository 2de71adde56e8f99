/**
 * The folder that holds everything of a local ledger, private to its user, and the lock that keeps a second process out of it.
 *
 *   lock.db       held by the process that uses the folder; the kernel releases it when that process ends
 *   ledger.db     database of entries and log        vault.db    database of the vault, apart because it is vacuumed
 *   objects/      tiles, checkpoints and texts       keys/       private keys, and the key that wraps all secrets
 *   doorbell/     keys of entries that the log may not have yet
 *   mailbox/      letters that ask people to confirm, for a program that sends them
 *   files/        what imports and exports take and give, for 14 days
 *   server.json   address of the server, for the programs that administer it
 *   no-demo       there when the folder was started with `--empty`: the demo is never put into it
 *   demo.json     site keys of the demo, for `npm run demo`
 */
import { existsSync, readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Misuse } from '../../command-line.ts'
import { lockFile } from './file-lock.ts'
import { closeToOthers, openPrivateFolder, writePrivateFile } from './private-files.ts'
import { writeOnce } from './write-once-file.ts'

export const defaultDataFolder = '.ledger'

/** A data folder whose lock this process holds. Functions that open a ledger take this rather than a path. */
export interface DataFolder {
  readonly path: string
  release(): Promise<void>
}

const lockName = 'lock.db'
const folders = /^(keys|objects|doorbell|mailbox|files|(ledger|vault)\.db\.dynamodb-local)$/
const files = /^((ledger|vault)\.db(-wal|-shm|-journal|\.deleted)?|demo\.json|server\.json|no-demo|site\.json|clock)$/

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

/**
 * Whether the folder holds the demo world, or may get it. `--empty` on the first start decides for good, so that a made-up past never gets
 * into a real ledger.
 *
 * @throws Misuse when `--empty` is given for a folder that was started without it
 */
export async function holdsDemo({ path }: DataFolder, isEmptyWanted: boolean): Promise<boolean> {
  const marker = join(path, 'no-demo')
  if (existsSync(marker)) return false
  if (!isEmptyWanted) return true
  if (existsSync(join(path, 'ledger.db'))) {
    throw new Misuse(`the ledger in ${path} was started with the demo; give --empty another folder with --data DIR`)
  }
  await writeOnce(marker, Buffer.from('Started with --empty: the demo is never put into this ledger.\n'))
  return false
}

/** Stores where the server listens, for `readServedUrl`. */
export function writeServedUrl({ path }: DataFolder, url: string): Promise<void> {
  return writePrivateFile(join(path, 'server.json'), `${JSON.stringify({ url })}\n`)
}

/** The address of the server that serves the folder, or did so last. @throws Misuse when none ever did */
export async function readServedUrl(path: string): Promise<string> {
  const stored = await readFile(join(path, 'server.json'), 'utf8').catch(() => '{}')
  const { url } = JSON.parse(stored) as { readonly url?: string }
  if (url !== undefined) return url
  throw new Misuse(`no server is known for ${path}: start it in another terminal with npm start -- --data '${path}'`)
}
