/** The difference between two texts: what it says, and that nobody can make it take long. */
import { Diff } from 'diff'
import * as fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { asRead } from '../../../shared/consent/read-text.ts'
import { textDifference } from '../../../shared/consent/text-difference.ts'
import { growth } from '../../support/growth.ts'

const joined = (parts: ReturnType<typeof textDifference>, without: 'added' | 'removed') =>
  parts.filter(({ kind }) => kind !== without).map(({ text }) => text)

it.each(['words', 'lines'] as const)('by %s gives both texts back', (by) => {
  const before = 'We ask you.\nWe keep it for a year.\n'
  const after = 'We ask you.\nWe keep it for two years.\n'
  const parts = textDifference(before, after, by)
  expect(joined(parts, 'added').join('')).toBe(before)
  expect(joined(parts, 'removed').join('')).toBe(after)
  expect(parts.some(({ kind }) => kind === 'same')).toBe(true)
})

const textOf = (word: string, count: number) =>
  Array.from({ length: count }, (_, i) => `${word}${i}${i % 12 === 0 ? '\n' : ' '}`).join('')

it.each([2_500, 20_000])('of two texts of %d words with nothing in common gives both back', (count) => {
  const parts = textDifference(textOf('old', count), textOf('new', count), 'words')
  expect(joined(parts, 'added').join('')).toBe(asRead(textOf('old', count)))
  expect(joined(parts, 'removed').join('')).toBe(asRead(textOf('new', count)))
})

it('of long texts with nothing in common grows with their length, not with its square', () => {
  const differ = (count: number) => textDifference(textOf('old', count), textOf('new', count), 'words')
  expect(growth(4_000, 40_000, differ)).toBeLessThan(30)
})

/** How many steps the library takes: in each it follows one diagonal of the two texts. The clock stands still, so that none ends it. */
function stepsOf(run: () => unknown): number {
  vi.spyOn(Date, 'now').mockReturnValue(0)
  const followed = vi.spyOn(Diff.prototype as unknown as { extractCommon(): number }, 'extractCommon')
  run()
  const steps = followed.mock.calls.length
  vi.restoreAllMocks()
  return steps
}

const everyWordChanged = (size: number) => [textOf('old', size), textOf('new', size)] as const
const everyTenthLineChanged = (size: number) =>
  ['old', 'new'].map((word) =>
    Array.from({ length: size }, (_, i) => (i % 10 === 0 ? `${word} `.repeat(40) : `the same line ${i}`)).join('\n'),
  ) as [string, string]
const oneLongLine = (size: number) => ['old', 'new'].map((word) => `${word} `.repeat(size)) as [string, string]

it.each([
  ['every word changed', everyWordChanged, 60_000],
  ['every tenth line changed', everyTenthLineChanged, 8_000],
  ['one long line', oneLongLine, 100_000],
] as const)('of texts of 500 KB with %s takes no more steps than there are', (_, make, size) => {
  const texts = make(size)
  expect(texts[0].length).toBeGreaterThan(190_000)
  for (const by of ['words', 'lines'] as const) {
    const steps = stepsOf(() => textDifference(...texts, by))
    expect(steps).toBeGreaterThan(0)
    // 125,000 by words, as many by lines, and within replaced lines.
    expect(steps).toBeLessThan(390_000)
  }
})

it('of long texts that differ in a few words has these words, wherever they stand', () => {
  const lines = Array.from({ length: 20_000 }, (_, i) => `Line ${i} says the same as it did before.`)
  const [before, after] = [
    ['one', 'year'],
    ['two', 'years'],
  ].map(([first, last]) => [`It is ${first}.`, ...lines, `For a ${last} more.`].join('\n')) as [string, string]
  const changed = textDifference(before, after, 'words').filter(({ kind }) => kind !== 'same')
  expect(changed.map(({ text }) => text)).toEqual(['one', 'two', 'year', 'years'])
})

it('is true of any two texts, has no empty parts and no two neighbours of one kind', () => {
  const text = fc
    .array(fc.constantFrom('a', 'b', ' ', '\n', '\r\n', '\r', 'o\u0308', '\u00f6', 'word'), { maxLength: 40 })
    .map((parts) => parts.join(''))
  fc.assert(
    fc.property(text, text, fc.constantFrom('lines' as const, 'words' as const), (before, after, by) => {
      const parts = textDifference(before, after, by)
      expect(joined(parts, 'added').join('')).toBe(asRead(before))
      expect(joined(parts, 'removed').join('')).toBe(asRead(after))
      expect(parts.every((part, i) => part.text !== '' && part.kind !== parts[i + 1]?.kind)).toBe(true)
      if (asRead(before) === asRead(after)) expect(parts.every(({ kind }) => kind === 'same')).toBe(true)
    }),
    { numRuns: 500 },
  )
})

describe('a difference that no reader can see is none', () => {
  const policy = 'Vi fr\u00e5gar dig.\n\nDu kan s\u00e4ga nej.\n'
  it.each([
    ['CRLF', policy.replaceAll('\n', '\r\n')],
    ['CR', policy.replaceAll('\n', '\r')],
    ['trailing blanks', policy.replaceAll('\n', ' \t\n')],
    ['decomposed characters', policy.normalize('NFD')],
    ['a byte order mark', `\uFEFF${policy}`],
    ['no last end of line', policy.trimEnd()],
    ['empty lines at the end', `${policy}\n\n`],
  ])('%s', (_, same) => {
    for (const by of ['words', 'lines'] as const)
      for (const [before, after] of [
        [policy, same],
        [same, policy],
      ] as const)
        expect(textDifference(before, after, by)).toEqual([{ kind: 'same', text: policy }])
  })

  it('and hides no difference beside it', () => {
    const changed = textDifference(policy, policy.replaceAll('\n', '\r\n').replace('nej', 'ja'), 'words')
    expect(changed.filter(({ kind }) => kind !== 'same').map(({ text }) => text)).toEqual(['nej', 'ja'])
  })
})
