/**
 * Which of several languages a reader gets: the lookup of RFC 4647, section 3.4 (https://www.rfc-editor.org/rfc/rfc4647#section-3.4), which
 * truncates the reader's tag. Only languages in the reader's script are considered. Likely scripts are Unicode's (`Intl.Locale.maximize`):
 * `zh-TW` has traditional characters and `zh` simplified ones, so neither answers the other.
 *
 * POSIX spellings are read too: `en_US`, `de_DE.UTF-8`, `ca_ES@valencia`. A tag that cannot be read is passed over.
 */

/** The macrolanguage of languages whose readers understand each other: ISO 639-3 has `nb` and `nn` within `no`. */
const macrolanguages: Readonly<Record<string, string>> = { nb: 'no', nn: 'no' }

/**
 * @param available language tags of the texts there are
 * @param wanted language tags of the reader, first choice first
 * @returns the one of `available`, as it is spelled there, that suits the first of `wanted` that any suits; `undefined` when none does
 */
export function lookUpLanguage(available: readonly string[], wanted: readonly string[]): string | undefined {
  const texts = available.flatMap((given) => {
    const tag = readTag(given)
    return tag ? [{ given, ...tag }] : []
  })
  for (const each of wanted) {
    const reader = readTag(each)
    const found = reader && bestOf(texts, reader)
    if (found) return found.given
  }
  return undefined
}

/** The text in the reader's language, else in English, else in the first that there is; empty when there is none. */
export function localText(texts: Readonly<Record<string, string>>, language: string): string {
  const locales = Object.keys(texts)
  return texts[lookUpLanguage(locales, [language, 'en']) ?? locales[0] ?? ''] ?? ''
}

/** The tag in BCP 47's spelling, without extensions; `undefined` for what is no tag. */
export function languageTag(text: string): string | undefined {
  return localeOf(text)?.baseName
}

function localeOf(text: string): Intl.Locale | undefined {
  try {
    return new Intl.Locale((text.split(/[.@]/)[0] ?? '').trim().replaceAll('_', '-'))
  } catch {
    return undefined
  }
}

interface Tag {
  /** Without extensions, lower case: `sv-se`. */
  readonly tag: string
  readonly language: string
  readonly family: string
  readonly script: string | undefined
  readonly region: string | undefined
}

function readTag(text: string): Tag | undefined {
  const locale = localeOf(text)
  if (locale === undefined) return undefined
  const { language, script, region } = locale.maximize()
  const family = macrolanguages[language] ?? language
  return { tag: locale.baseName.toLowerCase(), language, family, script, region }
}

/**
 * In this order: the reader's tag or its longest prefix; a tag of the same region; the bare language; any tag of the language; and, by the
 * same last three, a tag of the family.
 */
function bestOf<T extends Tag>(texts: readonly T[], reader: Tag): T | undefined {
  const legible = texts.filter(({ family, script }) => family === reader.family && script === reader.script)
  const own = legible.filter(({ language }) => language === reader.language)
  const parts = reader.tag.split('-')
  for (let length = parts.length; length > 0; length -= 1) {
    const range = parts.slice(0, length).join('-')
    const found = own.find(({ tag }) => tag === range)
    if (found) return found
  }
  const general = (among: readonly T[]) =>
    among.find(({ region }) => region === reader.region) ?? among.find(({ tag }) => !tag.includes('-')) ?? among[0]
  return general(own) ?? general(legible)
}
