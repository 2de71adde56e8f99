/**
 * Token buckets for any number of names in a table of fixed size, 512 KiB.
 *
 * A bucket is one number: the instant until which its tokens are spent (the generic cell rate algorithm, ITU-T I.371). Each name hashes
 * to two slots of the table, under a secret key, and the less spent slot decides. So a name that shares one slot with a busy name is not
 * refused, a client cannot find the slots of another, and to keep all slots spent takes more requests a second than there are slots.
 *
 * Times are milliseconds of a monotonic clock. If it goes back all the same, the longest wait is the time to refill a whole bucket.
 */
import { hash } from 'node:crypto'

export interface Rate {
  /** Requests a second, sustained. */
  readonly perSecond: number
  /** Requests at once. */
  readonly burst: number
}

export interface TokenBuckets {
  /** Takes one token and returns 0; when there is none, takes nothing and returns the milliseconds until there is one. */
  take(name: string): number
}

const slotCount = 65_536
/** More than the rounding error of sums of durations. */
const roundingMs = 0.001

/** `key`: 16 random bytes or more. It is hashed before the name, by one call, which costs a fraction of an HMAC; no client sees a hash. */
export function tokenBuckets({ perSecond, burst }: Rate, clock: () => number, key: Uint8Array): TokenBuckets {
  const spentUntil = new Float64Array(slotCount)
  const perTokenMs = 1000 / perSecond
  const fullMs = burst * perTokenMs
  const keyText = Buffer.from(key).toString('base64')
  return {
    take(name) {
      const now = clock()
      const hashed = Number.parseInt(hash('sha256', keyText + name).slice(0, 8), 16)
      const slots = [hashed >>> 16, hashed & 0xffff]
      const spent = slots.map((slot) => Math.min(Math.max(spentUntil[slot] ?? 0, now), now + fullMs))
      const next = Math.min(...spent) + perTokenMs
      const waitMs = next - now - fullMs
      const isTaken = waitMs < roundingMs
      for (const [i, slot] of slots.entries()) {
        const until = spent[i] ?? now
        spentUntil[slot] = isTaken ? Math.max(until, next) : until
      }
      return isTaken ? 0 : waitMs
    },
  }
}
