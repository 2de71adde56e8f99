/** The person who reads the banner: which words and which of the operator's texts they get. */
import { expect, it } from 'vitest'
import { readerOf, textFor } from '../../../functions/pages/reader.ts'

const texts = { en: 'e', no: 'n', 'zh-Hans': 's', 'zh-Hant': 't', 'sv-SE': 'v' }

it.each<[locale: string, browser: string[], words: string, text: string]>([
  ['sv', [], 'sv', 'sv-SE'],
  ['sv_SE', ['en'], 'sv', 'sv-SE'],
  ['nb-NO', [], 'en', 'no'],
  ['zh-TW', ['zh-CN'], 'en', 'zh-Hant'],
  ['zh', [], 'en', 'zh-Hans'],
  ['{{ lang }}', ['sv-FI'], 'sv', 'sv-SE'],
  ['fi', ['fi', 'sv'], 'sv', 'sv-SE'],
  ['fi', [], 'en', 'en'],
  ['', [], 'en', 'en'],
])('of a page in %j in a browser of %j has words in %s and the text in %s', (locale, browser, words, text) => {
  const reader = readerOf(locale, browser)
  expect(reader.words.language).toBe(words)
  expect(textFor(reader, texts)[1]).toBe(text)
})

it('has the first text when none is in a language of theirs', () => {
  expect(textFor(readerOf('fi', []), { de: 'd', it: 'i' })).toEqual(['d', 'de'])
})
