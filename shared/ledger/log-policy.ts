/**
 * What an auditor keeps of the ledger, as a C2SP tlog-policy: the log's verifier key with its address, and the key of the ledger's own
 * witness, whose cosignatures say when checkpoints were made. No quorum: an auditor who trusts other witnesses adds them.
 */
import { formatVerifierKey, signatureTypes, verifierKey } from '../tlog/note.ts'
import { originOf } from './log-items.ts'
import { witnessName } from './log-read.ts'

export interface LogKeys {
  readonly host: string
  /** Ed25519 public keys, 32 bytes. */
  readonly checkpointKey: Uint8Array
  readonly witnessKey: Uint8Array
}

/** `name+hash+base64`: what `--key` takes. */
export function logVerifierKey({ host, checkpointKey }: LogKeys, controller: string): string {
  return formatVerifierKey(verifierKey(originOf(host, controller), signatureTypes.ed25519, checkpointKey))
}

export function witnessVerifierKey({ host, witnessKey }: LogKeys): string {
  return formatVerifierKey(verifierKey(witnessName(host), signatureTypes.cosignature, witnessKey))
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
