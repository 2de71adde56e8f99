/** What keeps the logs of a ledger in tests: its tables and objects, with Ed25519 keys that are the same in every run. */
import { createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto'
import type { Ledger, LogWriter } from '../../shared/ledger/ledger.ts'
import type { Signer } from '../../shared/ledger/store.ts'

/** PKCS#8 around a seed of 32 equal bytes. */
function testKey(seed: number): KeyObject {
  const prefix = Buffer.from('302e020100300506032b657004220420', 'hex')
  return createPrivateKey({ key: Buffer.concat([prefix, Buffer.alloc(32, seed)]), format: 'der', type: 'pkcs8' })
}

export function testSigner(seed: number): Signer {
  const key = testKey(seed)
  const { x } = createPublicKey(key).export({ format: 'jwk' })
  return { publicKey: Buffer.from(String(x), 'base64url'), sign: async (message) => sign(null, message, key) }
}

export const checkpointSigner = testSigner(1)
export const witnessSigner = testSigner(2)

export function memoryLogWriter(
  ledger: Pick<Ledger, 'entries' | 'log' | 'objects' | 'clock' | 'random' | 'host'>,
): LogWriter {
  const { entries, log, objects, clock, random, host } = ledger
  return { entries, log, objects, clock, random, host, checkpointSigner, witnessSigner }
}
