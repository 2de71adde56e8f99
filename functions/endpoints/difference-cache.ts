/**
 * Cache of text differences, keyed by the hashes of both texts. Simultaneous requests for one difference share one computation. When the
 * bound is exceeded, the least recently used are dropped. Texts are addressed by their hash, so an entry never becomes stale.
 */
import type { TextDifference } from '../../shared/consent/text-difference.ts'

/** Default bound on the characters of all texts whose differences are cached. */
const maxKept = 8_000_000

export interface DifferenceCache {
  /** `before` and `after` are SHA-256 in hex. */
  between(before: string, after: string, by: 'lines' | 'words'): Promise<readonly TextDifference[]>
}

export function differenceCache(readText: (sha256: string) => Promise<string>, max = maxKept): DifferenceCache {
  /** Least recently used first. */
  const kept = new Map<string, Promise<readonly TextDifference[]>>()
  /** Characters of both texts, for each difference whose texts have been read. */
  const lengths = new Map<string, number>()
  let total = 0

  function forget(name: string): void {
    total -= lengths.get(name) ?? 0
    lengths.delete(name)
    kept.delete(name)
  }

  async function compute(name: string, before: string, after: string, by: 'lines' | 'words') {
    const [old, now] = await Promise.all([readText(before), readText(after)])
    if (kept.has(name) && !lengths.has(name)) {
      lengths.set(name, old.length + now.length)
      total += old.length + now.length
    }
    for (const oldest of kept.keys()) {
      if (total <= max) break
      forget(oldest)
    }
    // Loaded on first use, because few requests compare texts.
    const { textDifference } = await import('../../shared/consent/text-difference.ts')
    return textDifference(old, now, by)
  }

  return {
    between(before, after, by) {
      const name = `${before} ${after} ${by}`
      const difference = kept.get(name) ?? compute(name, before, after, by)
      kept.delete(name)
      kept.set(name, difference)
      difference.catch(() => forget(name))
      return difference
    },
  }
}
