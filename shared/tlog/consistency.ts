/**
 * Consistency proofs of RFC 9162 section 2.1.4: the tree of the old size is the beginning of the tree of the new size.
 * From size 0, and between equal sizes, the proof is empty.
 */
import { checkNumber, equalBytes } from './encoding.ts'
import { checkHashes, type NodeId, perfectSubtrees, powerBelow } from './inclusion.ts'
import { emptyRoot, foldRight, type Hash, nodeHash } from './merkle.ts'
import { TlogError } from './tlog-error.ts'

const maxConsistencyHashes = 128

/** For each hash of the proof the perfect subtrees that make it up, largest first. */
export function consistencyNodes(oldSize: number, newSize: number): NodeId[][] {
  checkSizes(oldSize, newSize)
  if (oldSize === 0 || oldSize === newSize) return []
  const path: NodeId[][] = []
  let start = 0
  let end = newSize
  while (end !== oldSize) {
    const middle = start + powerBelow(end - start)
    if (oldSize <= middle) {
      path.push(perfectSubtrees(middle, end))
      end = middle
    } else {
      path.push(perfectSubtrees(start, middle))
      start = middle
    }
  }
  // From the leftmost edge the subtree that both trees end with is the old tree itself, whose root the verifier has.
  if (start > 0) path.push(perfectSubtrees(start, end))
  return path.reverse()
}

export function consistencyProof(oldSize: number, newSize: number, node: (id: NodeId) => Hash): Hash[] {
  return consistencyNodes(oldSize, newSize).map((parts) => foldRight(parts.map(node)))
}

export function verifyConsistency(
  oldSize: number,
  newSize: number,
  oldRoot: Hash,
  newRoot: Hash,
  proof: readonly Hash[],
): void {
  checkSizes(oldSize, newSize)
  checkHashes(proof.slice(0, maxConsistencyHashes), proof.length, maxConsistencyHashes)
  if (oldSize === 0 || oldSize === newSize) {
    const same = oldSize !== newSize || equalBytes(oldRoot, newRoot)
    const empty = oldSize > 0 || equalBytes(oldRoot, emptyRoot)
    if (proof.length > 0 || !same || !empty) throw mismatch(oldSize, newSize)
    return
  }
  const [oldReached, newReached] = rootsFromConsistency(oldSize, newSize, oldRoot, proof)
  if (!equalBytes(oldReached, oldRoot) || !equalBytes(newReached, newRoot)) throw mismatch(oldSize, newSize)
}

/** Both roots rebuilt from the proof; 0 < oldSize < newSize. */
function rootsFromConsistency(
  oldSize: number,
  newSize: number,
  oldRoot: Hash,
  proof: readonly Hash[],
): readonly [Hash, Hash] {
  let position = oldSize - 1
  let last = newSize - 1
  while (position % 2 === 1) {
    position = Math.floor(position / 2)
    last = Math.floor(last / 2)
  }
  // At position 0 the old tree is perfect: its root starts the path, and the prover leaves it out.
  const [first, ...rest] = position === 0 ? [oldRoot, ...proof] : proof
  if (!first) throw mismatch(oldSize, newSize)
  let oldReached = first
  let newReached = first
  for (const hash of rest) {
    if (last === 0) throw mismatch(oldSize, newSize)
    if (position % 2 === 1 || position === last) {
      oldReached = nodeHash(hash, oldReached)
      newReached = nodeHash(hash, newReached)
      while (position % 2 === 0 && position > 0) {
        position /= 2
        last = Math.floor(last / 2)
      }
    } else {
      newReached = nodeHash(newReached, hash)
    }
    position = Math.floor(position / 2)
    last = Math.floor(last / 2)
  }
  if (last !== 0) throw mismatch(oldSize, newSize)
  return [oldReached, newReached]
}

function checkSizes(oldSize: number, newSize: number): void {
  checkNumber(oldSize, 'the old tree size')
  checkNumber(newSize, 'the new tree size')
  if (oldSize > newSize) throw new TlogError('out-of-range', `a log does not shrink from ${oldSize} to ${newSize}`)
}

function mismatch(oldSize: number, newSize: number): TlogError {
  return new TlogError('proof-mismatch', `the proof does not show the tree of ${oldSize} to begin that of ${newSize}`)
}
