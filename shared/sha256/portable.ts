/** SHA-256 in JavaScript. `#sha256` is this file in browsers. */
export { sha256 } from '@noble/hashes/sha2.js'
