/** The trusted logs and witnesses of a command: from `--key`, or from a policy file (https://c2sp.org/tlog-policy). */
import { readFile } from 'node:fs/promises'
import { TlogError } from '../../shared/tlog/tlog-error.ts'
import { restoreLines } from '../../shared/verify/changed-in-transit.ts'
import { policyTextOfKeys } from '../../shared/verify/policy-of-keys.ts'
import { type LogPolicy, parsePolicy } from '../../shared/verify/verify.ts'
import { Misuse } from '../command-line.ts'

export async function policyFrom(keys: readonly string[], policyFile: string | undefined): Promise<LogPolicy> {
  return (await policyTextFrom(keys, policyFile)).policy
}

/** The policy, and its text for programs that store it. */
export async function policyTextFrom(
  keys: readonly string[],
  policyFile: string | undefined,
): Promise<{ readonly policy: LogPolicy; readonly text: string }> {
  if ((keys.length === 0) === (policyFile === undefined))
    throw new Misuse('name the keys that you trust: --key VKEY (one or more), or --policy FILE')
  try {
    const text = policyFile === undefined ? policyTextOfKeys(keys) : restoreLines(await readText(policyFile)).text
    return { policy: parsePolicy(text), text }
  } catch (error) {
    throw error instanceof TlogError ? new Misuse(error.message) : error
  }
}

export async function readText(path: string): Promise<string> {
  return Buffer.from(await readBytes(path)).toString()
}

export async function readBytes(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : 'unknown'
    throw new Misuse(`the file ${path} cannot be read (${code})`)
  }
}
