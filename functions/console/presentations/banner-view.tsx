/** The banner with a draft, by the banner's own code. Its buttons record nothing. */
import { useEffect, useRef, useState } from 'preact/hooks'
import type { PolicyVersion } from '../../../shared/consent/policy.ts'
import type { PresentationDraft } from '../../../shared/consent/publication.ts'
import { Field } from '../components/field.tsx'
import { Notice } from '../components/notice.tsx'
import { useLanguage, useWords } from '../shell/language.ts'
import { languageName } from '../shell/language-name.ts'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

export interface BannerViewProps {
  readonly draft: PresentationDraft
  readonly version: PolicyVersion
}

export function BannerView({ draft, version }: BannerViewProps) {
  const words = useWords(english, swedish)
  const language = useLanguage()
  const [locale, setLocale] = useState(version.texts[0]?.locale ?? 'en')
  const [isUsed, setIsUsed] = useState(true)
  const [isPressed, setIsPressed] = useState(false)
  const place = useRef<HTMLDivElement>(null)
  const languages = new Intl.DisplayNames(language, { type: 'language' })
  useEffect(() => {
    const ending = new AbortController()
    import('../../pages/banner/preview-banner.ts').then(({ previewBanner }) => {
      if (ending.signal.aborted || place.current === null) return
      const presentation = { ...draft, publishedAt: '' }
      const onPress = () => setIsPressed(true)
      const preview = previewBanner(place.current, { presentation, purposes: version.purposes, locale, onPress })
      setIsUsed(preview.isUsed)
      ending.signal.addEventListener('abort', () => preview.remove())
    })
    return () => ending.abort()
  }, [draft, version, locale])
  return (
    <section class="card">
      <h3>{words('preview')}</h3>
      <Field label={words('readerLanguage')}>
        {(control) => (
          <select {...control} value={locale} onChange={(event) => setLocale(event.currentTarget.value)}>
            {version.texts.map((text) => (
              <option key={text.locale} value={text.locale}>
                {languageName(languages, text.locale)}
              </option>
            ))}
          </select>
        )}
      </Field>
      {!isUsed && <Notice kind="warning">{words('notUsed')}</Notice>}
      <div ref={place} class="banner-stage" />
      <p class="hint" role="status">
        {words(isPressed ? 'pressed' : 'previewHint')}
      </p>
    </section>
  )
}
