/**
 * How much a TC string asks of whoever decodes it. Its ranges of vendors are a few bytes each, and the library writes out every
 * vendor: 8 KB could stand for a hundred million, and publisher restrictions cost it the square of that. So the bits are walked
 * first: what does not hold together, or says more than there are vendors, is not decoded; restrictions, of which nothing is
 * recorded, are left out.
 *
 *   core                213 bits ‖ vendors with consent ‖ vendors with legitimate interest ‖ restrictions
 *   disclosed, allowed  3 bits ‖ vendors
 *   vendors             16 bits greatest id ‖ 0 ‖ a bit for each id       or   16 bits ‖ 1 ‖ 12 bits how many ranges ‖ ranges
 *   range               0 ‖ 16 bits id                                    or   1 ‖ 16 bits first id ‖ 16 bits last id
 *   restrictions        12 bits how many ‖ each: 6 bits purpose, 2 bits type, 12 bits how many ranges ‖ ranges
 */
import { Base64Url } from '@iabtcf/core'

const coreFieldBits = 213
const segmentTypeBits = 3
/** Ids have 16 bits; in its first eight years IAB gave away some 1,500 of them. */
const maxVendors = 16_384

/** The core segment without publisher restrictions. */
export function boundedCore(segment: string): string {
  const bits = Base64Url.decode(segment)
  const end = vendorsEnd(bits, vendorsEnd(bits, coreFieldBits))
  restrictionsEnd(bits, end)
  return Base64Url.encode(`${bits.slice(0, end)}${'0'.repeat(12)}`)
}

/** Throws for a segment of vendors that is not to be decoded. */
export function checkVendors(segment: string): void {
  vendorsEnd(Base64Url.decode(segment), segmentTypeBits)
}

function vendorsEnd(bits: string, start: number): number {
  const listed = start + 17
  if (number(bits, start + 16, 1) === 1) return rangesEnd(bits, listed)
  const end = listed + number(bits, start, 16)
  if (end > bits.length) throw new RangeError('fewer vendors than announced')
  return end
}

function restrictionsEnd(bits: string, start: number): number {
  let at = start + 12
  for (let left = number(bits, start, 12); left > 0; left -= 1) at = rangesEnd(bits, at + 8)
  return at
}

function rangesEnd(bits: string, start: number): number {
  let at = start + 12
  let vendors = 0
  for (let left = number(bits, start, 12); left > 0; left -= 1) {
    const isRange = number(bits, at, 1) === 1
    const first = number(bits, at + 1, 16)
    const last = isRange ? number(bits, at + 17, 16) : first
    vendors += last - first + 1
    if (last < first || vendors > maxVendors) throw new RangeError('ranges that no vendors have')
    at += isRange ? 33 : 17
  }
  return at
}

function number(bits: string, at: number, length: number): number {
  if (at + length > bits.length) throw new RangeError('shorter than announced')
  return Number.parseInt(bits.slice(at, at + length), 2)
}
