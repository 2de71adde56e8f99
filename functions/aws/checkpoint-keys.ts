/**
 * The checkpoint keys of a deployed ledger (`shared/ledger/log/checkpoint-keys.ts`). One environment variable names them, newest first, separated by
 * spaces: ids or ARNs of KMS keys, with `retired:` before one that signs no more. Of a key that KMS does not have any more it holds the public key in
 * base64, with `public:` before it.
 */
import type { KMSClient } from '@aws-sdk/client-kms'
import type { LogWriter } from '../../shared/ledger/ledger.ts'
import type { AttemptOptions } from './attempts.ts'
import { kmsSigner } from './kms-signer.ts'

const retiredPrefix = 'retired:'
const publicPrefix = 'public:'

/** Reads each public key once. @throws LedgerError `internal` when a key does not make Ed25519 signatures */
export async function kmsCheckpointKeys(
  client: KMSClient,
  names: string,
  options: AttemptOptions = {},
): Promise<Pick<LogWriter, 'checkpointSigner' | 'earlierCheckpointKeys'>> {
  const [newest = '', ...earlier] = names.split(' ')
  const [checkpointSigner, ...others] = await Promise.all([
    kmsSigner(client, newest, options),
    ...earlier.map(async (name) => {
      if (name.startsWith(publicPrefix))
        return { publicKey: Uint8Array.from(Buffer.from(name.slice(publicPrefix.length), 'base64')) }
      if (!name.startsWith(retiredPrefix)) return kmsSigner(client, name, options)
      const { publicKey } = await kmsSigner(client, name.slice(retiredPrefix.length), options)
      return { publicKey }
    }),
  ])
  return { checkpointSigner, ...(others.length > 0 && { earlierCheckpointKeys: others }) }
}
