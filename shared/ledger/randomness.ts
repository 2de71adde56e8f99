/**
 * Random bytes from a pool that is filled a few kilobytes at a time, because a system call for each short nonce or key costs more than the
 * bytes. No byte is used twice, and used bytes are wiped from the pool.
 */
import { randomFillSync } from 'node:crypto'
import type { Randomness } from './store.ts'

const poolBytes = 4096

export function pooledRandomness(): Randomness {
  const pool = Buffer.alloc(poolBytes)
  let used = poolBytes
  return (byteCount) => {
    if (byteCount > poolBytes) return randomFillSync(Buffer.alloc(byteCount))
    if (used + byteCount > poolBytes) {
      randomFillSync(pool)
      used = 0
    }
    const bytes = Buffer.from(pool.subarray(used, used + byteCount))
    pool.fill(0, used, used + byteCount)
    used += byteCount
    return bytes
  }
}
