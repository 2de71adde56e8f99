/**
 * The sealed part of an item: the content of an event, a read or an act, or the ground of an erasure.
 *
 *   sealed  format (1) ‖ nonce (12) ‖ AES-256-GCM(packed content ‖ zeros) ‖ tag (16), PK and SK of the item authenticated
 *   format  2: `packed-json.ts`, padded; 1: `payload-format-1.ts`, which is read in older entries and no longer written
 *
 * The length of a sealed payload stays readable after its key is destroyed, so the content is padded to one of few lengths: at least
 * `atLeast`, and above it multiples of 32 bytes or, where that is more, of an eighth of the next lower power of two.
 */
import type { KeyObject } from 'node:crypto'
import { openBytes, sealBytes } from './derived-keys.ts'
import { packJson, unpackJson } from './packed-json.ts'
import { unpackFormat1 } from './payload-format-1.ts'
import type { Key, Randomness } from './store.ts'

const format = 2
const minStep = 32

const payloadContext = (key: Key) => `${key.pk}\n${key.sk}`

/** `atLeast`: the length in bytes to which a shorter content is padded. */
export function sealPayload(content: object, key: KeyObject, at: Key, random: Randomness, atLeast: number): Uint8Array {
  const packed = packJson(content)
  const padded = Buffer.alloc(paddedLength(packed.length, atLeast))
  packed.copy(padded)
  return sealBytes(key, padded, payloadContext(at), random, format)
}

/** Throws when the bytes were sealed under another key or for another item, were changed, or are in no format that is known. */
export function openPayload(sealed: Uint8Array, key: KeyObject, at: Key): object {
  const unpack = sealed[0] === format ? unpackJson : sealed[0] === 1 ? unpackFormat1 : undefined
  if (unpack === undefined) throw new Error(`payload format ${sealed[0]} is not known`)
  const content = unpack(openBytes(key, sealed.subarray(1), payloadContext(at)))
  if (typeof content !== 'object' || content === null) throw new Error('the payload is not a JSON object')
  return content
}

/** Never less than `length`; grows with it. */
function paddedLength(length: number, atLeast: number): number {
  if (length <= atLeast) return atLeast
  const step = Math.max(minStep, 2 ** (Math.floor(Math.log2(length)) - 3))
  return Math.ceil(length / step) * step
}
