/**
 * What the parsers must refuse, as data (`test/vectors/tlog/*.json`): each with the reason and the code. Beside each list stands
 * what it was made from, which must be accepted: so that a refusal has no other reason.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseCheckpoint } from '../../../shared/tlog/checkpoint.ts'
import { decodeBase64, parseDecimal } from '../../../shared/tlog/encoding.ts'
import { parseBundle } from '../../../shared/tlog/entry-bundle.ts'
import { parseNote } from '../../../shared/tlog/note.ts'
import { parseTilePath } from '../../../shared/tlog/tile.ts'
import { parsePolicy } from '../../../shared/tlog/tlog-policy.ts'
import { parseTlogProof } from '../../../shared/tlog/tlog-proof.ts'
import { parseVerifierKey } from '../../../shared/tlog/verifier-key.ts'
import { refusal } from './refusal.ts'

interface Vectors<Accepted, Refused> {
  readonly accepted: readonly Accepted[]
  readonly refused: readonly (Refused & { readonly reason: string; readonly code: string })[]
}

interface BundleVector {
  readonly given: string
  readonly count: number
}

function read<Accepted, Refused>(name: string): Vectors<Accepted, Refused> {
  return JSON.parse(readFileSync(join(import.meta.dirname, '../../vectors/tlog', `${name}.json`), 'utf8'))
}

const parsers: readonly (readonly [string, (given: string) => unknown])[] = [
  ['notes', parseNote],
  ['checkpoints', parseCheckpoint],
  ['keys', parseVerifierKey],
  ['proofs', parseTlogProof],
  ['policies', parsePolicy],
  ['paths', parseTilePath],
  ['base64', decodeBase64],
  ['numbers', parseDecimal],
]

describe.each(parsers)('%s', (name, parse) => {
  const { accepted, refused } = read<string, { readonly given: string }>(name)

  it('that are well-formed are accepted', () => {
    expect(accepted.length).toBeGreaterThan(0)
    for (const given of accepted) expect(refusal(() => parse(given))).toBeUndefined()
  })

  it.each(refused)('with $reason: $code', ({ given, code }) => {
    expect(refusal(() => parse(given))).toBe(code)
  })
})

describe('bundles', () => {
  const { accepted, refused } = read<BundleVector, BundleVector>('bundles')
  const parse = ({ given, count }: BundleVector): unknown => parseBundle(Buffer.from(given, 'hex'), count)

  it('that are well-formed are accepted', () => {
    for (const vector of accepted) expect(refusal(() => parse(vector))).toBeUndefined()
  })

  it.each(refused)('with $reason: $code', (vector) => {
    expect(refusal(() => parse(vector))).toBe(vector.code)
  })
})
