/**
 * The log as RFC 9162 and tlog-tiles define it, computed the slow way and from nothing but the leaves: it shares no code with
 * `shared/tlog` and `shared/ledger`, so that what those wrote can be held against it.
 */
import { hash } from 'node:crypto'

/** Digests are strings of Latin-1, which compare and are found in maps faster than bytes. */
const sha256 = (bytes: Uint8Array): string => hash('sha256', bytes, 'binary')
const bytesOf = (digest: string): Buffer => Buffer.from(digest, 'latin1')

/** The same few leaves, and trees that begin with the same ones, come up in thousands of logs. */
const leafHashes = new Map<string, string>()
const nodeHashes = new Map<string, string>()
const maxKnown = 50_000

const leafHashOf = (leaf: string): string =>
  remembered(leafHashes, leaf, () => sha256(Buffer.concat([Buffer.of(0), Buffer.from(leaf)])))

const nodeHashOf = (left: string, right: string): string =>
  remembered(nodeHashes, left + right, () => sha256(bytesOf(`\x01${left}${right}`)))

function remembered(known: Map<string, string>, name: string, compute: () => string): string {
  const found = known.get(name) ?? compute()
  if (known.size < maxKnown) known.set(name, found)
  return found
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
  const perfect = new Map<string, string>()

  /** MTH of RFC 9162 section 2.1.1, for the leaves of [from, to). Subtrees that no later leaf changes are kept. */
  function subtree(from: number, to: number): string {
    const count = to - from
    if (count === 0) return sha256(Buffer.alloc(0))
    if (count === 1) return hashes[from] ?? ''
    const name = `${from}-${to}`
    const known = perfect.get(name)
    if (known) return known
    let half = 1
    while (half * 2 < count) half *= 2
    const root = nodeHashOf(subtree(from, from + half), subtree(from + half, to))
    if (half * 2 === count) perfect.set(name, root)
    return root
  }

  return {
    size: leaves.length,
    root: (size) => bytesOf(subtree(0, size)),
    tile(level, index, width) {
      const span = 256 ** level
      const first = index * 256
      const digests = Array.from({ length: width }, (_, i) => subtree((first + i) * span, (first + i + 1) * span))
      return bytesOf(digests.join(''))
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
