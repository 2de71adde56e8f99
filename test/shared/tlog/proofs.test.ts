import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { consistencyNodes, consistencyProof, verifyConsistency } from '../../../shared/tlog/consistency.ts'
import { inclusionNodes, inclusionProof, type NodeId, verifyInclusion } from '../../../shared/tlog/inclusion.ts'
import { type CompactRange, emptyRoot, leafHash, nodeHash, rootOf } from '../../../shared/tlog/merkle.ts'
import { entryOf, flipped, hex, NaiveTree } from './naive-tree.ts'
import { refusal } from './refusal.ts'

const max = 300
const { stackTraceLimit } = Error

// Refusals by the million: their stack traces are most of what each costs.
beforeAll(() => {
  Error.stackTraceLimit = 0
})
afterAll(() => {
  Error.stackTraceLimit = stackTraceLimit
})

const tree = new NaiveTree()
const node = ({ level, index }: NodeId): Uint8Array => tree.root(index * 2 ** level, (index + 1) * 2 ** level)
const leaf = (index: number): Uint8Array => tree.root(index, index + 1)
const sizes = Array.from({ length: max + 1 }, (_, size) => size)

/** Spoiled versions of a proof: each hash with a bit flipped, cut at either end, lengthened at either end. */
function spoiled(proof: readonly Uint8Array[], salt: number): Uint8Array[][] {
  const other = leaf(max + 1)
  const flips = proof.map((hash, at) => proof.with(at, flipped(hash, (salt * 37 + at * 5) % 256)))
  const cuts = proof.length > 0 ? [proof.slice(1), proof.slice(0, -1)] : []
  return [...flips, ...cuts, [...proof, other], [other, ...proof]]
}

describe('inclusion proofs', () => {
  it(`equal the naive path for every leaf of every tree up to ${max}, and verify`, () => {
    let proofs = 0
    for (const size of sizes)
      for (let index = 0; index < size; index++, proofs++) {
        const proof = inclusionProof(index, size, node)
        if (proof.map(hex).join() !== tree.path(index, 0, size).map(hex).join())
          expect.fail(`the proof of ${index} in ${size} is not the RFC's`)
        verifyInclusion(index, size, leaf(index), proof, tree.root(0, size))
      }
    expect(proofs).toBe((max * (max + 1)) / 2)
  })

  it('are refused when any hash is changed, and when cut or lengthened', () => {
    for (const size of sizes)
      for (let index = 0; index < size; index++)
        for (const proof of spoiled(tree.path(index, 0, size), index + size))
          if (refusal(() => verifyInclusion(index, size, leaf(index), proof, tree.root(0, size))) !== 'proof-mismatch')
            expect.fail(`a spoiled proof of ${index} in ${size} verifies`)
  })

  it('are refused for another index, another size, another leaf', () => {
    for (const size of [1, 2, 3, 7, 8, 9, 31, 32, 33, 64, 65])
      for (let index = 0; index < size; index++) {
        const proof = tree.path(index, 0, size)
        const root = tree.root(0, size)
        for (let other = 0; other < size; other++) {
          if (other === index) continue
          expect(refusal(() => verifyInclusion(other, size, leaf(index), proof, root))).toBe('proof-mismatch')
          expect(refusal(() => verifyInclusion(index, size, leaf(other), proof, root))).toBe('proof-mismatch')
        }
        for (let other = index + 1; other <= 70; other++)
          if (other !== size)
            expect(refusal(() => verifyInclusion(index, other, leaf(index), proof, tree.root(0, other)))).toBe(
              'proof-mismatch',
            )
        expect(refusal(() => verifyInclusion(size, size, leaf(index), proof, root))).toBe('out-of-range')
      }
  })

  it.each([
    [0, 0],
    [1, 1],
    [-1, 5],
    [0.5, 5],
    [5, 2 ** 53],
    [2 ** 53, 2 ** 53],
    [2 ** 32 + 1, 2 ** 32],
    [2 ** 32 + 2, 5],
    [Number.NaN, 5],
    [0, Number.POSITIVE_INFINITY],
  ])('refuse leaf %d of %d', (index, size) => {
    expect(refusal(() => inclusionNodes(index, size))).toBe('out-of-range')
    expect(refusal(() => verifyInclusion(index, size, leaf(0), [], leaf(0)))).toBe('out-of-range')
  })

  it('refuse hashes of other lengths, and more of them than any tree needs', () => {
    for (const length of [0, 31, 33]) {
      const odd = new Uint8Array(length)
      expect(refusal(() => verifyInclusion(0, 2, leaf(0), [odd], tree.root(0, 2)))).toBe('malformed-proof')
      expect(refusal(() => verifyInclusion(0, 2, odd, [leaf(1)], tree.root(0, 2)))).toBe('malformed-proof')
      expect(refusal(() => verifyInclusion(0, 2, leaf(0), [leaf(1)], odd))).toBe('proof-mismatch')
    }
    const many = Array.from({ length: 65 }, () => leaf(1))
    expect(refusal(() => verifyInclusion(0, 2 ** 52, leaf(0), many, leaf(0)))).toBe('malformed-proof')
  })
})

describe('consistency proofs', () => {
  it(`equal the naive proof for every prefix of every tree up to ${max}, and verify`, () => {
    for (const newSize of sizes)
      for (let oldSize = 0; oldSize <= newSize; oldSize++) {
        const proof = consistencyProof(oldSize, newSize, node)
        if (proof.map(hex).join() !== tree.proof(oldSize, newSize).map(hex).join())
          expect.fail(`the proof from ${oldSize} to ${newSize} is not the RFC's`)
        verifyConsistency(oldSize, newSize, tree.root(0, oldSize), tree.root(0, newSize), proof)
      }
  })

  it('are refused when any hash is changed, and when cut or lengthened', () => {
    for (const newSize of sizes)
      for (let oldSize = 0; oldSize <= newSize; oldSize++)
        for (const proof of spoiled(tree.proof(oldSize, newSize), oldSize + newSize))
          if (!refused(oldSize, newSize, tree.root(0, oldSize), tree.root(0, newSize), proof))
            expect.fail(`a spoiled proof from ${oldSize} to ${newSize} verifies`)
  })

  it('are refused for another root, and another size with that size`s root', () => {
    for (const newSize of [1, 2, 3, 7, 8, 9, 31, 32, 33, 64, 65])
      for (let oldSize = 1; oldSize < newSize; oldSize++) {
        const [oldRoot, newRoot] = [tree.root(0, oldSize), tree.root(0, newSize)]
        const proof = tree.proof(oldSize, newSize)
        expect(refused(oldSize, newSize, flipped(oldRoot, newSize), newRoot, proof)).toBe(true)
        expect(refused(oldSize, newSize, oldRoot, flipped(newRoot, oldSize), proof)).toBe(true)
        for (let other = oldSize; other <= 70; other++)
          if (other !== newSize) expect(refused(oldSize, other, oldRoot, tree.root(0, other), proof)).toBe(true)
        for (let other = 1; other < newSize; other++)
          if (other !== oldSize) expect(refused(other, newSize, tree.root(0, other), newRoot, proof)).toBe(true)
      }
  })

  it('from nothing, and between equal sizes, are empty and bind what they can', () => {
    const root = tree.root(0, 5)
    verifyConsistency(0, 5, emptyRoot, root, [])
    verifyConsistency(0, 0, emptyRoot, emptyRoot, [])
    verifyConsistency(5, 5, root, root, [])
    expect(refused(0, 5, root, root, [])).toBe(true)
    expect(refused(0, 5, emptyRoot, root, [root])).toBe(true)
    expect(refused(5, 5, root, tree.root(0, 6), [])).toBe(true)
    expect(refused(5, 5, root, root, [root])).toBe(true)
    expect(refused(0, 0, emptyRoot, root, [])).toBe(true)
  })

  it.each([
    [2, 1],
    [-1, 1],
    [1, 1.5],
    [1, 2 ** 53],
    [2 ** 32, 5],
    [Number.NaN, Number.NaN],
  ])('refuse a log from %d to %d', (oldSize, newSize) => {
    expect(refusal(() => consistencyNodes(oldSize, newSize))).toBe('out-of-range')
    expect(refusal(() => verifyConsistency(oldSize, newSize, leaf(0), leaf(0), []))).toBe('out-of-range')
  })

  it('refuse hashes of other lengths, and more of them than any tree needs', () => {
    const odd = new Uint8Array(31)
    expect(refusal(() => verifyConsistency(1, 2, leaf(0), tree.root(0, 2), [odd]))).toBe('malformed-proof')
    const many = Array.from({ length: 129 }, () => leaf(1))
    expect(refusal(() => verifyConsistency(3, 2 ** 52, leaf(0), leaf(0), many))).toBe('malformed-proof')
  })

  function refused(
    oldSize: number,
    newSize: number,
    oldRoot: Uint8Array,
    newRoot: Uint8Array,
    proof: readonly Uint8Array[],
  ): boolean {
    return refusal(() => verifyConsistency(oldSize, newSize, oldRoot, newRoot, proof)) === 'proof-mismatch'
  }
})

/** Trees too large to hold: every leaf is the same, but the one under test, so each perfect subtree is known by its level. */
describe('past 32 bits', () => {
  const plain = [leafHash(entryOf(0))]
  const at = (level: number): Uint8Array => plain[level] ?? new Uint8Array(0)
  for (let level = 1; level <= 53; level++) plain.push(nodeHash(at(level - 1), at(level - 1)))

  /** A tree of equal leaves but for leaf `special`. */
  const nodeWith =
    (special: number) =>
    ({ level, index }: NodeId): Uint8Array => {
      if (level === 0) return index === special ? leafHash(entryOf(1)) : at(0)
      if (Math.floor(special / 2 ** level) !== index) return at(level)
      const child = nodeWith(special)
      return nodeHash(child({ level: level - 1, index: index * 2 }), child({ level: level - 1, index: index * 2 + 1 }))
    }

  const rootWith = (special: number, size: number): Uint8Array => {
    const hashes: Uint8Array[] = []
    let start = 0
    for (let level = 52; level >= 0; level--)
      if (start + 2 ** level <= size) {
        hashes.push(nodeWith(special)({ level, index: start / 2 ** level }))
        start += 2 ** level
      }
    const range: CompactRange = { size, hashes }
    return rootOf(range)
  }

  it.each([
    [0, 2 ** 32, 32],
    [2 ** 32 - 1, 2 ** 32, 32],
    [2 ** 31, 2 ** 32, 32],
    [0, 2 ** 32 + 5, 33],
    [2 ** 32 - 1, 2 ** 32 + 5, 33],
    [2 ** 32, 2 ** 32 + 5, 4],
    [2 ** 32 + 2, 2 ** 32 + 5, 4],
    [2 ** 32 + 4, 2 ** 32 + 5, 2],
    [2 ** 52 + 12_345, 2 ** 53 - 1, 53],
    [2 ** 53 - 2, 2 ** 53 - 1, 52],
  ])('leaf %d of %d has a proof of %d hashes, good at no index cut to 32 bits', (index, size, count) => {
    const proof = inclusionProof(index, size, nodeWith(index))
    const special = leafHash(entryOf(1))
    const root = rootWith(index, size)
    expect(proof.length).toBe(count)
    verifyInclusion(index, size, special, proof, root)
    const cut = index % 2 ** 32
    if (cut !== index) expect(refusal(() => verifyInclusion(cut, size, special, proof, root))).toBe('proof-mismatch')
    if (index < size % 2 ** 32)
      expect(refusal(() => verifyInclusion(index, size % 2 ** 32, special, proof, root))).toBe('proof-mismatch')
  })

  it.each([
    [5, 2 ** 32 + 5],
    [2 ** 32, 2 ** 32 + 5],
    [2 ** 32 + 1, 2 ** 32 + 5],
    [2 ** 32 + 4, 2 ** 32 + 5],
    [2 ** 31 + 1, 2 ** 32],
    [2 ** 40 + 7, 2 ** 53 - 1],
  ])('the tree of %d begins that of %d', (oldSize, newSize) => {
    const special = oldSize - 1
    const proof = consistencyProof(oldSize, newSize, nodeWith(special))
    const [oldRoot, newRoot] = [rootWith(special, oldSize), rootWith(special, newSize)]
    verifyConsistency(oldSize, newSize, oldRoot, newRoot, proof)
    const spoiledProof = proof.with(-1, flipped(proof.at(-1) ?? at(0), 7))
    expect(refusal(() => verifyConsistency(oldSize, newSize, oldRoot, newRoot, spoiledProof))).toBe('proof-mismatch')
    const shorter = newSize % 2 ** 32
    if (shorter > oldSize)
      expect(refusal(() => verifyConsistency(oldSize, shorter, oldRoot, newRoot, proof))).toBe('proof-mismatch')
  })
})
