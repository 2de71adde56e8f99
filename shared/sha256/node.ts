/** SHA-256 where there is Node: `#sha256` is this file there, and `portable.ts` everywhere else. */
import { hash } from 'node:crypto'

export function sha256(bytes: Uint8Array): Uint8Array {
  return hash('sha256', bytes, 'buffer')
}
