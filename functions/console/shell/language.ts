/**
 * Words, dates and numbers in the reader's language. Messages are in ICU MessageFormat (https://unicode-org.github.io/icu/userguide/format_parse/messages/),
 * so that plurals are the language's own. A page has its words beside it, in `words-en.ts` and `words-sv.ts`.
 *
 * All times are shown in the reader's time zone, with the zone named; the ledger's own are UTC.
 */
import { IntlMessageFormat } from 'intl-messageformat'
import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import { browserStorage, storeIn } from './storage.ts'

export const languages = ['en', 'sv'] as const

export type Language = (typeof languages)[number]

export const languageNames: Readonly<Record<Language, string>> = { en: 'English', sv: 'Svenska' }

/** English with day before month and a clock of 24 hours, as Europe writes it. */
const regions: Readonly<Record<Language, string>> = { en: 'en-GB', sv: 'sv-SE' }

export type Messages = Readonly<Record<string, string>>

/** The Swedish words of the same names. A word that is missing does not compile. */
export type Translated<M extends Messages> = Readonly<Record<keyof M, string>>

export type Values = Readonly<Record<string, string | number>>

const languageKey = 'consent-console:language'

/** The language that the reader chose before, else the browser's first that there is. */
export function initialLanguage(): Language {
  const wanted = [browserStorage().getItem(languageKey) ?? '', ...navigator.languages]
  return wanted.map((tag) => tag.slice(0, 2)).find((tag): tag is Language => tag in languageNames) ?? 'en'
}

export function rememberLanguage(language: Language): void {
  storeIn(browserStorage(), languageKey, language)
}

export const LanguageContext = createContext<Language>('en')

export const useLanguage = () => useContext(LanguageContext)

/**
 * The words of a page in the reader's language.
 *
 * @example
 * const words = useWords(english, swedish)
 * words('found', { count: 3 })
 */
export function useWords<M extends Messages>(
  english: M,
  swedish: Translated<M>,
): (name: keyof M & string, values?: Values) => string {
  const language = useLanguage()
  return wordsIn<M>(language === 'sv' ? swedish : english, language)
}

type Words = (name: string, values?: Values) => string

/** Reading a message takes longer than formatting it, and hundreds of components of a page have the same words. */
const known = new WeakMap<Messages, Words>()

/** @param messages of the language: a page's words in one language are always the same object */
export function wordsIn<M extends Messages>(
  messages: Translated<M>,
  language: Language,
): (name: keyof M & string, values?: Values) => string {
  const words = known.get(messages) ?? readWords(messages, language)
  known.set(messages, words)
  return words
}

function readWords(messages: Messages, language: Language): Words {
  const read = new Map<string, IntlMessageFormat>()
  return (name, values) => {
    // A value of a newer ledger, or of a program in front of it, has no words: it is shown as it is, and not read as a message.
    const message = Object.hasOwn(messages, name) ? messages[name] : undefined
    if (message === undefined) return name
    let format = read.get(name)
    if (!format) {
      format = new IntlMessageFormat(message, regions[language])
      read.set(name, format)
    }
    return String(format.format(values))
  }
}

export interface Formats {
  /** Date and time of an RFC 3339 instant, with seconds and the zone. */
  instant(instant: string): string
  day(instant: string): string
  number(value: number): string
  /** A number of bytes in the largest unit of which there is at least one, such as `83 kB`. */
  bytes(value: number): string
  /** Parts of the date and time of an instant, in milliseconds since 1970. */
  parts(at: number, options: Intl.DateTimeFormatOptions): string
  list(items: readonly string[]): string
}

export function useFormats(): Formats {
  return formatsIn(useLanguage())
}

const formats = new Map<Language, Formats>()

export function formatsIn(language: Language): Formats {
  const made = formats.get(language) ?? makeFormats(language)
  formats.set(language, made)
  return made
}

function makeFormats(language: Language): Formats {
  const region = regions[language]
  const instants = new Intl.DateTimeFormat(region, {
    ...({ day: 'numeric', month: 'long', year: 'numeric' } as const),
    ...({ hour: '2-digit', minute: '2-digit', second: '2-digit', timeZoneName: 'short' } as const),
  })
  const days = new Intl.DateTimeFormat(region, { day: 'numeric', month: 'long', year: 'numeric' })
  const numbers = new Intl.NumberFormat(region)
  const ofParts = new Map<Intl.DateTimeFormatOptions, Intl.DateTimeFormat>()
  const partsIn = (options: Intl.DateTimeFormatOptions) => {
    const known = ofParts.get(options) ?? new Intl.DateTimeFormat(region, options)
    ofParts.set(options, known)
    return known
  }
  const lists = new Intl.ListFormat(region, { type: 'conjunction' })
  return {
    instant: (instant) => instants.format(new Date(instant)),
    day: (instant) => days.format(new Date(instant)),
    number: (value) => numbers.format(value),
    bytes: (value) => bytesIn(region, value),
    parts: (at, options) => partsIn(options).format(at),
    list: (items) => lists.format(items),
  }
}

const byteUnits = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const

function bytesIn(region: string, bytes: number): string {
  const power = Math.min(byteUnits.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3))
  const format = { style: 'unit', unit: byteUnits[power], maximumSignificantDigits: 3 } as const
  return new Intl.NumberFormat(region, format).format(bytes / 1000 ** power)
}
