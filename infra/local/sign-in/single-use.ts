/** Things that are handed out under an unguessable name, and given back once, for a while: authorization codes, and requests that wait for an answer. */
import { randomBytes } from 'node:crypto'

export interface SingleUse<T> {
  /** The name under which `take` returns the value. */
  put(value: T): string
  /** The value, once; `undefined` for a name that was used, is too old, or never was. */
  take(name: string): T | undefined
}

/** @param clock monotonic, in milliseconds */
export function singleUse<T>(
  { lifetimeMs, most }: { readonly lifetimeMs: number; readonly most: number },
  clock: () => number = () => performance.now(),
): SingleUse<T> {
  const kept = new Map<string, { readonly value: T; readonly until: number }>()
  return {
    put(value) {
      const now = clock()
      for (const [name, { until }] of kept) if (until <= now || kept.size >= most) kept.delete(name)
      const name = randomBytes(32).toString('base64url')
      kept.set(name, { value, until: now + lifetimeMs })
      return name
    },
    take(name) {
      const found = kept.get(name)
      kept.delete(name)
      return found !== undefined && found.until > clock() ? found.value : undefined
    },
  }
}
