/** The language that a reader gets of those that were published. */
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { languageTag, lookUpLanguage } from '../../../shared/consent/language.ts'

it.each<[wanted: string[], available: string[], found: string | undefined]>([
  [['sv-SE'], ['en', 'sv'], 'sv'],
  [['sv'], ['en', 'sv-FI', 'sv-SE'], 'sv-SE'],
  [['sv-SE'], ['sv-FI', 'sv'], 'sv'],
  [['en-GB'], ['en-US', 'en-AU'], 'en-US'],
  [['en-AU'], ['en-US', 'en-AU'], 'en-AU'],
  [['pt'], ['pt-PT', 'pt-BR'], 'pt-BR'],
  [['pt-PT'], ['pt', 'en'], 'pt'],
  [['de-DE-1901-u-co-phonebk'], ['de', 'de-DE'], 'de-DE'],
  [['nb-NO'], ['en', 'no'], 'no'],
  [['nn-NO'], ['en', 'no'], 'no'],
  [['no'], ['en', 'nb'], 'nb'],
  [['nb'], ['nn', 'nb'], 'nb'],
  [['nb'], ['sv', 'nn'], 'nn'],
  [['zh-TW'], ['zh', 'en'], undefined],
  [['zh-TW'], ['zh', 'zh-Hant'], 'zh-Hant'],
  [['zh-HK'], ['zh-CN', 'zh-TW'], 'zh-TW'],
  [['zh-Hant-HK'], ['zh-TW', 'zh-HK'], 'zh-HK'],
  [['zh-CN'], ['zh-Hant', 'zh-Hans'], 'zh-Hans'],
  [['zh-SG'], ['zh-TW', 'zh'], 'zh'],
  [['sr-Latn'], ['sr', 'hr'], undefined],
  [['sr'], ['sr-Latn', 'sr-Cyrl'], 'sr-Cyrl'],
  [['iw'], ['he'], 'he'],
  [['en_US'], ['sv', 'en'], 'en'],
  [['de_DE.UTF-8'], ['en', 'de'], 'de'],
  [['ca_ES@valencia'], ['es', 'ca'], 'ca'],
  [['SV-se'], ['sv-SE'], 'sv-SE'],
  [['C', '', '*', '{{ lang }}', 'fi'], ['en', 'fi'], 'fi'],
  [['fi', 'sv'], ['en', 'sv'], 'sv'],
  [['fi'], ['en', 'sv'], undefined],
  [['swedish'], ['sv'], undefined],
])('%j of %j is %s', (wanted, available, found) => {
  expect(lookUpLanguage(available, wanted)).toBe(found)
})

it('answers any text with one of the languages or none, and what is published exactly with itself', () => {
  const tag = fc.constantFrom('sv', 'sv-SE', 'no', 'nb-NO', 'zh-TW', 'zh', 'pt-BR', 'en-GB')
  fc.assert(
    fc.property(fc.uniqueArray(tag, { minLength: 1 }), fc.string(), (available, text) => {
      expect([undefined, ...available]).toContain(lookUpLanguage(available, [text]))
      for (const each of available) expect(lookUpLanguage(available, [each])).toBe(each)
      expect(languageTag(text) !== undefined || lookUpLanguage(available, [text]) === undefined).toBe(true)
    }),
  )
})
