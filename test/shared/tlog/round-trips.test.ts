/** What is written is read back as the same, for every format; and reading a changed spelling never gives the same value. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkpointText, parseCheckpoint } from '../../../shared/tlog/checkpoint.ts'
import { formatCosignature, parseCosignature } from '../../../shared/tlog/cosignature.ts'
import { decodeBase64, encodeBase64, encodeHex, parseDecimal } from '../../../shared/tlog/encoding.ts'
import { formatBundle, parseBundle } from '../../../shared/tlog/entry-bundle.ts'
import { formatNote, parseNote } from '../../../shared/tlog/note.ts'
import { bundlePath, formatTile, parseTile, parseTilePath, tilePath } from '../../../shared/tlog/tile.ts'
import { formatTlogProof, parseTlogProof } from '../../../shared/tlog/tlog-proof.ts'
import { formatVerifierKey, parseVerifierKey, verifierKey } from '../../../shared/tlog/verifier-key.ts'
import { refusal } from './refusal.ts'

const bytes = (minLength: number, maxLength: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength, maxLength })
const hash = bytes(32, 32)
const size = fc.oneof(fc.maxSafeNat(), fc.nat(1000), fc.constantFrom(2 ** 31, 2 ** 32, 2 ** 32 + 5, 2 ** 53 - 1))
const line = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
  .filter((text) => ![...text].some((character) => character < ' '))
const keyName = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 30 })
  .filter((text) => !/[\p{White_Space}+\p{Cc}]/u.test(text))
const signature = fc.record({ name: keyName, keyId: fc.nat(2 ** 32 - 1), signature: bytes(1, 80) })
const text = fc
  .array(fc.oneof(line, fc.constant(''), fc.constant('— a YWJjZGVm')), { minLength: 1, maxLength: 6 })
  .map((lines) => `${lines.join('\n')}\n`)
const note = fc.record({ text, signatures: fc.array(signature, { minLength: 1, maxLength: 5 }) })
const checkpoint = fc.record({
  origin: line,
  size,
  root: hash,
  extensions: fc.array(line, { maxLength: 3 }),
})
const width = fc.integer({ min: 1, max: 256 })

describe('round trips', () => {
  it('base64, as Node writes it', () => {
    fc.assert(
      fc.property(bytes(0, 200), (given) => {
        const written = encodeBase64(given)
        expect(written).toBe(Buffer.from(given).toString('base64'))
        expect(encodeHex(given)).toBe(Buffer.from(given).toString('hex'))
        expect(decodeBase64(written)).toEqual(given)
      }),
    )
  })

  it('base64 has one spelling: any other text that decodes is the encoding of another value', () => {
    const unit = fc.constantFrom('A', 'B', 'P', 'Q', 'g', 'w', '/', '+', '=', '-', '_', ' ', '\n')
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 12 }), (given) => {
        if (refusal(() => decodeBase64(given)) === undefined) expect(encodeBase64(decodeBase64(given))).toBe(given)
      }),
      { numRuns: 3000 },
    )
  })

  it('decimals', () => {
    fc.assert(
      fc.property(size, (given) => {
        expect(parseDecimal(String(given))).toBe(given)
      }),
    )
    fc.assert(
      fc.property(fc.bigInt({ min: 2n ** 53n, max: 2n ** 80n }), (given) => {
        expect(refusal(() => parseDecimal(String(given)))).toBe('malformed-number')
      }),
    )
  })

  it('verifier keys', () => {
    fc.assert(
      fc.property(keyName, fc.constantFrom(1, 4), hash, (name, type, publicKey) => {
        const key = verifierKey(name, type, publicKey)
        expect(parseVerifierKey(formatVerifierKey(key))).toEqual(key)
      }),
    )
  })

  it('notes', () => {
    fc.assert(
      fc.property(note, (given) => {
        const written = formatNote(given)
        expect(parseNote(written)).toEqual(given)
        expect(parseNote(new TextEncoder().encode(written))).toEqual(given)
      }),
    )
  })

  it('checkpoints', () => {
    fc.assert(
      fc.property(checkpoint, (given) => {
        expect(parseCheckpoint(checkpointText(given))).toEqual(given)
      }),
    )
  })

  it('cosignatures', () => {
    fc.assert(
      fc.property(size, bytes(64, 64), (timeSeconds, given) => {
        expect(parseCosignature(formatCosignature(timeSeconds, given))).toEqual({ timeSeconds, signature: given })
      }),
    )
  })

  it('tlog-proofs', () => {
    const proof = fc.record(
      {
        index: size,
        hashes: fc.array(hash, { maxLength: 64 }),
        checkpoint: fc
          .tuple(checkpoint, fc.array(signature, { minLength: 1, maxLength: 3 }))
          .map(([given, signatures]) => formatNote({ text: checkpointText(given), signatures })),
        extra: bytes(1, 100),
      },
      { requiredKeys: ['index', 'hashes', 'checkpoint'] },
    )
    fc.assert(
      fc.property(proof, (given) => {
        expect(parseTlogProof(formatTlogProof(given))).toEqual(given)
      }),
    )
  })

  it('paths of tiles and bundles', () => {
    fc.assert(
      fc.property(fc.nat(63), size, width, (level, index, given) => {
        const tile = { level, index, width: given }
        expect(parseTilePath(tilePath(tile))).toEqual({ kind: 'tile', tile })
        expect(parseTilePath(bundlePath({ index, width: given }))).toEqual({ kind: 'bundle', index, width: given })
      }),
    )
  })

  it('tiles', () => {
    fc.assert(
      fc.property(fc.array(hash, { minLength: 1, maxLength: 256 }), (given) => {
        expect(parseTile(formatTile(given), given.length)).toEqual(given)
      }),
    )
  })

  it('bundles', () => {
    fc.assert(
      fc.property(fc.array(bytes(0, 300), { minLength: 1, maxLength: 256 }), (given) => {
        expect(parseBundle(formatBundle(given), given.length)).toEqual(given)
      }),
    )
  })

  it('bundles of the longest entries, and views into a larger buffer', () => {
    const longest = [new Uint8Array(65_535).fill(1), new Uint8Array(0), new Uint8Array(65_535).fill(2)]
    const written = formatBundle(longest)
    const within = new Uint8Array(written.length + 20)
    within.set(written, 10)
    expect(parseBundle(within.subarray(10, 10 + written.length), 3)).toEqual(longest)
    expect(refusal(() => formatBundle([new Uint8Array(65_536)]))).toBe('malformed-bundle')
    expect(refusal(() => formatBundle([]))).toBe('out-of-range')
    expect(refusal(() => formatBundle(Array.from({ length: 257 }, () => new Uint8Array(1))))).toBe('out-of-range')
    for (const count of [0, -1, 257, 1.5, 2 ** 32, Number.NaN])
      expect(refusal(() => parseBundle(written, count))).toBe('out-of-range')
  })
})
