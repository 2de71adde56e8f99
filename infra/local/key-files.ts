/**
 * Keys of a ledger on one machine: files that only their owner may read, made on first start and never replaced. Whoever loses
 * `keyring.key` can open nothing that was recorded; whoever copies it can open everything. On AWS this is KMS.
 */
import { createSecretKey } from 'node:crypto'
import { keyBytes, openBytes, sealBytes } from '../../shared/ledger/keys.ts'
import type { Keyring, Randomness } from '../../shared/ledger/store.ts'
import { readIfThere, writeOnce } from './write-once.ts'

export async function keyFileKeyring(path: string, random: Randomness): Promise<Keyring> {
  const key = createSecretKey(await readOrMake(path, () => Buffer.from(random(keyBytes))))
  return {
    wrap: async (controller, secret) => sealBytes(key, secret, place(controller), random),
    unwrap: async (controller, wrapped) => openBytes(key, wrapped, place(controller)),
  }
}

/** Secrets wrapped for one controller do not unwrap for another. */
const place = (controller: string) => `consent-ledger/v1/controller/${controller}`

/** The file's bytes; made, and closed to everyone but its owner, when there is none. */
export async function readOrMake(path: string, make: () => Buffer): Promise<Buffer> {
  const stored = await readIfThere(path)
  if (stored) return stored
  const made = make()
  if (await writeOnce(path, made, 0o600)) return made
  return readOrMake(path, make)
}
