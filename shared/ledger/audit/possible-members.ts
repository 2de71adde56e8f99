/**
 * A Bloom filter of fixed size: answers that a text was certainly never added, or may have been. The more texts were added, the more often the answer
 * is "may". Its bits are chosen by a keyed hash.
 */
import { hash } from 'node:crypto'

export interface PossibleMembers {
  readonly key: Uint8Array
  readonly bits: Uint8Array
}

const bitCount = 2 ** 21

export const noBits = (): Uint8Array => new Uint8Array(bitCount / 8)

export function addMember({ key, bits }: PossibleMembers, text: string): void {
  for (const { byte, mask } of placesOf(key, text)) bits[byte] = (bits[byte] ?? 0) | mask
}

/** The bits of filters with the same key, as one filter. */
export function joinedMembers(filters: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint32Array(bitCount / 32)
  // Words and no iterator, because a self-audit does this after every part, and a byte at a time was most of its work on a small ledger.
  for (const bits of filters) {
    const isAligned = bits.byteOffset % joined.BYTES_PER_ELEMENT === 0
    const { buffer, byteOffset } = isAligned ? bits : new Uint8Array(bits)
    const words = new Uint32Array(buffer, byteOffset, joined.length)
    for (let i = 0; i < joined.length; i++) joined[i] = (joined[i] ?? 0) | (words[i] ?? 0)
  }
  return new Uint8Array(joined.buffer)
}

export function mayHaveMember({ key, bits }: PossibleMembers, text: string): boolean {
  return placesOf(key, text).every(({ byte, mask }) => ((bits[byte] ?? 0) & mask) !== 0)
}

function placesOf(key: Uint8Array, text: string): { readonly byte: number; readonly mask: number }[] {
  const digest = hash('sha256', Buffer.concat([key, Buffer.from(text)]), 'buffer')
  return [0, 4, 8].map((at) => {
    const bit = digest.readUInt32BE(at) % bitCount
    return { byte: bit >> 3, mask: 1 << (bit & 7) }
  })
}
