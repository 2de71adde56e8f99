/** The texts of a version, one for each language, with the text as people will read it beside it. */
import { useState } from 'preact/hooks'
import { Field } from '../components/field.tsx'
import { pointerOf, useForm } from '../schema-form/form-state.ts'
import { useLabels } from '../schema-form/labels.ts'
import { useFaultWords } from '../schema-form/use-fault-words.ts'
import { useLanguage, useWords } from '../shell/language.ts'
import { languageName } from '../shell/language-name.ts'
import { useSettled } from '../shell/use-settled.ts'
import type { Draft } from './draft.ts'
import { TextPreview } from './text-preview.tsx'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

type Text = Draft['texts'][number]

export function TextsEditor({ texts }: { readonly texts: readonly Text[] }) {
  const words = useWords(english, swedish)
  const language = useLanguage()
  const { change, faultAt } = useForm()
  const [index, setIndex] = useState(0)
  const languages = new Intl.DisplayNames(language, { type: 'language' })
  const shown = Math.min(index, texts.length - 1)
  const text = texts[shown]
  const error = faultAt('/texts')
  return (
    <section class="card">
      <h3>{words('texts')}</h3>
      {error !== undefined && <p class="field-error">{error}</p>}
      <div class="row">
        {texts.length > 0 && (
          <Field label={words('textIn')}>
            {(control) => (
              <select
                {...control}
                value={String(shown)}
                onChange={(event) => setIndex(Number(event.currentTarget.value))}
              >
                {texts.map(({ locale }, i) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: the index is what is chosen; a draft may have a language twice
                  <option key={i} value={String(i)}>
                    {languageName(languages, locale)} ({locale})
                  </option>
                ))}
              </select>
            )}
          </Field>
        )}
        <AddLanguage
          taken={texts.map(({ locale }) => locale)}
          onAdd={(locale) => {
            change(['texts'], [...texts, { locale, mediaType: 'text/markdown', text: '' }])
            setIndex(texts.length)
          }}
        />
      </div>
      {text && (
        <>
          <TextField key={shown} text={text} index={shown} />
          <button type="button" class="link" onClick={() => change(['texts'], texts.toSpliced(shown, 1))}>
            {words('removeLanguage', { language: languageName(languages, text.locale) })}
          </button>
        </>
      )}
    </section>
  )
}

function TextField({ text, index }: { readonly text: Text; readonly index: number }) {
  const words = useWords(english, swedish)
  const { valueName } = useLabels()
  const { change, faultAt } = useForm()
  const settled = useSettled(text)
  const pointer = pointerOf(['texts', index, 'text'])
  return (
    <div class="beside">
      <Field
        label={words('textAs', { form: valueName(text.mediaType) })}
        hint={words('textHint')}
        error={faultAt(pointer) ?? faultAt(pointerOf(['texts', index, 'locale']))}
      >
        {(control) => (
          <textarea
            {...control}
            class="source"
            name={pointer}
            lang={text.locale}
            dir="auto"
            value={text.text}
            onInput={(event) => change(['texts', index, 'text'], event.currentTarget.value)}
          />
        )}
      </Field>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region has to be reachable by keyboard (WCAG 2.1.1) */}
      <section class="preview" aria-label={words('preview')} lang={settled.locale} tabIndex={0}>
        <p class="hint">{words('preview')}</p>
        <TextPreview text={settled.text} mediaType={settled.mediaType} />
      </section>
    </div>
  )
}

function AddLanguage({
  taken,
  onAdd,
}: {
  readonly taken: readonly string[]
  readonly onAdd: (locale: string) => void
}) {
  const words = useWords(english, swedish)
  const faultWords = useFaultWords()
  const [locale, setLocale] = useState('')
  const [rule, setRule] = useState<string>()
  const add = () => {
    const isTag = /^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/.test(locale) && locale.length <= 35
    const broken = taken.includes(locale) ? 'repeated' : isTag ? undefined : 'isLocale'
    setRule(broken)
    if (broken !== undefined) return
    onAdd(locale)
    setLocale('')
  }
  return (
    <Field
      label={words('otherLanguage')}
      hint={words('otherLanguageHint')}
      error={rule === undefined ? undefined : faultWords({ pointer: '', rule, detail: '', values: { given: locale } })}
    >
      {(control) => (
        <div class="joined">
          <input {...control} value={locale} onInput={(event) => setLocale(event.currentTarget.value.trim())} />
          <button type="button" class="quiet" onClick={add}>
            {words('addLanguage')}
          </button>
        </div>
      )}
    </Field>
  )
}
