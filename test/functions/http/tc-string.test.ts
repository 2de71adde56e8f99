/** TC strings: what is found in those that IAB's encoder makes, and that no other text does any harm. */
import { PurposeRestriction, RestrictionType, Vector } from '@iabtechlabtcf/core'
import * as fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { readTcString } from '../../../functions/http/tc-string.ts'
import { countMissing, countOf, readVendors } from '../../../functions/http/tc-vendors.ts'
import { tcfFinding } from '../../../shared/api/schemas/signals.ts'
import { type TcfFinding, tcfVerdicts } from '../../../shared/consent/tcf-gpp-findings.ts'
import { groups } from '../../../shared/verify/forms-event.ts'
import { cmp, segmentOf, type TcStringOf, tcString } from '../../support/tc-strings.ts'

const winter = '2026-02-28T00:00:00.000Z'
const spring = '2026-03-01T00:00:00.000Z'

/** What the model said before it was encoded, counted. */
function plainly(of: TcStringOf): Omit<TcfFinding, 'verdict'> {
  const { madeAt, updatedAt = madeAt, vendorsConsent = [], disclosed } = of
  return {
    ...cmp,
    created: madeAt,
    lastUpdated: updatedAt,
    purposesConsent: of.purposesConsent ?? [],
    purposesLegitimateInterest: of.purposesLegitimateInterest ?? [],
    vendorsConsent: vendorsConsent.length,
    vendorsLegitimateInterest: (of.vendorsLegitimateInterest ?? []).length,
    ...(disclosed && {
      disclosedVendors: disclosed.length,
      undisclosedVendors: vendorsConsent.filter((id) => !disclosed.includes(id)).length,
    }),
  }
}

const to = (last: number) => Array.from({ length: last }, (_, i) => i + 1)

const table: readonly [string, TcfFinding['verdict'], TcStringOf][] = [
  ['of a no to everything', 'valid', { madeAt: spring, disclosed: to(900) }],
  [
    'of a yes to everything, as ranges',
    'valid',
    { madeAt: spring, purposesConsent: to(11), vendorsConsent: to(1400), disclosed: to(1400), withPublisherTc: true },
  ],
  [
    'of single vendors, as a bit field',
    'valid',
    {
      madeAt: spring,
      purposesConsent: [1, 3, 4],
      purposesLegitimateInterest: [2, 7],
      vendorsConsent: [2, 10, 755],
      vendorsLegitimateInterest: [10, 11],
      disclosed: [2, 10, 11, 755, 804],
    },
  ],
  ['without disclosed vendors, in time', 'valid', { madeAt: winter, vendorsConsent: [1, 2] }],
  ['without disclosed vendors, since TCF 2.3', 'disclosed-vendors-missing', { madeAt: spring, vendorsConsent: [1, 2] }],
  [
    'made in time, and updated since',
    'disclosed-vendors-missing',
    { madeAt: winter, updatedAt: spring, vendorsConsent: [1] },
  ],
  [
    'with vendors allowed, which are not vendors disclosed',
    'disclosed-vendors-missing',
    { madeAt: spring, vendorsConsent: [1], allowed: [1] },
  ],
  [
    'with a consent to who was not disclosed',
    'vendors-undisclosed',
    { madeAt: winter, vendorsConsent: [5, 6, 7], disclosed: [5, 7, 8] },
  ],
  [
    'with nobody disclosed',
    'vendors-undisclosed',
    { madeAt: spring, vendorsConsent: [5], disclosed: [], withPublisherTc: true },
  ],
  [
    'with publisher restrictions',
    'valid',
    {
      madeAt: spring,
      vendorsConsent: to(1400),
      disclosed: to(1400),
      restricted: to(10).map((purpose) => new PurposeRestriction(purpose, RestrictionType.REQUIRE_CONSENT)),
    },
  ],
]

describe('a string', () => {
  it.each(table)('%s is %s', (_, verdict, of) => {
    expect(readTcString(tcString(of))).toEqual({ verdict, ...plainly(of) })
  })

  it.each([
    [
      'COtybn4PA_zT4KjACBENAPCIAEBAAECAAIAAAAAAAAAA',
      {
        cmpId: 675,
        cmpVersion: 2,
        vendorListVersion: 15,
        created: '2020-01-26T17:01:00.000Z',
        purposesConsent: [2, 10],
      },
    ],
    [
      'COvFyGBOvFyGBAbAAAENAPCAAOAAAAAAAAAAAEEUACCKAAA.IFoEUQQgAIQwgIwQABAEAAAAOIAACAIAAAAQAIAgEAACEAAAAAgAQBAAAAAAAGBAAgAAAAAAAFAAECAAAgAAQARAEQAAAAAJAAIAAgAAAYQEAAAQmAgBC3ZAYzUw',
      { cmpId: 27, vendorListVersion: 15, purposesConsent: [1, 2, 3], vendorsConsent: 3, disclosedVendors: 79 },
    ],
  ])('of others, that is passed about as an example, is read like they do: %#', (text, expected) => {
    expect(readTcString(text)).toMatchObject({ verdict: 'valid', version: 2, policyVersion: 2, ...expected })
  })

  const some = (max: number) => fc.uniqueArray(fc.integer({ min: 1, max })).map((ids) => ids.sort((a, b) => a - b))
  const models: fc.Arbitrary<TcStringOf> = fc.record(
    {
      madeAt: fc
        .date({ min: new Date('2018-05-25'), max: new Date('2099-01-01'), noInvalidDate: true })
        .map((date) => new Date(Math.floor(date.getTime() / 100) * 100).toISOString()),
      purposesConsent: some(24),
      purposesLegitimateInterest: some(24),
      vendorsConsent: some(2000),
      vendorsLegitimateInterest: some(2000),
      disclosed: some(2000),
      allowed: some(2000),
      withPublisherTc: fc.boolean(),
    },
    { requiredKeys: ['madeAt'] },
  )

  it('says what was encoded, whatever that was', () => {
    fc.assert(
      fc.property(models, (of) => {
        const finding = readTcString(tcString(of))
        bounded(finding)
        const { verdict: _, ...content } = finding
        expect(content).toEqual(plainly(of))
      }),
      { numRuns: 200 },
    )
  })

  const bounded = (finding: TcfFinding) => {
    expect(tcfVerdicts).toContain(finding.verdict)
    expect(JSON.stringify(finding).length).toBeLessThan(800)
    // Whatever is recorded can be answered and verified.
    expect(tcfFinding.safeParse(finding).success && groups.how.safeParse({ site: 'web', tcf: finding }).success).toBe(
      true,
    )
  }

  it('that was cut or damaged is found to be something, and does no harm', () => {
    const damage = fc.array(fc.tuple(fc.nat(400), fc.constantFrom(...'ABEQg_-.~=é ')), { maxLength: 4 })
    fc.assert(
      fc.property(models, damage, fc.nat(800), (of, places, length) => {
        const characters = [...tcString(of)]
        for (const [at, character] of places) characters[at % characters.length] = character
        bounded(readTcString(characters.join('')))
        bounded(readTcString(characters.slice(0, length).join('')))
      }),
      { numRuns: 200 },
    )
  })

  it('is never cut without notice within its core', () => {
    const whole = tcString({ madeAt: winter, vendorsConsent: [1, 2, 900], vendorsLegitimateInterest: [3, 44] })
    // The last characters may be padding.
    const verdicts = to(whole.length - 4).map((length) => readTcString(whole.slice(0, length)).verdict)
    expect(new Set(verdicts)).toEqual(new Set(['malformed']))
  })

  it('may be any text', () => {
    const digits = fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.')
    const texts = fc.oneof(
      fc.string({ maxLength: 8192, unit: 'binary' }),
      fc.string({ maxLength: 8192, unit: digits }).map((text) => `C${text}`),
      fc.string({ maxLength: 2000, unit: digits }),
    )
    fc.assert(
      fc.property(texts, (text) => bounded(readTcString(text))),
      { numRuns: 300 },
    )
  })

  it.each([
    ['nothing', ''],
    ['a word', 'consent'],
    ['TCF 1', 'BOEFEAyOEFEAyAHABDENAI4AAAB9vABAASA'],
    ['a core twice', [tcString({ madeAt: winter }), tcString({ madeAt: winter })].join('.')],
    ['a segment twice', `${tcString({ madeAt: winter, disclosed: [1] })}.${segmentOf([1, 3], [0, 16], [0, 1])}`],
    ['a segment of a kind that there is not', `${tcString({ madeAt: winter })}.${segmentOf([5, 3], [0, 16], [0, 1])}`],
    ['a segment that is empty', `${tcString({ madeAt: winter })}.`],
  ])('that is %s is not taken for one', (_, text) => {
    const { verdict, ...rest } = readTcString(text)
    expect(verdict).not.toBe('valid')
    expect(rest).toEqual(verdict === 'unsupported-version' ? { version: expect.any(Number) } : {})
  })
})

/** How many ids the library writes into its vectors meanwhile: its work grows with them. */
function vendorsWritten(read: () => void): number {
  const written = vi.spyOn(Vector.prototype, 'set')
  read()
  const count = written.mock.calls.length
  written.mockRestore()
  return count
}

describe('ranges of vendors', () => {
  const range = fc
    .tuple(fc.integer({ min: 1, max: 60 }), fc.nat(9))
    .map(([first, more]) => [first, first + more] as const)
  const segment = (ranges: readonly (readonly [number, number])[]) =>
    segmentOf(
      [1, 3],
      [99, 16],
      [1, 1],
      [ranges.length, 12],
      ...ranges.flatMap(([a, b]): [number, number][] => [
        [1, 1],
        [a, 16],
        [b, 16],
      ]),
    )
  const idsIn = (ranges: readonly (readonly [number, number])[]) =>
    new Set(ranges.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, i) => first + i)))

  it('are counted as the ids that they stand for, each once, however they overlap', () => {
    fc.assert(
      fc.property(fc.array(range, { maxLength: 20 }), fc.array(range, { maxLength: 20 }), (a, b) => {
        const [some, others] = [readVendors(segment(a)), readVendors(segment(b))]
        expect(countOf(some)).toBe(idsIn(a).size)
        expect(countMissing(some, others)).toBe(idsIn(a).difference(idsIn(b)).size)
      }),
    )
  })
})

describe('a string of 8 KB that stands for more than there are vendors', () => {
  const range = (first: number, last: number): [number, number][] => [
    [1, 1],
    [first, 16],
    [last, 16],
  ]
  const core: [number, number][] = [[2, 6], ...Array.from({ length: 207 }, (): [number, number] => [0, 1])]
  const none: [number, number][] = [
    [0, 16],
    [0, 1],
  ]
  const many = Array.from({ length: 1400 }, () => range(1, 65_535)).flat()
  const vendors: [number, number][] = [[65_535, 16], [1, 1], [1400, 12], ...many]
  // One purpose and one type, all in one range: the library's tree then grows as a list.
  const restriction: [number, number][] = [[1, 12], [1, 6], [1, 2], [1, 12], ...range(1, 65_535)]

  it.each([
    ['consents', segmentOf(...core, ...vendors), 'malformed'],
    ['legitimate interests', segmentOf(...core, ...none, ...vendors), 'malformed'],
    [
      'disclosed vendors',
      `${segmentOf(...core, ...none, ...none, [0, 12])}.${segmentOf([1, 3], ...vendors)}`,
      'malformed',
    ],
    ['restrictions', segmentOf(...core, ...none, ...none, ...restriction), 'malformed'],
  ])('as %s is not written out', (_, text, verdict) => {
    expect(text.length).toBeLessThanOrEqual(8192)
    expect(vendorsWritten(() => expect(readTcString(text).verdict).toBe(verdict))).toBe(0)
  })

  it('as the most that is read, in 80 characters, is counted without writing out a vendor', () => {
    const all = to(16_384)
    const text = tcString({ madeAt: spring, vendorsConsent: all, vendorsLegitimateInterest: all, disclosed: all })
    expect(text.length).toBeLessThanOrEqual(83)
    const read = () =>
      expect(readTcString(text)).toMatchObject({ verdict: 'valid', vendorsConsent: 16_384, disclosedVendors: 16_384 })
    expect(vendorsWritten(read)).toBe(0)
  })

  it('of restrictions is read without them', () => {
    const restricted = [new PurposeRestriction(1, RestrictionType.NOT_ALLOWED)]
    const of: TcStringOf = { madeAt: winter, vendorsConsent: to(4000) }
    expect(readTcString(tcString({ ...of, restricted: [] }))).toEqual(readTcString(tcString({ ...of, restricted })))
  })
})
