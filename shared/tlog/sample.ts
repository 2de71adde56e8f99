/**
 * A random sample of a log. It follows from two inputs, a checkpoint and a seed; only a party that chooses both can steer it.
 *
 *   candidate n   the first 8 bytes of HMAC-SHA256 (RFC 2104), an unsigned integer, big-endian
 *     key         the seed: 16 to 64 bytes
 *     message     ASCII `consent-ledger/sample/v1` ‖ size (8 bytes, big-endian) ‖ root (32 bytes) ‖ n (8 bytes, big-endian), n = 0, 1, 2, …
 *   index         candidate mod size. A candidate of at least ⌊2^64 / size⌋ · size is passed over, so that every index is equally likely, and
 *                 so is an index that was drawn before
 *   sample        the first `count` indexes, in the order in which they were drawn
 *
 * The checkpoint must have been signed before its signer knew the seed. Then the signer could not put a leaf where it is drawn, or where it
 * is not, and the auditor, who chose the seed, did not choose the order of the leaves. The sample shows nothing about leaves that the log
 * never had.
 */
import { sha256 } from '#sha256'
import { checkNumber, concatBytes, encodeUint64 } from './encoding.ts'
import { type Hash, hashLength } from './merkle.ts'
import { TlogError } from './tlog-error.ts'

/** Bounds the work of a draw, and the answer to one. */
export const maxSample = 100

export interface SampleOf {
  /** Leaves in the tree. */
  readonly size: number
  readonly root: Hash
  /** 16 to 64 bytes. */
  readonly seed: Uint8Array
  /** 1 to `maxSample`, and not more than `size`. */
  readonly count: number
}

/** @throws TlogError `out-of-range` for inputs outside of their bounds */
export function drawSample({ size, root, seed, count }: SampleOf): number[] {
  checkNumber(size, 'the tree size')
  checkNumber(count, 'the count')
  if (root.length !== hashLength) throw outOfRange(`a root of ${root.length} bytes; it has ${hashLength}`)
  if (seed.length < 16 || seed.length > 64) throw outOfRange(`a seed of ${seed.length} bytes; it has 16 to 64`)
  if (count < 1 || count > Math.min(size, maxSample))
    throw outOfRange(`a sample of ${count}; it has 1 to ${maxSample} of the ${size} leaves`)
  const candidate = candidates(seed, concatBytes(label, encodeUint64(size), root))
  const limit = (2n ** 64n / BigInt(size)) * BigInt(size)
  const drawn = new Set<number>()
  for (let n = 0; drawn.size < count; n++) {
    const number = candidate(n)
    if (number < limit) drawn.add(Number(number % BigInt(size)))
  }
  return [...drawn]
}

/** @throws TlogError `out-of-range` when the text is not 16 to 64 bytes in lower-case hex */
export function readSeed(text: string): Uint8Array {
  if (!/^(?:[0-9a-f]{2}){16,64}$/.test(text)) throw outOfRange('a seed is 16 to 64 bytes in lower-case hex')
  return Uint8Array.from({ length: text.length / 2 }, (_, i) => Number.parseInt(text.slice(2 * i, 2 * i + 2), 16))
}

const label = new TextEncoder().encode('consent-ledger/sample/v1')

function candidates(seed: Uint8Array, prefix: Uint8Array): (n: number) => bigint {
  const mac = hmacSha256(seed)
  return (n) => {
    const bytes = mac(concatBytes(prefix, encodeUint64(n)))
    return new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0)
  }
}

/** RFC 2104, for keys of at most a block. That of `@noble/hashes` would bring its own SHA-256 into the bundles for Node. */
function hmacSha256(key: Uint8Array): (message: Uint8Array) => Uint8Array {
  const pad = (byte: number) => Uint8Array.from({ length: 64 }, (_, i) => (key[i] ?? 0) ^ byte)
  const [inner, outer] = [pad(0x36), pad(0x5c)]
  return (message) => sha256(concatBytes(outer, sha256(concatBytes(inner, message))))
}

function outOfRange(message: string): TlogError {
  return new TlogError('out-of-range', message)
}
