/** Which of several languages a caller gets, and that a long wish is not a long search. */
import { expect, it } from 'vitest'
import { localeIn } from '../../../functions/http/language.ts'

const locales = ['sv-SE', 'en', 'fi']

it.each([
  ['en', 'en'],
  ['en-GB', 'en'],
  ['SV', 'sv-SE'],
  ['de, fi;q=0.2, en', 'fi'],
  ['de', 'sv-SE'],
  ['', 'sv-SE'],
  [undefined, 'sv-SE'],
  [`${'de,'.repeat(19)}fi`, 'fi'],
  [`${'de,'.repeat(5_000)}fi`, 'sv-SE'],
])('of %j is %s', (wanted, locale) => {
  expect(localeIn(locales, wanted)).toBe(locale)
})
