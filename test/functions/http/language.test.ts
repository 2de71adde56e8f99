/** Which of several languages a caller gets, and that a long wish is not a long search. */
import { expect, it } from 'vitest'
import { localeIn, textsIn } from '../../../functions/http/language.ts'
import type { PolicyVersion } from '../../../shared/consent/policy.ts'

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

const versionIn = (...locales: string[]) =>
  ({
    texts: locales.map((locale) => ({ locale, mediaType: 'text/plain', sha256: locale })),
  }) as unknown as PolicyVersion

it.each([
  ['en', ['sv', 'en'], ['en', 'sv'], ['en', 'en']],
  ['en', ['sv'], ['en', 'sv'], ['sv', 'sv']],
  [undefined, ['en', 'sv'], ['sv', 'en'], ['sv', 'sv']],
  ['en', ['sv'], ['en'], ['sv', 'en']],
])('two versions are compared in one language: %j of %j and %j', (wanted, before, after, compared) => {
  const texts = textsIn(versionIn(...before), versionIn(...after), wanted)
  expect(texts.map(({ locale }) => locale)).toEqual(compared)
})
