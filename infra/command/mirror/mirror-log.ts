/** Copies one log, or goes on with its copy: the keys that it is verified with, then the log. */
import { join } from 'node:path'
import { type LogPolicy, parsePolicy } from '../../../shared/tlog/tlog-policy.ts'
import { formatVerifierKey } from '../../../shared/tlog/verifier-key.ts'
import { type LogSource, SourceError } from '../../../shared/verify/log-source.ts'
import { readSignedCheckpoint, withoutQuorum } from '../../../shared/verify/signed-checkpoint.ts'
import { Misuse } from '../../command-line.ts'
import { httpLog } from '../http-log.ts'
import { httpReader } from '../http-reader.ts'
import { CopyFolder } from './copy-folder.ts'
import { type CopyOptions, type CopyResult, copyLog } from './copy-log.ts'
import { type CopyState, type KeysFrom, keepCopyState, readCopyState } from './copy-state.ts'
import type { MirroredLog } from './mirrored-logs.ts'

export interface MirrorOptions extends CopyOptions {
  /** For entry bundles that their controller did not make public. */
  readonly token?: string
  /** The text of a policy; absent: the keys of the copy, or on first use those that the source states. */
  readonly policyText?: string
  readonly timeoutMs?: number
  readonly pauseMs?: number
  /** Called with the verifier keys that are trusted from now on because the source stated them. */
  onFirstUse?(keys: readonly string[]): void
}

const maxPolicyBytes = 1_000_000

/** @throws Misuse, or what `copyLog` throws */
export async function mirrorLog(
  { address, path }: MirroredLog,
  directory: string,
  options: MirrorOptions = {},
): Promise<CopyResult> {
  const folder = await CopyFolder.open(join(directory, path))
  const source = httpLog(address, options)
  const { policy, state } = await keysOf(address, source, folder, options)
  return copyLog(source, folder, policy, state, options)
}

async function keysOf(
  address: string,
  source: LogSource,
  folder: CopyFolder,
  options: MirrorOptions,
): Promise<{ readonly policy: LogPolicy; readonly state: CopyState }> {
  const known = await readCopyState(folder)
  const kept = known && (await folder.readText('policy'))
  const { policyText } = options
  if (kept !== undefined && known !== undefined && (policyText === undefined || policyText === kept))
    return { policy: parsePolicy(kept), state: known }
  const text = policyText ?? (await statedPolicy(address, options))
  const policy = parsePolicy(text)
  // Keys that do not verify the log are not kept, or every later run would fail with them.
  const { origin } = await readSignedCheckpoint(
    (await folder.readText('checkpoint')) ?? (await source.checkpoint()),
    withoutQuorum(policy),
  )
  const keysFrom: KeysFrom = policyText === undefined ? 'first-use' : 'given'
  const state = { keysFrom, hasEntries: known?.hasEntries ?? false }
  await folder.keep('policy', text)
  await keepCopyState(folder, state)
  if (keysFrom === 'first-use')
    options.onFirstUse?.(policy.logs.filter(({ key }) => key.name === origin).map(({ key }) => formatVerifierKey(key)))
  return { policy, state }
}

async function statedPolicy(address: string, options: MirrorOptions): Promise<string> {
  const bytes = await httpReader(address, options)('policy', { maxBytes: maxPolicyBytes }).catch((error: unknown) => {
    if (!(error instanceof SourceError && error.code === 'absent')) throw error
    throw new Misuse('name the keys that you trust, by --key or --policy: the log states none')
  })
  return Buffer.from(bytes).toString()
}
