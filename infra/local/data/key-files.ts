/**
 * Keys of a ledger on one machine: files that only their owner may read, made on first start and never overwritten. Whoever loses
 * `keyring.key` can open nothing that was recorded; whoever copies it can open everything. On AWS this is KMS.
 */
import { createPrivateKey, createPublicKey, createSecretKey, type KeyObject, randomBytes, sign } from 'node:crypto'
import { LedgerError } from '../../../shared/errors.ts'
import { keyBytes, openBytes, sealBytes } from '../../../shared/ledger/derived-keys.ts'
import type { Keyring, Randomness, Signer } from '../../../shared/ledger/store.ts'
import { readIfThere, writeOnce } from './write-once-file.ts'

export async function keyFileKeyring(path: string, random: Randomness): Promise<Keyring> {
  const key = createSecretKey(await readOrMake(path, () => Buffer.from(random(keyBytes))))
  return {
    wrap: async (controller, secret) => sealBytes(key, secret, place(controller), random),
    unwrap: async (controller, wrapped) => openBytes(key, wrapped, place(controller)),
  }
}

/** Secrets wrapped for one controller do not unwrap for another. */
const place = (controller: string) => `consent-ledger/v1/controller/${controller}`

/** DER of a PKCS#8 Ed25519 key (RFC 8410) up to the seed, 32 bytes, that ends it. */
const pkcs8Prefix = Buffer.from('302e020100300506032b657004220420', 'hex')

/** Opens or creates an Ed25519 key. The file is PKCS#8 in PEM, or the bare seed of 32 bytes. */
export async function keyFileSigner(path: string, random: Randomness = randomBytes): Promise<Signer> {
  const stored = await readOrMake(path, () => {
    const pem = seededKey(random(32)).export({ type: 'pkcs8', format: 'pem' })
    return Buffer.from(pem)
  })
  const key = ed25519Key(stored)
  const spki = createPublicKey(key).export({ type: 'spki', format: 'der' })
  return {
    publicKey: Uint8Array.from(spki.subarray(-32)),
    sign: async (message) => Uint8Array.from(sign(null, message, key)),
  }
}

function seededKey(seed: Uint8Array): KeyObject {
  return createPrivateKey({ key: Buffer.concat([pkcs8Prefix, seed]), format: 'der', type: 'pkcs8' })
}

/** @throws LedgerError `internal`, whose text repeats nothing of the file */
function ed25519Key(stored: Buffer): KeyObject {
  if (stored.length === 32) return seededKey(stored)
  try {
    const key = createPrivateKey(stored)
    if (key.asymmetricKeyType === 'ed25519') return key
  } catch {}
  throw new LedgerError('internal', 'The key file holds no Ed25519 private key.', {
    allowed: 'PKCS#8 in PEM, or a seed of 32 bytes',
  })
}

/** Returns the bytes of the file. Creates it, private to its owner, when there is none. */
export async function readOrMake(path: string, make: () => Buffer): Promise<Buffer> {
  const stored = await readIfThere(path)
  if (stored) return stored
  const made = make()
  if (await writeOnce(path, made)) return made
  return readOrMake(path, make)
}
