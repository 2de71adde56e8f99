/** Chooses among texts in several languages: the reader's (`lookUpLanguage`), otherwise the first. */
import { lookUpLanguage } from '../../shared/consent/language.ts'
import type { Localised, PolicyText, PolicyVersion } from '../../shared/consent/policy.ts'
import { LedgerError } from '../../shared/errors.ts'

/** Bound on the languages of an Accept-Language that are considered: a header has room for thousands. */
const maxAsked = 20

/**
 * `wanted` is a locale, an Accept-Language header, or both joined by a comma. The order counts and weights do not, except that a language
 * of weight 0 is not acceptable (RFC 9110, section 12.4.2).
 */
export function localeIn(locales: readonly string[], wanted: string | undefined): string | undefined {
  return lookUpLanguage(locales, askedLanguages(wanted)) ?? locales[0]
}

/** The languages in what `localeIn` takes. */
export function askedLanguages(wanted: string | undefined): string[] {
  const acceptable = (wanted ?? '').split(',', maxAsked).filter((part) => !/;\s*q=0(\.0*)?\s*$/.test(part))
  return acceptable.map((part) => part.split(';')[0] ?? '')
}

/** Whether a caller prefers Swedish to English, the default. */
export function readsSwedish(acceptLanguage: string | undefined): boolean {
  return localeIn(['en', 'sv'], acceptLanguage) === 'sv'
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

/** The texts of two versions in one language if they share one, because a translation is not a difference between versions. */
export function textsIn(
  before: PolicyVersion,
  after: PolicyVersion,
  wanted: string | undefined,
): [PolicyText, PolicyText] {
  const common = after.texts.map(({ locale }) => locale).filter((each) => before.texts.some((t) => t.locale === each))
  const locale = common.length > 0 ? localeIn(common, wanted) : wanted
  return [textIn(before, locale), textIn(after, locale)]
}

export function wordsIn(words: Localised, wanted: string | undefined): string {
  return words[localeIn(Object.keys(words), wanted) ?? ''] ?? ''
}
