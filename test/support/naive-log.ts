/**
 * The log as RFC 9162 and tlog-tiles define it, computed the slow way and from nothing but the leaves: it shares no code with
 * `shared/tlog` and `shared/ledger`, so that what those wrote can be held against it.
 */
import { hash } from 'node:crypto'

const sha256 = (...parts: readonly Uint8Array[]): Buffer => hash('sha256', Buffer.concat(parts), 'buffer')

/** The same few leaves come up in thousands of logs. */
const leafHashes = new Map<string, Buffer>()

function leafHashOf(leaf: string): Buffer {
  const known = leafHashes.get(leaf) ?? sha256(Buffer.of(0), Buffer.from(leaf))
  if (leafHashes.size < 2000) leafHashes.set(leaf, known)
  return known
}

export interface NaiveLog {
  readonly size: number
  /** Root of the tree of the first `size` leaves. */
  root(size: number): Buffer
  /** The bytes of a tile of this width. */
  tile(level: number, index: number, width: number): Buffer
  bundle(index: number, width: number): Buffer
}

export function naiveLog(leaves: readonly string[]): NaiveLog {
  const hashes = leaves.map(leafHashOf)
  const perfect = new Map<string, Buffer>()

  /** MTH of RFC 9162 section 2.1.1, for the leaves of [from, to). Subtrees that no later leaf changes are kept. */
  function subtree(from: number, to: number): Buffer {
    const count = to - from
    if (count === 0) return sha256()
    if (count === 1) return hashes[from] ?? Buffer.alloc(0)
    const name = `${from}-${to}`
    const known = perfect.get(name)
    if (known) return known
    let half = 1
    while (half * 2 < count) half *= 2
    const root = sha256(Buffer.of(1), subtree(from, from + half), subtree(from + half, to))
    if (half * 2 === count) perfect.set(name, root)
    return root
  }

  return {
    size: leaves.length,
    root: (size) => subtree(0, size),
    tile(level, index, width) {
      const span = 256 ** level
      const first = index * 256
      return Buffer.concat(Array.from({ length: width }, (_, i) => subtree((first + i) * span, (first + i + 1) * span)))
    },
    bundle(index, width) {
      const parts = leaves.slice(index * 256, index * 256 + width).map((leaf) => {
        const bytes = Buffer.from(leaf)
        return Buffer.concat([Buffer.of(bytes.length >> 8, bytes.length & 255), bytes])
      })
      return Buffer.concat(parts)
    },
  }
}
