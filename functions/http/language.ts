/** What is said in several languages, in the one that is wanted: exactly, else by its language alone, else in the first. */
import type { Localised, PolicyText, PolicyVersion } from '../../shared/consent/policy.ts'
import { LedgerError } from '../../shared/errors.ts'

/** Bound on the languages of an Accept-Language that are considered: a header has room for thousands. */
const maxAsked = 20

/** `wanted` is a locale, or a whole Accept-Language, whose order counts and whose weights do not. */
export function localeIn(locales: readonly string[], wanted: string | undefined): string | undefined {
  const asked = (wanted ?? '').split(',', maxAsked).map((part) => (part.split(';')[0] ?? '').trim().toLowerCase())
  for (const locale of asked) {
    const found =
      locales.find((each) => each.toLowerCase() === locale) ??
      locales.find((each) => languageOf(each) === languageOf(locale))
    if (found !== undefined) return found
  }
  return locales[0]
}

/** The language of a locale: `sv` of `sv-SE`. */
export function languageOf(locale: string): string {
  return locale.toLowerCase().split('-')[0] ?? ''
}

export function textIn({ texts }: PolicyVersion, wanted: string | undefined): PolicyText {
  const locale = localeIn(
    texts.map((text) => text.locale),
    wanted,
  )
  const text = texts.find((each) => each.locale === locale)
  if (text === undefined) throw new LedgerError('not-found', 'the version has no text')
  return text
}

export function wordsIn(words: Localised, wanted: string | undefined): string {
  return words[localeIn(Object.keys(words), wanted) ?? ''] ?? ''
}
