/**
 * Which of several languages a reader gets: lookup of RFC 4647, section 3.4 (https://www.rfc-editor.org/rfc/rfc4647#section-3.4), by
 * truncation, among those alone that are written in the reader's script. Likely scripts are Unicode's (`Intl.Locale.maximize`): `zh-TW` is
 * written in traditional characters and `zh` in simplified ones, so the one is no answer to the other.
 *
 * Tags are read as they are met: `en_US`, `de_DE.UTF-8` and `ca_ES@valencia` are POSIX's spelling. A tag that cannot be read is passed over.
 */

/** Languages of a macrolanguage that its readers and theirs understand: ISO 639-3 has `nb` and `nn` within `no`. */
const macrolanguages: Readonly<Record<string, string>> = { nb: 'no', nn: 'no' }

/** The first of `wanted` that one of `available` answers; `undefined` when none does. Both are language tags; the answer is as given. */
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

/** Exact, then ever shorter, then of the same region, then without one, then whatever is of the language, then of its family. */
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
