/**
 * Keeps the compiled code of all modules between starts, which halves the time to the first answer. Node runs cached code without
 * checking it, so the cache is a private folder of this user, below folders that no other user can replace; without such a folder
 * nothing is cached. Node's default is in the shared temporary folder, where another user could create it first.
 */
import { realpathSync } from 'node:fs'
import { enableCompileCache } from 'node:module'
import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'
import { isOutOfOthersReach, openPrivateFolder } from './private-files.ts'

/** Returns the cache folder, or `undefined` when none is safe to use. */
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
