/** RFC 9162 section 2.1, written down as the RFC defines it: recursive, over the leaves themselves, with hashing of its own. */
import { createHash } from 'node:crypto'

export function naiveHash(...parts: readonly Uint8Array[]): Uint8Array {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return new Uint8Array(hash.digest())
}

/** The entry of a leaf index in these tests. */
export function entryOf(index: number): Uint8Array {
  return new TextEncoder().encode(`entry ${index}`)
}

export class NaiveTree {
  readonly #known = new Map<string, Uint8Array>()

  /** MTH(D[start:end]). */
  root(start: number, end: number): Uint8Array {
    const key = `${start}:${end}`
    const known = this.#known.get(key)
    if (known) return known
    const hash = this.#root(start, end)
    this.#known.set(key, hash)
    return hash
  }

  #root(start: number, end: number): Uint8Array {
    if (start === end) return naiveHash()
    if (end - start === 1) return naiveHash(Uint8Array.of(0), entryOf(start))
    const middle = start + split(end - start)
    return naiveHash(Uint8Array.of(1), this.root(start, middle), this.root(middle, end))
  }

  /** PATH(m, D[start:end]), m relative to start. */
  path(m: number, start: number, end: number): Uint8Array[] {
    if (end - start === 1) return []
    const k = split(end - start)
    return m < k
      ? [...this.path(m, start, start + k), this.root(start + k, end)]
      : [...this.path(m - k, start + k, end), this.root(start, start + k)]
  }

  /** PROOF(m, D_n); empty from an empty tree. */
  proof(m: number, n: number): Uint8Array[] {
    return m === 0 ? [] : this.#subproof(m, 0, n, true)
  }

  #subproof(m: number, start: number, end: number, whole: boolean): Uint8Array[] {
    if (m === end - start) return whole ? [] : [this.root(start, end)]
    const k = split(end - start)
    return m <= k
      ? [...this.#subproof(m, start, start + k, whole), this.root(start + k, end)]
      : [...this.#subproof(m - k, start + k, end, false), this.root(start, start + k)]
  }
}

/** The largest power of two smaller than n. */
function split(n: number): number {
  return 2 ** Math.floor(Math.log2(n - 1))
}

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}

/** A copy with one bit changed. */
export function flipped(bytes: Uint8Array, bit: number): Uint8Array {
  const copy = new Uint8Array(bytes)
  const at = Math.floor(bit / 8) % copy.length
  copy[at] = (copy[at] ?? 0) ^ (1 << (bit % 8))
  return copy
}
