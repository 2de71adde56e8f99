/** Whatever becomes of a file, the verifier answers, and never vouches for another answer than the one that was proven. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { policyOfKeys, verifyBytes, verifyFile } from '../../../shared/verify/verify.ts'
import { at, logVkey, makeProof, origin, ownVkey, plainStory, TestLog } from './maker.ts'

const policy = policyOfKeys([logVkey, ownVkey])
const now = at(10_000)
const proof = makeProof(plainStory(), { purposeId: 'newsletter', at: at(6000), knownAt: at(6000) })
const text = JSON.stringify(proof)

const log = new TestLog(origin)
log.append('{"kind":"erased","sub":"x","v":1}')
const tlogProof = log.proof(0, log.publish(at(1)), { leaf: '{"kind":"erased","sub":"x","v":1}' })

const verdicts = ['valid', 'invalid', 'undetermined']
const letters = fc.constantFrom(...'abcXYZ0189{}[]",:\\\n-_=+/. \u0000\u2014\ud800')

describe('a file with one character changed', () => {
  it.each([
    ['replaced', (i: number, c: string) => text.slice(0, i) + c + text.slice(i + 1)],
    ['inserted', (i: number, c: string) => text.slice(0, i) + c + text.slice(i)],
    ['removed', (i: number) => text.slice(0, i) + text.slice(i + 1)],
  ])('%s', async (_, change) => {
    await fc.assert(
      fc.asyncProperty(fc.nat(text.length - 1), letters, async (i, letter) => {
        const found = await verifyFile(change(i, letter), policy, { now })
        expect(verdicts).toContain(found.verdict)
        if (found.verdict === 'valid') expect(found.answer?.status).toEqual(proof.answer)
        else expect(found.failed?.says).toBeTruthy()
      }),
      { numRuns: 500 },
    )
  })

  it('is noticed in the members that decide', async () => {
    const deciding = ['question', 'answer', 'origin', 'versions', 'presentations'] as const
    for (const member of deciding) {
      const from = text.indexOf(JSON.stringify(member))
      for (let i = from + member.length + 4; i < from + member.length + 80; i += 7) {
        const found = await verifyFile(`${text.slice(0, i)}~${text.slice(i + 1)}`, policy, { now })
        expect([member, i, found.verdict]).toEqual([member, i, 'invalid'])
      }
    }
  })
})

/** Every place in a JSON value, as a path. */
function paths(value: unknown, path: readonly string[] = []): string[][] {
  const inner = typeof value === 'object' && value !== null ? Object.entries(value) : []
  return [[...path], ...inner.flatMap(([key, member]) => paths(member, [...path, key]))]
}

function replaced(value: unknown, [key, ...rest]: readonly string[], by: unknown): unknown {
  if (key === undefined) return by
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((one, i) => (String(i) === key ? replaced(one, rest, by) : one))
  return Object.fromEntries(Object.entries(value).map(([k, one]) => [k, k === key ? replaced(one, rest, by) : one]))
}

describe('nothing makes it throw', () => {
  const places = paths(proof)
  const odd = fc.oneof(
    fc.constantFrom<unknown>(
      null,
      true,
      -1,
      0,
      2 ** 53,
      1e300,
      '',
      '\u0000',
      [],
      {},
      [[]],
      'c2sp.org/tlog-proof@v1',
      text.slice(0, 300),
    ),
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.jsonValue({ maxDepth: 3 }),
    fc.constantFrom(
      ...places.map((path) => path.reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], proof)),
    ),
  )

  it('another value anywhere', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...places), odd, async (path, value) => {
        const found = await verifyFile(JSON.stringify(replaced(proof, path, value)) ?? '', policy, { now })
        expect(verdicts).toContain(found.verdict)
        if (found.verdict === 'valid') expect(found.answer?.status).toEqual(proof.answer)
      }),
      { numRuns: 2000 },
    )
  })

  it('any text, any bytes', async () => {
    const texts = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.json(),
      fc.string().map((s) => `{"format":"consent-proof@1"${s}`),
      fc.string().map((s) => `c2sp.org/tlog-proof@v1\n${s}`),
      fc.jsonValue().map((v) => JSON.stringify({ schemaVersion: 'consent-receipt@1', ...(v as object) })),
    )
    await fc.assert(
      fc.asyncProperty(texts, async (given) => {
        expect((await verifyFile(given, policy, { now })).verdict).not.toBe('valid')
      }),
      { numRuns: 2000 },
    )
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 100 }), async (bytes) => {
        expect((await verifyBytes(bytes, policy, { now })).verdict).not.toBe('valid')
      }),
      { numRuns: 500 },
    )
  })

  it('a tlog-proof with a character changed', async () => {
    expect(await verifyFile(tlogProof, policy)).toMatchObject({ verdict: 'valid' })
    await fc.assert(
      fc.asyncProperty(fc.nat(tlogProof.length - 1), letters, async (i, letter) => {
        const found = await verifyFile(tlogProof.slice(0, i) + letter + tlogProof.slice(i + 1), policy, { now })
        expect(verdicts).toContain(found.verdict)
      }),
      { numRuns: 500 },
    )
  })

  it.each([
    ['deep', '['.repeat(1_000_000)],
    ['deep and whole', `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`],
    ['deep in strings', `{"format":${JSON.stringify('['.repeat(100_000))}}`],
    ['long', `{"format":"${'a'.repeat(64 * 1024 * 1024)}"}`],
    ['a member twice', text.replace('{"format"', '{"format":"consent-proof@1","format"')],
    ['a prototype', text.replace('{"format"', '{"__proto__":{"events":[]},"format"')],
    ['a prototype, escaped', text.replace('{"format"', '{"__pro\\u0074o__":{"events":[]},"format"')],
    ['a lone surrogate, escaped', text.replace('"origin":"', '"origin":"\\ud800')],
    ['a fraction', text.replace('"provisional":true', '"provisional":0.5')],
  ])('%s', async (_, given) => {
    expect(await verifyFile(given, policy, { now })).toMatchObject({ verdict: 'invalid', failed: { step: 'form' } })
    expect(Object.prototype).not.toHaveProperty('events')
  })
})
