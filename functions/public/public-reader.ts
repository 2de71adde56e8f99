/**
 * Who reads a public page, as far as a request says: the languages, in the order of preference. The pages' own words are Swedish or English.
 * Dates are in UTC, as the ledger's instants are, because a server does not know the reader's time zone; a version comes into force at an
 * instant, and days are named for it.
 */
import type { Localised, PolicyText } from '../../shared/consent/policy.ts'
import { askedLanguages, languageOf, localeIn } from '../http/language.ts'
import { type Reader, readerOf } from '../pages/reader.ts'
import { type Html, html } from './html.ts'
import { english, type PublicWords } from './words-en.ts'
import { swedish } from './words-sv.ts'

export interface PublicReader {
  readonly words: PublicWords
  /** For what the preference centre says in the same words: legal bases, roles, durations, places. */
  readonly declared: Reader
  /** As `localeIn` takes them. */
  readonly wanted: string
}

/** @param lang of the address, which goes before `acceptLanguage` */
export function publicReaderOf(lang: string | undefined, acceptLanguage: string | undefined): PublicReader {
  const asked = [lang, acceptLanguage].filter(Boolean).join(',')
  const words = localeIn(['en', 'sv'], asked) === 'sv' ? swedish : english
  return {
    words,
    declared: readerOf(words.language, askedLanguages(asked)),
    wanted: [asked, words.language].filter(Boolean).join(','),
  }
}

/** What a controller wrote, marked with its language where that is not the page's; languages that are written from the right are, too. */
export function written({ words, wanted }: PublicReader, texts: Localised | undefined): Html | undefined {
  if (texts === undefined) return undefined
  const locale = localeIn(Object.keys(texts), wanted) ?? ''
  const text = texts[locale] ?? ''
  return languageOf(locale) === words.language ? html`${text}` : html`<span lang="${locale}" dir="auto">${text}</span>`
}

/** The same without a mark, for titles of pages and for programs. */
export function plainly({ wanted }: PublicReader, texts: Localised): string {
  return texts[localeIn(Object.keys(texts), wanted) ?? ''] ?? ''
}

export function textFor({ wanted }: PublicReader, texts: readonly PolicyText[]): PolicyText | undefined {
  const locale = localeIn(
    texts.map((text) => text.locale),
    wanted,
  )
  return texts.find((text) => text.locale === locale)
}

export function dateOf({ words }: PublicReader, instant: string): string {
  return new Intl.DateTimeFormat(words.formats, { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(instant))
}

export function timeElement(reader: PublicReader, instant: string): Html {
  return html`<time datetime="${instant}">${dateOf(reader, instant)}</time>`
}

/** The name of a language in the reader's own. */
export function languageName({ words }: PublicReader, locale: string): string {
  return new Intl.DisplayNames(words.formats, { type: 'language', fallback: 'code' }).of(languageOf(locale)) ?? locale
}
