/**
 * Keeps the compiled code of all modules between starts, which halves the time to the first answer. What is in the cache is run
 * as it is, so it is in a private folder of this user's, below folders that nobody else can replace; where there is none, nothing
 * is kept. Node's default is in the shared temporary folder, where anyone can make it first.
 */
import { realpathSync } from 'node:fs'
import { enableCompileCache } from 'node:module'
import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'
import { isOutOfOthersReach, openPrivateFolder } from './private-files.ts'

/** Returns the folder that is used, if any. */
export function keepCompiledCode(): string | undefined {
  const { XDG_CACHE_HOME: given = '' } = process.env
  const caches = isAbsolute(given) ? given : join(homedir(), '.cache')
  const folder = join(caches, 'consent-ledger', 'compiled')
  try {
    openPrivateFolder(join(caches, 'consent-ledger'))
    openPrivateFolder(folder)
    const real = realpathSync(folder)
    if (!isOutOfOthersReach(real)) return undefined
    enableCompileCache(real)
    return real
  } catch {
    return undefined
  }
}
