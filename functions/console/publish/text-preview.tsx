/** A policy's text as people read it: by the renderer of the preference centre, which parses no HTML. */
import { useEffect, useRef } from 'preact/hooks'

export function TextPreview({ text, mediaType }: { readonly text: string; readonly mediaType: string }) {
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => {
    let isNewest = true
    import('../../pages/policy-text.ts').then(({ policyText }) => {
      if (isNewest) place.current?.replaceChildren(policyText({ text, mediaType }))
    })
    return () => {
      isNewest = false
    }
  }, [text, mediaType])
  return <div ref={place} class="policy-text" />
}
