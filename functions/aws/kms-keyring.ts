/**
 * The `Keyring` port on KMS: a symmetric key wraps a controller's 96 bytes of secrets directly (KMS accepts up to 4,096 bytes).
 * The controller id is the encryption context: authenticated, visible in CloudTrail, and not secret. Tested against a local double
 * of the HTTP protocol (`test/support/kms-double.ts`); not run against AWS.
 */
import { DecryptCommand, EncryptCommand, type KMSClient } from '@aws-sdk/client-kms'
import { LedgerError } from '../../shared/errors.ts'
import type { Keyring } from '../../shared/ledger/store.ts'
import type { AttemptOptions } from './attempts.ts'
import { kmsAsk } from './kms-client.ts'

export function kmsKeyring(client: KMSClient, keyId: string, options: AttemptOptions = {}): Keyring {
  const ask = kmsAsk(options)
  const key = (controller: string) => ({
    KeyId: keyId,
    EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' as const,
    EncryptionContext: { controller },
  })
  return {
    async wrap(controller, secret) {
      const command = new EncryptCommand({ ...key(controller), Plaintext: secret })
      return some((await ask((abortSignal) => client.send(command, { abortSignal }))).CiphertextBlob)
    },
    async unwrap(controller, wrapped) {
      const command = new DecryptCommand({ ...key(controller), CiphertextBlob: wrapped })
      return some((await ask((abortSignal) => client.send(command, { abortSignal }))).Plaintext)
    },
  }
}

function some(bytes: Uint8Array | undefined): Uint8Array {
  if (bytes === undefined) throw new LedgerError('internal', 'The key service gave no bytes.')
  return bytes
}
