/**
 * What a copy keeps beside the log:
 *
 *   policy     the keys that it is verified with (https://c2sp.org/tlog-policy), as they were given or as the source stated them the first time
 *   copy.json  `consent-log-copy@1`: where the keys are from, and whether the entry bundles of all leaves below the checkpoint are here
 *
 * Keys that are given win over those that are kept, and replace them. What a source states later changes nothing.
 */
import type { CopyFolder } from './copy-folder.ts'
import { MirrorFailure } from './mirror-failure.ts'

/** `first-use`: from the source itself, when the copy was begun. */
export type KeysFrom = 'given' | 'first-use'

export interface CopyState {
  readonly keysFrom: KeysFrom
  readonly hasEntries: boolean
}

const format = 'consent-log-copy@1'

/** `undefined` for a folder without a copy. @throws MirrorFailure for a file of another form */
export async function readCopyState(folder: CopyFolder): Promise<CopyState | undefined> {
  const text = await folder.readText('copy.json')
  const found = text === undefined ? undefined : parsed(text)
  if (found !== undefined || text === undefined) return found
  throw new MirrorFailure('damaged', `copy.json is not of the format ${format}; remove it and state the keys again`)
}

export async function keepCopyState(folder: CopyFolder, { keysFrom, hasEntries }: CopyState): Promise<void> {
  await folder.keep('copy.json', `${JSON.stringify({ format, keysFrom, hasEntries })}\n`)
  await folder.sync()
}

function parsed(text: string): CopyState | undefined {
  try {
    const { format: given, keysFrom, hasEntries } = JSON.parse(text)
    const isKnown = given === format && (keysFrom === 'given' || keysFrom === 'first-use')
    return isKnown && typeof hasEntries === 'boolean' ? { keysFrom, hasEntries } : undefined
  } catch {
    return undefined
  }
}
