import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { sha256 as nodeSha256 } from '../../../shared/sha256/node.ts'
import { sha256 as portableSha256 } from '../../../shared/sha256/portable.ts'
import {
  appendLeaves,
  type CompactRange,
  checkRange,
  emptyRange,
  emptyRoot,
  leafHash,
  nodeHash,
  rootOf,
} from '../../../shared/tlog/merkle.ts'
import { growth } from '../../support/growth.ts'
import { entryOf, hex, NaiveTree, naiveHash } from './naive-tree.ts'
import { refusal } from './refusal.ts'

const classic = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f']
const classicRoots = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
]

function leaves(start: number, end: number): Uint8Array[] {
  return Array.from({ length: end - start }, (_, i) => leafHash(entryOf(start + i)))
}

describe('hashing', () => {
  it('gives the known roots of the eight classic leaves', () => {
    let range = emptyRange
    expect(hex(rootOf(range))).toBe(classicRoots[0])
    classic.forEach((entry, i) => {
      range = appendLeaves(range, [leafHash(Buffer.from(entry, 'hex'))])
      expect(hex(rootOf(range))).toBe(classicRoots[i + 1])
    })
  })

  it.each([0, 1, 55, 64, 16_382, 16_383, 16_384, 16_385, 65_535, 200_000])('hashes an entry of %d bytes', (length) => {
    const entry = new Uint8Array(randomBytes(length))
    leafHash(new Uint8Array(20_000).fill(0xff))
    expect(hex(leafHash(entry))).toBe(hex(naiveHash(Uint8Array.of(0), entry)))
  })

  it('refuses a hash of another length, which would leave bytes of the call before', () => {
    nodeHash(leafHash(entryOf(1)), leafHash(entryOf(2)))
    const hash = leafHash(entryOf(3))
    for (const length of [0, 31, 33]) {
      expect(refusal(() => nodeHash(hash, new Uint8Array(length)))).toBe('malformed-proof')
      expect(refusal(() => nodeHash(new Uint8Array(length), hash))).toBe('malformed-proof')
    }
  })

  it('is not disturbed by its own results being used as input', () => {
    const a = leafHash(entryOf(1))
    const b = leafHash(entryOf(2))
    const ab = nodeHash(a, b)
    expect(hex(nodeHash(ab, nodeHash(b, a)))).toBe(
      hex(naiveHash(Uint8Array.of(1), ab, naiveHash(Uint8Array.of(1), b, a))),
    )
    expect(hex(ab)).toBe(hex(naiveHash(Uint8Array.of(1), a, b)))
  })

  it('is the same with and without Node', () => {
    const lengths = [0, 1, 55, 56, 63, 64, 65, 119, 120, 601, 16_385, 70_000]
    for (const length of [...lengths, ...Array.from({ length: 300 }, (_, i) => i)]) {
      const bytes = new Uint8Array(randomBytes(length))
      expect(hex(portableSha256(bytes))).toBe(hex(nodeSha256(bytes)))
    }
    expect(hex(portableSha256(new Uint8Array(0)))).toBe(hex(emptyRoot))
  })
})

describe('compact ranges', () => {
  const tree = new NaiveTree()

  it('reach the naive root, leaf by leaf, at 0 to 300', () => {
    let range = emptyRange
    for (let size = 0; size <= 300; size++) {
      expect(range.size).toBe(size)
      expect(hex(rootOf(range))).toBe(hex(tree.root(0, size)))
      checkRange(range)
      range = appendLeaves(range, [leafHash(entryOf(size))])
    }
  })

  it('grow by many at once as by one at a time, and leave the old range alone', () => {
    for (let from = 0; from <= 40; from++) {
      const old = appendLeaves(emptyRange, leaves(0, from))
      const before = hex(rootOf(old))
      for (let to = from; to <= 90; to += 7)
        expect(hex(rootOf(appendLeaves(old, leaves(from, to))))).toBe(hex(tree.root(0, to)))
      expect(hex(rootOf(old))).toBe(before)
      expect(old.size).toBe(from)
    }
  })

  it('know sizes past 32 bits', () => {
    const perfect = [leafHash(entryOf(0))]
    const at = (level: number): Uint8Array => perfect[level] ?? new Uint8Array(0)
    for (let level = 1; level <= 53; level++) perfect.push(nodeHash(at(level - 1), at(level - 1)))
    const almost: CompactRange = { size: 2 ** 32 - 1, hashes: Array.from({ length: 32 }, (_, i) => at(31 - i)) }
    const whole = appendLeaves(almost, [at(0)])
    expect(whole).toEqual({ size: 2 ** 32, hashes: [at(32)] })
    const further = appendLeaves(whole, [at(0), at(0), at(0), at(0), at(0)])
    expect(further).toEqual({ size: 2 ** 32 + 5, hashes: [at(32), at(2), at(0)] })
    expect(hex(rootOf(further))).toBe(hex(naiveNode(at(32), naiveNode(at(2), at(0)))))
    const last: CompactRange = { size: 2 ** 53 - 1, hashes: Array.from({ length: 53 }, (_, i) => at(52 - i)) }
    checkRange(last)
    expect(refusal(() => appendLeaves(last, [at(0)]))).toBe('out-of-range')
  })

  it.each([
    ['too few hashes', { size: 3, hashes: [leafHash(entryOf(0))] }],
    ['too many hashes', { size: 2, hashes: leaves(0, 2) }],
    ['hashes of no leaves', { size: 0, hashes: leaves(0, 1) }],
    ['the count of a size cut to 32 bits', { size: 2 ** 32 + 5, hashes: leaves(0, 2) }],
    ['a short hash', { size: 1, hashes: [new Uint8Array(31)] }],
    ['a negative size', { size: -1, hashes: leaves(0, 1) }],
    ['half a leaf', { size: 1.5, hashes: leaves(0, 1) }],
    ['a size past 2^53', { size: 2 ** 53, hashes: leaves(0, 1) }],
    ['no number', { size: Number.NaN, hashes: [] }],
  ])('are refused with %s', (_, range) => {
    expect(refusal(() => checkRange(range))).toBe('out-of-range')
    expect(refusal(() => rootOf(range))).toBe('out-of-range')
    expect(refusal(() => appendLeaves(range, [leafHash(entryOf(9))]))).toBe('out-of-range')
  })

  it('take a hundred thousand leaves at once in linear time', () => {
    const many = repeat(leaves(0, 1000), 100)
    const ratio = growth(10_000, 100_000, (count) => appendLeaves(emptyRange, many.slice(0, count)))
    expect(ratio).toBeLessThan(30)
  })
})

function naiveNode(left: Uint8Array, right: Uint8Array): Uint8Array {
  return naiveHash(Uint8Array.of(1), left, right)
}

function repeat<T>(items: readonly T[], times: number): T[] {
  return Array.from({ length: times }, () => items).flat()
}
