/** A text in several languages as JSON-LD has it: a value for each language (https://www.w3.org/TR/json-ld11/#string-internationalization). */
import type { Localised } from './policy.ts'

export interface JsonLdText {
  readonly '@value': string
  readonly '@language': string
}

export function byLanguage(texts: Localised): JsonLdText[] {
  return Object.entries(texts).map(([locale, text]) => ({ '@value': text, '@language': locale }))
}
