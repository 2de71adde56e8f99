/**
 * Signatures for simulations: SHA-512 over key and message in place of Ed25519, and in place of WebCrypto's verification. A run
 * signs and verifies a dozen notes, and WebCrypto answers from other threads, whenever it likes: no seed could replay that. That
 * real signatures are made and verified is shown by the publisher's own tests.
 */
import { hash } from 'node:crypto'
import type { Signer } from '../../shared/ledger/store.ts'

/** By way of a string, as in `shared/sha256/node.ts`. */
const signatureOf = (publicKey: Uint8Array, message: Uint8Array): Buffer =>
  Buffer.from(hash('sha512', Buffer.concat([publicKey, message]), 'binary'), 'latin1')

export function fastSigner(seed: number): Signer {
  const publicKey = Buffer.alloc(32, seed)
  return { publicKey, sign: async (message) => signatureOf(publicKey, message) }
}

/** Until the returned function is called, every Ed25519 verification of this process is one of `fastSigner`'s signatures. */
export function useFastSignatures(): () => void {
  const { subtle } = globalThis.crypto
  const replace = (name: string, value: unknown) => Object.defineProperty(subtle, name, { value, configurable: true })
  replace('importKey', async (_format: string, raw: Uint8Array) => raw)
  replace('verify', async (_algorithm: object, key: Uint8Array, signature: Uint8Array, message: Uint8Array) =>
    signatureOf(key, message).equals(signature),
  )
  return () => {
    Reflect.deleteProperty(subtle, 'importKey')
    Reflect.deleteProperty(subtle, 'verify')
  }
}
