/** What was written in another language is marked, and reads from the right where that is how it is written. */
import { expect, it } from 'vitest'
import { publicReaderOf, written } from '../../../functions/public/public-reader.ts'

const reader = publicReaderOf('en', undefined)

it.each([
  ['the page’s own', { en: 'Terms', ar: 'شروط' }, 'Terms'],
  ['Arabic only', { ar: 'شروط' }, '<span lang="ar" dir="auto">شروط</span>'],
  // The override ends with the element that isolates it, and leaves what follows as it is.
  ['with characters that turn the order', { ar: '\u202Ex' }, '<span lang="ar" dir="auto">\u202Ex</span>'],
])('%s', (_, texts: Readonly<Record<string, string>>, expected) => {
  expect(written(reader, texts)?.text).toBe(expected)
})
