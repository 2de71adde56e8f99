/** A policy's text as people read it: by the renderer of all pages, which parses no HTML. */
import { useEffect, useRef } from 'preact/hooks'
import { footnoteWords } from '../../markdown/footnote-words.ts'
import { useLanguage } from '../shell/language.ts'

export function TextPreview({ text, mediaType }: { readonly text: string; readonly mediaType: string }) {
  const language = useLanguage()
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => {
    let isNewest = true
    import('../../markdown/policy-text-elements.ts').then(({ renderPolicyText }) => {
      if (isNewest && place.current)
        renderPolicyText(
          place.current,
          { text, mediaType },
          { topLevel: 3, idPrefix: 'preview-', words: footnoteWords[language] },
        )
    })
    return () => {
      isNewest = false
    }
  }, [text, mediaType, language])
  return <div ref={place} class="policy-text" dir="auto" />
}
