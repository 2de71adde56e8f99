/**
 * Inclusion proofs of RFC 9162 section 2.1.3: the hashes that lead from a leaf to the root, the leaf's sibling first.
 * A prover reads only perfect subtrees, which never change once complete; a sibling at the right edge is folded from several.
 */
import { checkNumber, equalBytes } from './encoding.ts'
import { foldRight, type Hash, hashLength, nodeHash } from './merkle.ts'
import { TlogError } from './tlog-error.ts'

/** The perfect subtree over the leaves [index * 2^level, (index + 1) * 2^level). */
export interface NodeId {
  readonly level: number
  readonly index: number
}

/** More than any tree of 2^53 - 1 leaves needs. */
export const maxInclusionHashes = 64

/** For each hash of the proof the perfect subtrees that make it up, largest first. */
export function inclusionNodes(index: number, size: number): NodeId[][] {
  checkIndex(index, size)
  const path: NodeId[][] = []
  let start = 0
  let end = size
  for (let half = powerBelow(size); end - start > 1; half = powerBelow(end - start)) {
    const middle = start + half
    if (index < middle) {
      path.push(perfectSubtrees(middle, end))
      end = middle
    } else {
      path.push(perfectSubtrees(start, middle))
      start = middle
    }
  }
  return path.reverse()
}

export function inclusionProof(index: number, size: number, node: (id: NodeId) => Hash): Hash[] {
  return inclusionNodes(index, size).map((parts) => foldRight(parts.map(node)))
}

/** The root that the proof leads to. Compare it with a root that a trusted log signed. */
function rootFromInclusion(index: number, size: number, leafHash: Hash, proof: readonly Hash[]): Hash {
  checkIndex(index, size)
  checkHashes([leafHash, ...proof.slice(0, maxInclusionHashes)], proof.length, maxInclusionHashes)
  let position = index
  let last = size - 1
  let root = leafHash
  for (const hash of proof) {
    if (last === 0) throw new TlogError('proof-mismatch', `${proof.length} hashes are too many for ${index} of ${size}`)
    if (position % 2 === 1 || position === last) {
      root = nodeHash(hash, root)
      while (position % 2 === 0 && position > 0) {
        position /= 2
        last = Math.floor(last / 2)
      }
    } else {
      root = nodeHash(root, hash)
    }
    position = Math.floor(position / 2)
    last = Math.floor(last / 2)
  }
  if (last !== 0) throw new TlogError('proof-mismatch', `${proof.length} hashes are too few for ${index} of ${size}`)
  return root
}

export function verifyInclusion(index: number, size: number, leafHash: Hash, proof: readonly Hash[], root: Hash): void {
  if (!equalBytes(rootFromInclusion(index, size, leafHash, proof), root))
    throw new TlogError('proof-mismatch', `the proof of leaf ${index} does not lead to the root of the tree of ${size}`)
}

function checkIndex(index: number, size: number): void {
  checkNumber(index, 'the leaf index')
  checkNumber(size, 'the tree size')
  if (index >= size) throw new TlogError('out-of-range', `there is no leaf ${index} in a tree of ${size}`)
}

/** Throws for a proof with more hashes than a tree can need, or with one that is not 32 bytes. */
export function checkHashes(hashes: readonly Hash[], count: number, max: number): void {
  if (count > max) throw new TlogError('malformed-proof', `a proof of ${count} hashes; allowed are ${max}`)
  const odd = hashes.find((hash) => hash.length !== hashLength)
  if (odd) throw new TlogError('malformed-proof', `a hash of ${odd.length} bytes in a proof; a hash has 32`)
}

/** The greatest power of two below `n`, or 1. */
export function powerBelow(n: number): number {
  let power = 1
  while (power * 2 < n) power *= 2
  return power
}

/** Splits the leaves [start, end) into perfect subtrees, largest first. `start` must be a multiple of the largest one's width. */
export function perfectSubtrees(start: number, end: number): NodeId[] {
  const nodes: NodeId[] = []
  let at = start
  let level = 53
  for (let width = 2 ** level; at < end; width /= 2, level--) {
    if (at + width > end) continue
    nodes.push({ level, index: at / width })
    at += width
  }
  return nodes
}
