/** The difference between two texts: what it says, and that nobody can make it take long. */
import { expect, it } from 'vitest'
import { textDifference } from '../../../shared/consent/difference.ts'

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

it.each([2_500, 20_000])('of two texts of %d words with nothing in common takes no time to speak of', (count) => {
  const text = (word: string) =>
    Array.from({ length: count }, (_, i) => `${word}${i}${i % 12 === 0 ? '\n' : ' '}`).join('')
  const began = performance.now()
  const parts = textDifference(text('old'), text('new'), 'words')
  expect(performance.now() - began).toBeLessThan(2_000)
  expect(joined(parts, 'added').join('')).toBe(text('old'))
  expect(joined(parts, 'removed').join('')).toBe(text('new'))
})
