/** The texts of a proof in full, at the end of the report. */
import type { ProofText } from '../../../shared/consent/proof-file.ts'
import { useWords } from '../shell/language.ts'
import { beginning } from '../verify/visible-text.ts'
import { english as verifyEnglish } from '../verify/words-en.ts'
import { swedish as verifySwedish } from '../verify/words-sv.ts'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

/** Some forty pages. A longer text is in the file. */
const maxCharacters = 150_000

export function ReportTexts({ texts }: { readonly texts: readonly ProofText[] }) {
  const words = useWords(english, swedish)
  const shared = useWords(verifyEnglish, verifySwedish)
  return (
    <>
      {texts.map(({ version, locale, sha256, text }) => {
        const { shown, left } = beginning(text, maxCharacters)
        return (
          <section class="report-text" key={`${version} ${locale}`}>
            <h2>{words('text', { version, locale })}</h2>
            <p>
              SHA-256 <code>{sha256}</code>
            </p>
            <div class="published-text" lang={locale} dir="auto">
              {shown}
            </div>
            {left > 0 && <p>{shared('left', { count: left })}</p>}
          </section>
        )
      })}
    </>
  )
}
