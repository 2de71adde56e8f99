/**
 * Entry bundles (https://c2sp.org/tlog-tiles): the entries under one level-0 tile, each as its length (unsigned 16-bit, big-endian) and its
 * bytes.
 */

import { fullWidth } from './tile.ts'
import { TlogError } from './tlog-error.ts'

const maxEntryBytes = 65_535
const prefixBytes = 2

export function formatBundle(entries: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  checkCount(entries.length)
  const long = entries.find((entry) => entry.length > maxEntryBytes)
  if (long)
    throw new TlogError('malformed-bundle', `an entry of ${long.length} bytes; at most ${maxEntryBytes} fit a bundle`)
  const bytes = new Uint8Array(entries.reduce((length, entry) => length + prefixBytes + entry.length, 0))
  const view = new DataView(bytes.buffer)
  let offset = 0
  for (const entry of entries) {
    view.setUint16(offset, entry.length)
    bytes.set(entry, offset + prefixBytes)
    offset += prefixBytes + entry.length
  }
  return bytes
}

/** Exactly `count` entries, as views of `bytes`. */
export function parseBundle(bytes: Uint8Array, count: number): Uint8Array[] {
  checkCount(count)
  const entries: Uint8Array[] = []
  let offset = 0
  while (entries.length < count) {
    const start = offset + prefixBytes
    if (start > bytes.length) throw cutShort(entries.length, count)
    const end = start + (bytes[offset] ?? 0) * 256 + (bytes[offset + 1] ?? 0)
    if (end > bytes.length) throw cutShort(entries.length, count)
    entries.push(bytes.subarray(start, end))
    offset = end
  }
  if (offset !== bytes.length)
    throw new TlogError('malformed-bundle', `${bytes.length - offset} bytes follow the ${count} entries of a bundle`)
  return entries
}

function cutShort(whole: number, count: number): TlogError {
  return new TlogError('malformed-bundle', `a bundle ends within entry ${whole} of ${count}`)
}

function checkCount(count: number): void {
  if (!Number.isInteger(count) || count < 1 || count > fullWidth)
    throw new TlogError('out-of-range', `a bundle of ${count} entries; allowed are 1 to ${fullWidth}`)
}
