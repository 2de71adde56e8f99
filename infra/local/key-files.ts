/**
 * Keys of a ledger on one machine: files that only their owner may read, made on first start and never replaced. Whoever loses
 * `keyring.key` can open nothing that was recorded; whoever copies it can open everything. On AWS this is KMS.
 */
import { createSecretKey } from 'node:crypto'
import { mkdir, open, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { keyBytes, openBytes, sealBytes } from '../../shared/ledger/keys.ts'
import type { Keyring, Randomness } from '../../shared/ledger/store.ts'

export async function keyFileKeyring(path: string, random: Randomness): Promise<Keyring> {
  const key = createSecretKey(await readOrMake(path, () => Buffer.from(random(keyBytes))))
  return {
    wrap: async (controller, secret) => sealBytes(key, secret, place(controller), random),
    unwrap: async (controller, wrapped) => openBytes(key, wrapped, place(controller)),
  }
}

/** Secrets wrapped for one controller do not unwrap for another. */
const place = (controller: string) => `consent-ledger/v1/controller/${controller}`

/** The file's bytes; made, synced and closed to others when there is none. */
export async function readOrMake(path: string, make: () => Buffer): Promise<Buffer> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  try {
    const file = await open(path, 'wx', 0o600)
    try {
      const bytes = make()
      await file.writeFile(bytes)
      await file.sync()
      return bytes
    } finally {
      await file.close()
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return readFile(path)
    throw error
  }
}
