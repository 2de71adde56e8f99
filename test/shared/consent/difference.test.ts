/** The difference between two texts: what it says, and that nobody can make it take long. */
import { expect, it } from 'vitest'
import { textDifference } from '../../../shared/consent/difference.ts'
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
  expect(joined(parts, 'added').join('')).toBe(textOf('old', count))
  expect(joined(parts, 'removed').join('')).toBe(textOf('new', count))
})

it('of long texts with nothing in common grows with their length, not with its square', () => {
  const differ = (count: number) => textDifference(textOf('old', count), textOf('new', count), 'words')
  expect(growth(4_000, 40_000, differ)).toBeLessThan(30)
})
