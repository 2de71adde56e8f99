/**
 * Files and folders that only their user can open: modes 0600 and 0700 whatever the umask. Existing ones of this user are closed to
 * others; a symbolic link, or one that belongs to another user, is refused with an error that says what to do.
 */
import { chmodSync, lstatSync, mkdirSync, type Stats, statSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'

export const privateFileMode = 0o600
const privateFolderMode = 0o700

type Kind = 'file' | 'folder'

/** Creates the folder and its missing parents. Returns true when the folder existed and had to be closed to others. */
export function openPrivateFolder(path: string): boolean {
  try {
    makePrivateFolders(path)
  } catch (error) {
    throw new Error(`the folder ${path} cannot be made: ${reasonOf(error)}`)
  }
  return closeToOthers(path, 'folder')
}

/**
 * Creates the folder and its missing parents, and returns what it created, outermost first. Node's own `recursive` never returns where
 * the system reports a folder as missing and refuses to create it, as below `/proc`.
 */
export function makePrivateFolders(path: string): string[] {
  const missing: string[] = []
  for (let folder = resolve(path); !isThere(folder); folder = dirname(folder)) missing.unshift(folder)
  return missing.filter(makeFolder)
}

/** Returns false when another process created it first. */
function makeFolder(path: string): boolean {
  try {
    mkdirSync(path, { mode: privateFolderMode })
    return true
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false
    throw error
  }
}

/** Returns true when others could reach it until now. Throws for a link, for another kind of file, and for another user's. */
export function closeToOthers(path: string, kind: Kind): boolean {
  // `resolve` drops a final slash, with which `lstat` would follow a link.
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

/** Replaces the content of the file. A new file is private; an existing one keeps its mode. */
export function writePrivateFile(path: string, text: string): Promise<void> {
  return writeFile(path, text, { mode: privateFileMode })
}

/** Whether only this user and root can replace the file or folder, judged by every folder above it. `path` has no links. */
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

/** `EACCES: permission denied, mkdir '/x'` up to the comma, because our own message names the path. */
function reasonOf(error: unknown): string {
  return error instanceof Error ? (error.message.split(',')[0] ?? '') : String(error)
}
