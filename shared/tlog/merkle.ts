/**
 * The Merkle tree of RFC 9162 section 2.1 with SHA-256: leaf = H(0x00 || entry), node = H(0x01 || left || right), the empty
 * tree's root = H(""). Sizes and indexes are numbers up to 2^53 - 1 and no bitwise operator may touch them, because it would cut them to
 * 32 bits. Hashes are 32 bytes; they are shared between callers, so never write into one.
 */
import { sha256 } from '#sha256'
import { checkNumber } from './encoding.ts'
import { TlogError } from './tlog-error.ts'

export type Hash = Uint8Array

export const hashLength = 32

/** Reused by every call. Filled and hashed without an await in between, and no view of either leaves this file. */
const nodeScratch = new Uint8Array(1 + 2 * hashLength)
nodeScratch[0] = 0x01
const leafScratch = new Uint8Array(1 + 16_384)

export const emptyRoot: Hash = sha256(new Uint8Array(0))

export function leafHash(entry: Uint8Array): Hash {
  const prefixed = entry.length < leafScratch.length ? leafScratch : new Uint8Array(1 + entry.length)
  prefixed.set(entry, 1)
  return sha256(prefixed.subarray(0, 1 + entry.length))
}

/** The lengths are checked because a short hash would leave bytes of an earlier call in the buffer. */
export function nodeHash(left: Hash, right: Hash): Hash {
  if (left.length !== hashLength || right.length !== hashLength)
    throw new TlogError('malformed-proof', `hashes of ${left.length} and ${right.length} bytes; a hash has 32`)
  nodeScratch.set(left, 1)
  nodeScratch.set(right, 1 + hashLength)
  return sha256(nodeScratch)
}

/** The part of a tree that appending needs: the root of one perfect subtree for each 1 in the size's binary digits, largest first. */
export interface CompactRange {
  readonly size: number
  readonly hashes: readonly Hash[]
}

export const emptyRange: CompactRange = { size: 0, hashes: [] }

export function appendLeaves(range: CompactRange, leaves: readonly Hash[]): CompactRange {
  checkRange(range)
  checkNumber(range.size + leaves.length, 'the size of the tree')
  const hashes = [...range.hashes]
  let size = range.size
  for (const leaf of leaves) {
    if (leaf.length !== hashLength)
      throw new TlogError('out-of-range', `a leaf hash of ${leaf.length} bytes; a hash has 32`)
    let root = leaf
    for (let rest = size; rest % 2 === 1; rest = (rest - 1) / 2) {
      const left = hashes.pop()
      if (left) root = nodeHash(left, root)
    }
    hashes.push(root)
    size++
  }
  return { size, hashes }
}

/** The root of the tree: the perfect subtrees folded from the right. */
export function rootOf(range: CompactRange): Hash {
  checkRange(range)
  return range.size === 0 ? emptyRoot : foldRight(range.hashes)
}

/** The root over neighbouring subtrees, largest first, as at the right edge of a tree. */
export function foldRight(hashes: readonly Hash[]): Hash {
  const last = hashes.at(-1)
  if (!last) throw new TlogError('out-of-range', 'no hashes to fold')
  let root = last
  for (const left of hashes.slice(0, -1).reverse()) root = nodeHash(left, root)
  return root
}

/** Throws unless the range has one hash of 32 bytes for each 1 in the size's binary digits. */
export function checkRange(range: CompactRange): void {
  checkNumber(range.size, 'the size of a compact range')
  let ones = 0
  for (let rest = range.size; rest > 0; rest = Math.floor(rest / 2)) ones += rest % 2
  if (range.hashes.length !== ones)
    throw new TlogError(
      'out-of-range',
      `a compact range of size ${range.size} has ${ones} hashes, not ${range.hashes.length}`,
    )
  if (range.hashes.some((hash) => hash.length !== hashLength))
    throw new TlogError('out-of-range', 'a compact range has a hash that is not 32 bytes long')
}
