/**
 * Fingerprints of entries' keys by leaf index, 4 bytes each: they show that an index row is of another entry, except with a chance of
 * 1 in 2^32. The salt is new in each run, so that nobody can prepare two keys with one fingerprint.
 */
import { createHmac, createSecretKey, type KeyObject } from 'node:crypto'
import type { Key, Randomness } from '../store.ts'

export interface KeyFingerprints {
  set(index: number, key: Key): void
  /** False too when nothing was set there. */
  matches(index: number, key: Key): boolean
}

const chunkLength = 65_536

export function keyFingerprints(random: Randomness): KeyFingerprints {
  const salt = createSecretKey(random(32))
  /** By number: what a damaged batch says of itself costs one chunk, however far away. */
  const chunks = new Map<number, Uint32Array>()

  return {
    set(index, key) {
      const at = Math.floor(index / chunkLength)
      const chunk = chunks.get(at) ?? new Uint32Array(chunkLength)
      chunks.set(at, chunk)
      chunk[index % chunkLength] = print(salt, key)
    },
    matches(index, key) {
      return chunks.get(Math.floor(index / chunkLength))?.[index % chunkLength] === print(salt, key)
    },
  }
}

/** Never 0: that is an index without a leaf. */
function print(salt: KeyObject, { pk, sk }: Key): number {
  return (
    createHmac('sha256', salt)
      .update(JSON.stringify([pk, sk]))
      .digest()
      .readUInt32BE() || 1
  )
}
