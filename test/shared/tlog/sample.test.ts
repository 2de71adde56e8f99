/** Random samples of a log: the stated bytes, against a second implementation; every index equally likely; bounds. */
import { createHmac } from 'node:crypto'
import { describe, expect, it, test } from 'vitest'
import { drawSample, maxSample } from '../../../shared/tlog/sample.ts'
import { TlogError } from '../../../shared/tlog/tlog-error.ts'

const bytes = (length: number, first: number) => Uint8Array.from({ length }, (_, i) => (first + i) % 256)
const root = bytes(32, 7)

/** Written from the description alone, and slow: a hexadecimal message, and Node's HMAC. */
function naiveSample(size: number, seed: Uint8Array, count: number, ofRoot = root): number[] {
  const big = (number: number) => number.toString(16).padStart(16, '0')
  const found: number[] = []
  for (let n = 0; found.length < count; n++) {
    const message =
      Buffer.from('consent-ledger/sample/v1').toString('hex') + big(size) + Buffer.from(ofRoot).toString('hex') + big(n)
    const mac = createHmac('sha256', seed).update(Buffer.from(message, 'hex')).digest('hex')
    const candidate = BigInt(`0x${mac.slice(0, 16)}`)
    if (candidate >= (2n ** 64n / BigInt(size)) * BigInt(size)) continue
    const index = Number(candidate % BigInt(size))
    if (!found.includes(index)) found.push(index)
  }
  return found
}

/** Frozen: a change of the algorithm changes samples that were handed out. */
test.each([
  [1, 16, 1, [0]],
  [1000, 16, 5, [796, 679, 287, 417, 368]],
  [123_456_789, 32, 4, [21_480_415, 50_422_171, 75_888_003, 24_217_483]],
])('of %i leaves with a seed of %i bytes, %i', (size, seedBytes, count, expected) => {
  expect(drawSample({ size, root, seed: bytes(seedBytes, 0), count })).toEqual(expected)
})

it('is what the second implementation draws', () => {
  for (const [i, size] of [1, 2, 3, 7, 100, 256, 257, 65_536, 1e9 + 7, 2 ** 53 - 1].entries()) {
    const seed = bytes(16 + 5 * i, i)
    const count = Math.min(size, 1 + 11 * i)
    expect(drawSample({ size, root, seed, count })).toEqual(naiveSample(size, seed, count))
  }
})

it('draws all of a small tree, each once, and a smaller sample is the beginning of a larger one', () => {
  const all = drawSample({ size: maxSample, root, seed: bytes(16, 3), count: maxSample })
  expect(all.toSorted((a, b) => a - b)).toEqual(Array.from({ length: maxSample }, (_, i) => i))
  expect(drawSample({ size: maxSample, root, seed: bytes(16, 3), count: 10 })).toEqual(all.slice(0, 10))
})

describe('each of its inputs', () => {
  const one = { size: 1000, root, seed: bytes(16, 0), count: 20 }
  it.each([
    ['size', { size: 1001 }],
    ['root', { root: bytes(32, 8) }],
    ['seed', { seed: bytes(16, 1) }],
  ])('%s decides', (_, more) => {
    expect(drawSample({ ...one, ...more })).not.toEqual(drawSample(one))
  })
})

/** The quantiles of χ² at 1 in 10,000, for that many degrees of freedom. The seeds are fixed, so each run has the same outcome. */
test.each([
  [10, 33.72],
  [37, 76.4],
  [100, 160.06],
])('every one of %i leaves is equally likely, at every place of the sample', (size, quantile) => {
  const draws = 2_000
  const count = 3
  const places = Array.from({ length: count }, () => new Array<number>(size).fill(0))
  for (let n = 0; n < draws; n++) {
    const seed = new Uint8Array(16)
    new DataView(seed.buffer).setUint32(0, n)
    const drawn = drawSample({ size, root, seed, count })
    expect(new Set(drawn).size).toBe(count)
    for (const [place, seen] of places.entries()) {
      const index = drawn[place] ?? Number.NaN
      seen[index] = (seen[index] ?? 0) + 1
    }
  }
  const expected = draws / size
  for (const seen of places)
    expect(seen.reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0)).toBeLessThan(quantile)
})

it.each([
  ['no leaves', { size: 0 }],
  ['more than there are', { size: 4 }],
  ['too many', { count: maxSample + 1 }],
  ['none', { count: 0 }],
  ['half of one', { count: 1.5 }],
  ['a short root', { root: bytes(31, 0) }],
  ['a short seed', { seed: bytes(15, 0) }],
  ['a long seed', { seed: bytes(65, 0) }],
  ['a size that is no number', { size: Number.NaN }],
])('refuses %s', (_, more) => {
  expect(() => drawSample({ size: 1000, root, seed: bytes(16, 0), count: 5, ...more })).toThrow(TlogError)
})
