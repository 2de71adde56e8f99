/** SHA-256 of Node. `#sha256` is this file in Node, and `portable.ts` elsewhere. */
import { hash } from 'node:crypto'

/** By way of a string: a digest that Node returns as a buffer has memory of its own, which takes longer to allocate than a node to hash. */
export function sha256(bytes: Uint8Array): Uint8Array {
  return Buffer.from(hash('sha256', bytes, 'binary'), 'latin1')
}
