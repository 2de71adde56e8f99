/** The name of a language, or the tag itself where it is none: drafts and files may hold any text as a tag. */
export function languageName(languages: Intl.DisplayNames, locale: string): string {
  try {
    return languages.of(locale) ?? locale
  } catch {
    return locale
  }
}
