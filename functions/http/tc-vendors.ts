/**
 * Reads the vendors of a TC string as ranges of ids. IAB's library expands every vendor of a range: 83 characters can stand for 49,000
 * vendors, and publisher restrictions take quadratic time. So vendors are read here, in time linear in the string, and the library gets a
 * core without vendors and restrictions. Throws `RangeError` for bits that break the layout below or list more than `maxVendors`.
 *
 *   core                213 bits ‖ vendors with consent ‖ vendors with legitimate interest ‖ restrictions
 *   disclosed, allowed  3 bits ‖ vendors
 *   vendors             16 bits greatest id ‖ 0 ‖ a bit for each id       or   16 bits ‖ 1 ‖ 12 bits how many ranges ‖ ranges
 *   range               0 ‖ 16 bits id                                    or   1 ‖ 16 bits first id ‖ 16 bits last id
 *   restrictions        12 bits how many ‖ each: 6 bits purpose, 2 bits type, 12 bits how many ranges ‖ ranges
 */
import { Base64Url } from '@iabtechlabtcf/core'

/** Inclusive ranges of ids, which count from 1; ascending, with a gap between neighbours. */
export type Vendors = readonly (readonly [first: number, last: number])[]

const coreFieldBits = 213
const segmentTypeBits = 3
/** Ids have 16 bits. In eight years IAB has assigned about 1,500. */
const maxVendors = 16_384
/** Bits for no vendors with consent, none with legitimate interest, and no restrictions. */
const noVendors = '0'.repeat(17 + 17 + 12)

export interface CoreVendors {
  readonly consent: Vendors
  readonly legitimateInterest: Vendors
  /** The same core, with no vendors and no restrictions. */
  readonly emptied: string
}

export function readCore(segment: string): CoreVendors {
  const bits = Base64Url.decode(segment)
  const consent = vendorsAt(bits, coreFieldBits)
  const legitimateInterest = vendorsAt(bits, consent.end)
  let at = legitimateInterest.end + 12
  for (let left = number(bits, legitimateInterest.end, 12); left > 0; left -= 1) at = rangesAt(bits, at + 8).end
  return {
    consent: consent.vendors,
    legitimateInterest: legitimateInterest.vendors,
    emptied: Base64Url.encode(bits.slice(0, coreFieldBits) + noVendors),
  }
}

/** `segment`: one of type disclosed vendors or allowed vendors. */
export function readVendors(segment: string): Vendors {
  return vendorsAt(Base64Url.decode(segment), segmentTypeBits).vendors
}

export function countOf(vendors: Vendors): number {
  return vendors.reduce((sum, [first, last]) => sum + last - first + 1, 0)
}

/** How many of `vendors` are not in `among`. */
export function countMissing(vendors: Vendors, among: Vendors): number {
  const both = united([...vendors, ...among].map(([first, last]) => [first, last]))
  return countOf(both) - countOf(among)
}

interface Read {
  readonly vendors: Vendors
  readonly end: number
}

function vendorsAt(bits: string, start: number): Read {
  const listed = start + 17
  if (number(bits, start + 16, 1) === 1) return rangesAt(bits, listed)
  const end = listed + number(bits, start, 16)
  if (end > bits.length) throw new RangeError('fewer vendors than announced')
  const runs = bits.slice(listed, end).matchAll(/1+/g)
  return { vendors: [...runs].map(({ 0: run, index }) => [index + 1, index + run.length]), end }
}

function rangesAt(bits: string, start: number): Read {
  const ranges: [number, number][] = []
  let at = start + 12
  let vendors = 0
  for (let left = number(bits, start, 12); left > 0; left -= 1) {
    const isRange = number(bits, at, 1) === 1
    const first = number(bits, at + 1, 16)
    const last = isRange ? number(bits, at + 17, 16) : first
    vendors += last - first + 1
    if (first === 0 || last < first || vendors > maxVendors) throw new RangeError('ranges that no vendors have')
    ranges.push([first, last])
    at += isRange ? 33 : 17
  }
  return { vendors: united(ranges), end: at }
}

function united(ranges: readonly [number, number][]): Vendors {
  const joined: [number, number][] = []
  for (const [first, last] of ranges.toSorted((a, b) => a[0] - b[0])) {
    const before = joined.at(-1)
    if (before !== undefined && first <= before[1] + 1) before[1] = Math.max(before[1], last)
    else joined.push([first, last])
  }
  return joined
}

function number(bits: string, at: number, length: number): number {
  if (at + length > bits.length) throw new RangeError('shorter than announced')
  return Number.parseInt(bits.slice(at, at + length), 2)
}
