/**
 * The two languages of the site. Both texts of a sentence are written together, so that neither is forgotten. Links carry the language; the
 * device remembers it only where `preferences` is permitted.
 */
import type { Localised } from '../../../shared/consent/policy.ts'

const languages = ['sv', 'en'] as const
export type Language = (typeof languages)[number]

export interface Words {
  readonly language: Language
  /** Locale of the ledger's texts. */
  readonly locale: 'sv-SE' | 'en'
  /** The one of the two that is in the visitor's language. */
  say(swedish: string, english: string): string
  /** A text of the ledger in the visitor's language, or in another when it lacks that one. */
  of(localised: Localised): string
  day(instant: string): string
  /** Names the time zone, which is that of the company. */
  minute(instant: string): string
  /** A number with the form of the noun that fits it: for one, and for any other. */
  count(
    number: number,
    swedish: readonly [one: string, other: string],
    english: readonly [one: string, other: string],
  ): string
  /** A link within the site. */
  to(path: string, query?: Readonly<Record<string, string>>): string
}

const cookie = 'lj_prefs'

/** The language in the address, otherwise the one that the device remembers, otherwise Swedish. */
export function languageOf(query: URLSearchParams, cookies: ReadonlyMap<string, string>): Language {
  return [query.get('lang'), cookies.get(cookie)].find((given) => isLanguage(given)) ?? 'sv'
}

function isLanguage(given: string | null | undefined): given is Language {
  return languages.some((language) => language === given)
}

export function wordsIn(language: Language): Words {
  const locale = language === 'sv' ? 'sv-SE' : 'en'
  const zone = { timeZone: 'Europe/Stockholm' } as const
  const day = new Intl.DateTimeFormat(language === 'sv' ? 'sv-SE' : 'en-GB', { dateStyle: 'long', ...zone })
  const minute = new Intl.DateTimeFormat(language === 'sv' ? 'sv-SE' : 'en-GB', {
    ...{ year: 'numeric', month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit' },
    ...{ timeZoneName: 'short', ...zone },
  })
  const plurals = new Intl.PluralRules(language)
  return {
    language,
    locale,
    say: (swedish, english) => (language === 'sv' ? swedish : english),
    of: (localised) => localised[locale] ?? Object.values(localised)[0] ?? '',
    day: (instant) => day.format(new Date(instant)),
    minute: (instant) => minute.format(new Date(instant)),
    count(number, swedish, english) {
      const [one, other] = language === 'sv' ? swedish : english
      return `${number} ${plurals.select(number) === 'one' ? one : other}`
    },
    to(path, query = {}) {
      const asked = new URLSearchParams({ ...query, ...(language === 'en' && { lang: 'en' }) }).toString()
      return asked === '' ? path : `${path}?${asked}`
    },
  }
}
