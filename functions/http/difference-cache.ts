/**
 * Differences of texts that were asked for lately, by the hashes of the texts: whoever asks again, a thousand times at once, has them
 * computed once. The oldest make room, so that what is kept stays within a bound. Texts never change, so nothing here can be stale.
 */
import { type TextDifference, textDifference } from '../../shared/consent/text-difference.ts'

/** Characters of the texts whose differences are kept. */
const maxKept = 8_000_000

export interface DifferenceCache {
  /** `before` and `after` are SHA-256 in hex. */
  between(before: string, after: string, by: 'lines' | 'words'): Promise<readonly TextDifference[]>
}

export function differenceCache(readText: (sha256: string) => Promise<string>, max = maxKept): DifferenceCache {
  /** The one that was asked for last is last. */
  const kept = new Map<string, Promise<readonly TextDifference[]>>()
  /** Of those whose texts have been read. */
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
