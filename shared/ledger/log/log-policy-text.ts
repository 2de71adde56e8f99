/**
 * The [tlog-policy](https://c2sp.org/tlog-policy) that an auditor keeps: the log's verifier key with its address, each key that it replaced, and the
 * key of the ledger's own witness, whose cosignatures state when checkpoints were made. It has no quorum: an auditor who trusts other witnesses adds
 * them.
 */
import { formatVerifierKey } from '../../tlog/verifier-key.ts'
import type { LogWriter } from '../ledger.ts'
import { witnessKey as keyOfWitness, logKey } from './checkpoint-store.ts'

export interface LogKeys {
  readonly host: string
  /** Ed25519 public keys, 32 bytes. */
  readonly checkpointKey: Uint8Array
  /** The keys that it replaces (`checkpoint-keys.ts`); absent when there is none. */
  readonly earlierCheckpointKeys?: readonly Uint8Array[]
  readonly witnessKey: Uint8Array
}

/** The public keys of a writer's checkpoint keys, in the form of `LogKeys`. */
export function publicKeysOf({
  checkpointSigner,
  earlierCheckpointKeys = [],
}: Pick<LogWriter, 'checkpointSigner' | 'earlierCheckpointKeys'>): Pick<
  LogKeys,
  'checkpointKey' | 'earlierCheckpointKeys'
> {
  const earlier = earlierCheckpointKeys.map(({ publicKey }) => publicKey)
  return { checkpointKey: checkpointSigner.publicKey, ...(earlier.length > 0 && { earlierCheckpointKeys: earlier }) }
}

/** `name+hash+base64`, as option `--key` of the verifier takes it. */
export function logVerifierKey({ host, checkpointKey }: LogKeys, controller: string): string {
  return formatVerifierKey(logKey(host, controller, checkpointKey))
}

export function earlierLogVerifierKeys({ host, earlierCheckpointKeys = [] }: LogKeys, controller: string): string[] {
  return earlierCheckpointKeys.map((publicKey) => formatVerifierKey(logKey(host, controller, publicKey)))
}

export function witnessVerifierKey({ host, witnessKey }: LogKeys): string {
  return formatVerifierKey(keyOfWitness(host, witnessKey))
}

/** `baseUrl` is where `/log/...` is served. */
export function logPolicyText(keys: LogKeys, controller: string, baseUrl: string): string {
  return [
    ...[logVerifierKey(keys, controller), ...earlierLogVerifierKeys(keys, controller)].map(
      (vkey) => `log ${vkey} ${baseUrl}/log/${controller}`,
    ),
    `witness operator ${witnessVerifierKey(keys)}`,
    'quorum none',
    '',
  ].join('\n')
}
