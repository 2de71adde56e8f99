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

/** Adds to `into` what was added to a filter with the same key. */
export function addMembers(into: Uint8Array, bits: Uint8Array): void {
  // An iterator would make a pair for each of 262,144 bytes, and a self-audit does this after every part.
  for (let i = 0; i < into.length; i++) into[i] = (into[i] ?? 0) | (bits[i] ?? 0)
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
