/** SHA-256 of Node. `#sha256` is this file in Node, and `portable.ts` elsewhere. */
import { hash } from 'node:crypto'

export function sha256(bytes: Uint8Array): Uint8Array {
  return hash('sha256', bytes, 'buffer')
}
