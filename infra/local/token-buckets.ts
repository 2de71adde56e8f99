/**
 * Token buckets for any number of names in a table of fixed size: 512 KiB, however many addresses there are.
 *
 * A bucket is one number, the instant until which its tokens are spent (the generic cell rate algorithm, ITU-T I.371). Each name has
 * two of the table's slots, by a hash under a key that no caller knows, and the one that is less spent decides. So a stranger who
 * happens to share one slot with a busy name is not refused, nobody can aim at another's slots, and to fill all of them would take
 * more requests a second than the table has slots.
 *
 * Times are milliseconds of a clock that only goes on; if it goes back all the same, nobody waits for longer than a full bucket takes.
 */
import { createHmac } from 'node:crypto'

export interface Rate {
  /** Requests a second, steady. */
  readonly perSecond: number
  /** Requests at once. */
  readonly burst: number
}

export interface TokenBuckets {
  /** Takes one token. Milliseconds until there is one, if there is none: then nothing is taken. 0: it was taken. */
  take(name: string): number
}

const slotCount = 65_536
/** Sums of durations are off by less. */
const roundingMs = 0.001

/** `key`: 16 random bytes or more. */
export function tokenBuckets({ perSecond, burst }: Rate, clock: () => number, key: Uint8Array): TokenBuckets {
  const spentUntil = new Float64Array(slotCount)
  const perTokenMs = 1000 / perSecond
  const fullMs = burst * perTokenMs
  return {
    take(name) {
      const now = clock()
      const hashed = createHmac('sha256', key).update(name).digest()
      const slots = [hashed.readUInt16BE(0), hashed.readUInt16BE(2)]
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
