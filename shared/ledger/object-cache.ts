/** Keeps objects that an instance has read in memory. It is a module of its own, because every instance makes one at start and few read the log. */
import type { ObjectCache } from './ledger.ts'

/** At most 32 MB when every value is as long as one may be (`maxCachedBytes`); most are roots of 32 bytes and tiles of 8 KB. */
export function objectCache(maxKept = 2_048): ObjectCache {
  const kept = new Map<string, Uint8Array>()
  return {
    get(name) {
      const bytes = kept.get(name)
      if (bytes !== undefined) {
        kept.delete(name)
        kept.set(name, bytes)
      }
      return bytes
    },
    put(name, bytes) {
      kept.set(name, bytes)
      const [oldest] = kept.keys()
      if (kept.size > maxKept && oldest !== undefined) kept.delete(oldest)
    },
  }
}
