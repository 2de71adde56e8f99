/** Copies a text, and says that it did. */
import { useState } from 'preact/hooks'
import { useWords } from '../shell/language.ts'
import { english } from '../shell/words-en.ts'
import { swedish } from '../shell/words-sv.ts'

export function CopyButton({ text, name }: { readonly text: string; readonly name: string }) {
  const words = useWords(english, swedish)
  const [isCopied, setIsCopied] = useState(false)
  const copy = () => navigator.clipboard.writeText(text).then(() => setIsCopied(true))
  return (
    <>
      <button type="button" class="link" aria-label={`${words('copy')}: ${name}`} onClick={copy}>
        {words('copy')}
      </button>
      <span role="status"> {isCopied ? words('copied') : ''}</span>
    </>
  )
}
