/** SHA-256 where there is no Node: `#sha256` is this file in browsers. */
export { sha256 } from '@noble/hashes/sha2.js'
