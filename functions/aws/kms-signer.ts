/**
 * The `Signer` port on KMS: key spec `ECC_NIST_EDWARDS25519`, algorithm `ED25519_SHA_512`, message type RAW: Ed25519 as in RFC
 * 8032 and C2SP. The `PH` variant is a different signature of the same length and is never used.
 *
 *   public key   SubjectPublicKeyInfo, DER (RFC 8410): 12 fixed bytes ‖ key (32)
 *   message      at most 4,096 bytes, KMS's limit for RAW
 *
 * Every signature is verified before it is returned, so that a wrong key, a moved alias or a wrong algorithm causes an error and no bad
 * checkpoint. Tested against a local double of the HTTP protocol (`test/support/kms-double.ts`); not run
 * against AWS.
 */
import { createPublicKey, verify } from 'node:crypto'
import { GetPublicKeyCommand, type KMSClient, SignCommand } from '@aws-sdk/client-kms'
import { LedgerError } from '../../shared/errors.ts'
import type { Signer } from '../../shared/ledger/store.ts'
import type { AttemptOptions } from './attempts.ts'
import { kmsAsk } from './kms-client.ts'

const maxMessageBytes = 4_096
const keySpec = 'ECC_NIST_EDWARDS25519'
const spkiPrefix = Buffer.from('302a300506032b6570032100', 'hex')
const spkiBytes = spkiPrefix.length + 32

/** Fetches the public key once. @throws LedgerError `internal` when the key does not make Ed25519 signatures */
export async function kmsSigner(client: KMSClient, keyId: string, options: AttemptOptions = {}): Promise<Signer> {
  const ask = kmsAsk(options)
  const spki = await ask((abortSignal) => client.send(new GetPublicKeyCommand({ KeyId: keyId }), { abortSignal })).then(
    ({ KeySpec, KeyUsage, PublicKey }) => {
      const isOurs = KeySpec === keySpec && KeyUsage === 'SIGN_VERIFY'
      if (!isOurs || PublicKey === undefined || !isEd25519(PublicKey)) {
        const given = `${KeySpec} for ${KeyUsage}`
        throw new LedgerError('internal', 'The key does not make Ed25519 signatures.', { given, allowed: keySpec })
      }
      return Buffer.from(PublicKey)
    },
  )
  const key = createPublicKey({ key: spki, format: 'der', type: 'spki' })

  return {
    publicKey: Uint8Array.from(spki.subarray(spkiPrefix.length)),
    async sign(message) {
      if (message.length > maxMessageBytes) {
        throw new LedgerError('internal', 'The message is too long to be signed.', {
          given: message.length,
          allowed: maxMessageBytes,
        })
      }
      const command = new SignCommand({
        KeyId: keyId,
        Message: message,
        MessageType: 'RAW',
        SigningAlgorithm: 'ED25519_SHA_512',
      })
      const { Signature } = await ask((abortSignal) => client.send(command, { abortSignal }))
      if (Signature?.length !== 64 || !verify(null, message, key, Signature)) {
        throw new LedgerError('internal', 'The key service gave a signature that its public key does not verify.')
      }
      return Uint8Array.from(Signature)
    },
  }
}

function isEd25519(spki: Uint8Array): boolean {
  return spki.length === spkiBytes && spkiPrefix.equals(spki.subarray(0, spkiPrefix.length))
}
