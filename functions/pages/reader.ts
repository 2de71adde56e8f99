/**
 * The reader's language, and dates, durations, places and lists in it. The pages' own words are Swedish or English. The operator's texts are
 * in the languages that the operator published, and marked with `lang` where that is not the reader's.
 */

import { isRegion } from '../../shared/consent/countries.ts'
import { languageTag, lookUpLanguage } from '../../shared/consent/language.ts'
import type { Localised } from '../../shared/consent/policy.ts'
import { element } from './element.ts'
import { english, type Words } from './words-en.ts'
import { swedish } from './words-sv.ts'

export interface Reader {
  /** BCP 47. */
  readonly locale: string
  /** BCP 47, first choice first: `locale`, then the languages of the browser. */
  readonly languages: readonly string[]
  readonly words: Words
}

/** The pages' own words are in the first of the reader's languages that they exist in, otherwise in English. */
export function readerOf(locale: string, others: readonly string[] = navigator.languages): Reader {
  const languages = [locale, ...others].flatMap((each) => languageTag(each) ?? [])
  const words = lookUpLanguage(['sv', 'en'], languages) === 'sv' ? swedish : english
  return { locale: languages[0] ?? 'en', languages, words }
}

export function languageOf(locale: string): string {
  return locale.toLowerCase().split('-')[0] ?? ''
}

/** The text in the reader's language, otherwise in the language of the pages' own words, otherwise the first. */
export function textFor(reader: Reader, texts: Localised): readonly [text: string, locale: string] {
  const locales = Object.keys(texts)
  const locale = lookUpLanguage(locales, [...reader.languages, reader.words.language]) ?? locales[0] ?? ''
  return [texts[locale] ?? '', locale]
}

/** An operator's text, with a `lang` attribute where its language differs from the words around it. */
export function localisedText(reader: Reader, texts: Localised | undefined): HTMLElement | undefined {
  if (texts === undefined) return undefined
  const [text, locale] = textFor(reader, texts)
  return element('span', { lang: languageOf(locale) === reader.words.language ? undefined : locale }, text)
}

export function dateOf(reader: Reader, at: string): string {
  return format(reader, at, { dateStyle: 'long' })
}

/** In the reader's time zone, which is named. */
export function momentOf(reader: Reader, at: string): string {
  const day = { year: 'numeric', month: 'short', day: 'numeric' } as const
  return format(reader, at, { ...day, hour: '2-digit', minute: '2-digit', timeZoneName: 'short' })
}

function format({ words }: Reader, at: string, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(words.formats, options).format(new Date(at))
}

/** An ISO 8601 duration of years, months, weeks and days, or `session`, in words; anything else as it stands. */
export function durationOf({ words }: Reader, duration: string): string {
  if (duration === 'session') return words.session
  const parts = /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?$/.exec(duration)?.slice(1) ?? []
  const said = (['year', 'month', 'week', 'day'] as const).flatMap((unit, i) =>
    parts[i] === undefined
      ? []
      : new Intl.NumberFormat(words.formats, { style: 'unit', unit, unitDisplay: 'long' }).format(Number(parts[i])),
  )
  return said.length > 0 ? said.join(' ') : duration
}

/** The name of an ISO 3166-1 country or of a region. Other text, published before places were checked, is returned unchanged. */
export function placeOf({ words }: Reader, code: string): string {
  if (isRegion(code)) return words.regions[code]
  if (!/^[A-Z]{2}$/.test(code)) return code
  return new Intl.DisplayNames(words.formats, { type: 'region', fallback: 'code' }).of(code) ?? code
}

export function listOf({ words }: Reader, parts: readonly string[]): string {
  return new Intl.ListFormat(words.formats, { type: 'conjunction' }).format(parts)
}
