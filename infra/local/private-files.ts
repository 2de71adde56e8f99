/**
 * Files and folders of one user: 0600 and 0700 whatever the umask, never a symbolic link, never another user's. What is ours and
 * open to others is closed; what is not ours is refused with a sentence that says what to do.
 */
import { chmodSync, lstatSync, mkdirSync, type Stats, statSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'

export const privateFileMode = 0o600
export const privateFolderMode = 0o700

type Kind = 'file' | 'folder'

/** Makes the folder, and those above it, where missing. Returns true when an existing one had to be closed to others. */
export function openPrivateFolder(path: string): boolean {
  try {
    makePrivateFolders(path)
  } catch (error) {
    throw new Error(`the folder ${path} cannot be made: ${reasonOf(error)}`)
  }
  return closeToOthers(path, 'folder')
}

/**
 * Makes the folder and those above it where there is nothing of the name, and returns what it made, outermost first. Node's own
 * `recursive` never returns where the system denies that a folder exists and refuses to make it, as below `/proc`.
 */
export function makePrivateFolders(path: string): string[] {
  const missing: string[] = []
  for (let folder = resolve(path); !isThere(folder); folder = dirname(folder)) missing.unshift(folder)
  return missing.filter(makeFolder)
}

/** False when another process made it just now. */
function makeFolder(path: string): boolean {
  try {
    mkdirSync(path, { mode: privateFolderMode })
    return true
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false
    throw error
  }
}

/** Returns true when others could reach it until now. Throws for another kind of thing, and for what is another user's. */
export function closeToOthers(path: string, kind: Kind): boolean {
  // Without the slash at the end, which would follow a link.
  const found = lstatSync(resolve(path))
  if (found.isSymbolicLink()) throw new Error(`${path} is a symbolic link; name what it points to instead`)
  if (kindOf(found) !== kind) throw new Error(`${path} is a ${kindOf(found)}, where a ${kind} should be`)
  const user = process.getuid?.() ?? found.uid
  if (found.uid !== user) {
    throw new Error(`${path} belongs to user ${found.uid} and this is user ${user}: run as its owner, or chown it`)
  }
  if ((found.mode & 0o077) === 0) return false
  chmodSync(path, kind === 'file' ? privateFileMode : privateFolderMode)
  return true
}

/** Replaces what the file holds; a new one is private. */
export function writePrivateFile(path: string, text: string): Promise<void> {
  return writeFile(path, text, { mode: privateFileMode })
}

/** True when only this user and root can replace what is at a path without links: that is so for each folder above it. */
export function isOutOfOthersReach(path: string): boolean {
  const user = process.getuid?.()
  for (let folder = dirname(path), below = ''; folder !== below; below = folder, folder = dirname(folder)) {
    const { uid, mode } = statSync(folder)
    const isSticky = (mode & 0o1000) !== 0
    if ((uid !== 0 && uid !== user) || ((mode & 0o022) !== 0 && !isSticky)) return false
  }
  return true
}

function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined
}

function kindOf(found: Stats): string {
  if (found.isDirectory()) return 'folder'
  return found.isFile() ? 'file' : 'device or socket'
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}

/** `EACCES: permission denied, mkdir '/x'` up to the comma: the path is in our own sentence. */
function reasonOf(error: unknown): string {
  return error instanceof Error ? (error.message.split(',')[0] ?? '') : String(error)
}
