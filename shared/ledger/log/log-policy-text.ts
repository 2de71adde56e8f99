/**
 * The [tlog-policy](https://c2sp.org/tlog-policy) that an auditor keeps: the log's verifier key with its address, and the key of the ledger's own
 * witness, whose cosignatures state when checkpoints were made. No quorum: an auditor who trusts other witnesses adds them.
 */
import { formatVerifierKey } from '../../tlog/verifier-key.ts'
import { witnessKey as keyOfWitness, logKey } from './checkpoint-store.ts'

export interface LogKeys {
  readonly host: string
  /** Ed25519 public keys, 32 bytes. */
  readonly checkpointKey: Uint8Array
  readonly witnessKey: Uint8Array
}

/** `name+hash+base64`, as option `--key` of the verifier takes it. */
export function logVerifierKey({ host, checkpointKey }: LogKeys, controller: string): string {
  return formatVerifierKey(logKey(host, controller, checkpointKey))
}

export function witnessVerifierKey({ host, witnessKey }: LogKeys): string {
  return formatVerifierKey(keyOfWitness(host, witnessKey))
}

/** `baseUrl` is where `/log/...` is served. */
export function logPolicyText(keys: LogKeys, controller: string, baseUrl: string): string {
  return [
    `log ${logVerifierKey(keys, controller)} ${baseUrl}/log/${controller}`,
    `witness operator ${witnessVerifierKey(keys)}`,
    'quorum none',
    '',
  ].join('\n')
}
