/** The texts in a proof, closed until the reader opens them: as they were hashed, markup and all. */
import type { ProofText } from '../../../shared/consent/proof-file.ts'
import { useLanguage, useWords } from '../shell/language.ts'
import { languageName } from '../shell/language-name.ts'
import { beginning } from './visible-text.ts'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

const maxCharacters = 100_000

export function ProofTexts({ texts }: { readonly texts: readonly ProofText[] }) {
  const words = useWords(english, swedish)
  const languages = new Intl.DisplayNames(useLanguage(), { type: 'language' })
  return (
    <>
      {texts.map(({ version, locale, sha256, text }) => {
        const { shown, left } = beginning(text, maxCharacters)
        return (
          <details key={`${version} ${locale}`}>
            <summary>{words('text', { version, language: languageName(languages, locale) })}</summary>
            <p class="hint">
              SHA-256 <code>{sha256}</code>
            </p>
            <div class="published-text" lang={locale} dir="auto">
              {shown}
            </div>
            {left > 0 && <p class="hint">{words('left', { count: left })}</p>}
          </details>
        )
      })}
    </>
  )
}
