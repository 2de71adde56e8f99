/** Fields for values that are one text, one choice or one switch, and for lists of these. Any JSON value can be in a draft, so each is looked at. */
import { useState } from 'preact/hooks'
import { Field } from '../components/field.tsx'
import { useLanguage } from '../shell/language.ts'
import { languageName } from '../shell/language-name.ts'
import { isObject, type NamedValue, type Path, pointerOf, useForm } from './form-state.ts'
import { useLabels } from './labels.ts'

export interface ValueFieldProps {
  readonly path: Path
  readonly value: unknown
  /** Name of the member, for label and hint. */
  readonly name: string
  readonly isOptional: boolean
}

export interface TextFieldProps extends ValueFieldProps {
  /** Kind of the value, for a hint on how it is written. */
  readonly kind: string
}

const textOf = (value: unknown) => (typeof value === 'string' || typeof value === 'number' ? String(value) : '')
const textsIn = (value: unknown) => (Array.isArray(value) ? value.map(textOf) : [])

export function TextField({ path, value, name, isOptional, kind }: TextFieldProps) {
  const { change, faultAt } = useForm()
  const { label, hint } = useLabels()
  const pointer = pointerOf(path)
  return (
    <Field label={label(name, isOptional)} hint={hint(name, kind)} error={faultAt(pointer)}>
      {(control) => (
        <input
          {...control}
          name={pointer}
          value={textOf(value)}
          onInput={(event) => change(path, event.currentTarget.value || (isOptional ? undefined : ''))}
        />
      )}
    </Field>
  )
}

export function NumberField({ path, value, name, isOptional }: ValueFieldProps) {
  const { change, faultAt } = useForm()
  const { label, hint } = useLabels()
  const pointer = pointerOf(path)
  return (
    <Field label={label(name, isOptional)} hint={hint(name)} error={faultAt(pointer)}>
      {(control) => (
        <input
          {...control}
          name={pointer}
          type="number"
          min={1}
          value={textOf(value)}
          onInput={(event) => change(path, event.currentTarget.valueAsNumber)}
        />
      )}
    </Field>
  )
}

/** A choice among values with names of their own; among those of a schema, their names are the form's. */
export function ChoiceField({
  path,
  value,
  name,
  isOptional,
  values,
}: ValueFieldProps & { readonly values: readonly (string | NamedValue)[] }) {
  const { change, faultAt } = useForm()
  const { label, hint, valueName, none } = useLabels()
  const pointer = pointerOf(path)
  const chosen = textOf(value)
  const options = values.map((each) => (typeof each === 'string' ? { value: each, name: valueName(each) } : each))
  return (
    <Field label={label(name, isOptional)} hint={hint(name)} error={faultAt(pointer)}>
      {(control) => (
        <select
          {...control}
          name={pointer}
          value={chosen}
          onChange={(event) => change(path, event.currentTarget.value || (isOptional ? undefined : ''))}
        >
          {(isOptional || !options.some((each) => each.value === chosen)) && <option value="">{none}</option>}
          {options.map((each) => (
            <option key={each.value} value={each.value}>
              {each.name}
            </option>
          ))}
        </select>
      )}
    </Field>
  )
}

export function FlagField({ path, value, name, isOptional }: ValueFieldProps) {
  const { change, faultAt } = useForm()
  const { label, hint } = useLabels()
  const pointer = pointerOf(path)
  const error = faultAt(pointer)
  return (
    <div class="field">
      <label class="choice">
        <input
          type="checkbox"
          name={pointer}
          checked={value === true}
          onChange={(event) => change(path, event.currentTarget.checked || (isOptional ? undefined : false))}
        />
        {label(name)}
      </label>
      {hint(name) !== undefined && <p class="hint">{hint(name)}</p>}
      {error !== undefined && <p class="field-error">{error}</p>}
    </div>
  )
}

/** Several of a few values, in the order of the values. */
export function ChoicesField({
  path,
  value,
  name,
  isOptional,
  values,
}: ValueFieldProps & { readonly values: readonly string[] }) {
  const { change, faultAt } = useForm()
  const { label, hint, valueName } = useLabels()
  const pointer = pointerOf(path)
  const chosen = textsIn(value)
  const error = faultAt(pointer)
  const toggle = (each: string, isOn: boolean) => {
    const next = values.filter((other) => (other === each ? isOn : chosen.includes(other)))
    change(path, next.length === 0 && isOptional ? undefined : next)
  }
  return (
    <fieldset>
      <legend>{label(name, isOptional)}</legend>
      {hint(name) !== undefined && <p class="hint">{hint(name)}</p>}
      {values.map((each) => (
        <label key={each} class="choice">
          <input
            type="checkbox"
            name={pointer}
            checked={chosen.includes(each)}
            onChange={(event) => toggle(each, event.currentTarget.checked)}
          />
          {valueName(each)}
        </label>
      ))}
      {error !== undefined && <p class="field-error">{error}</p>}
    </fieldset>
  )
}

/** A list of short texts, one a line. Empty lines count for nothing, and stay while they are typed. */
export function LinesField({ path, value, name, isOptional, kind }: TextFieldProps) {
  const { change, faultAt } = useForm()
  const { label, hint, onePerLine } = useLabels()
  const pointer = pointerOf(path)
  const lines = textsIn(value)
  const [typed, setTyped] = useState('')
  const shown = linesOf(typed).join('\n') === lines.join('\n') ? typed : lines.join('\n')
  const [first] = lines.map((_, i) => faultAt(`${pointer}/${i}`)).filter((each) => each !== undefined)
  const described = [hint(name, kind), onePerLine].filter(Boolean).join(' ')
  return (
    <Field label={label(name, isOptional)} hint={described} error={faultAt(pointer) ?? first}>
      {(control) => (
        <textarea
          {...control}
          name={pointer}
          rows={Math.min(8, Math.max(2, lines.length + 1))}
          value={shown}
          onInput={(event) => {
            setTyped(event.currentTarget.value)
            const next = linesOf(event.currentTarget.value)
            change(path, next.length === 0 && isOptional ? undefined : next)
          }}
        />
      )}
    </Field>
  )
}

function linesOf(typed: string): readonly string[] {
  return typed
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
}

const singleLine: ReadonlySet<string> = new Set(['title', 'label'])

/** A text in each language of the form. One that is left empty is not stated. */
export function LocalisedField({ path, value, name, isOptional }: ValueFieldProps) {
  const { change, faultAt, locales } = useForm()
  const { label, hint } = useLabels()
  const language = useLanguage()
  const languages = new Intl.DisplayNames(language, { type: 'language' })
  const texts = isObject(value) ? value : {}
  const all = [...new Set([...locales, ...Object.keys(texts)])]
  const write = (locale: string, text: string) => {
    const { [locale]: _, ...others } = texts
    const next = text === '' ? others : { ...texts, [locale]: text }
    change(path, Object.keys(next).length === 0 && isOptional ? undefined : next)
  }
  const whole = faultAt(pointerOf(path))
  return (
    <fieldset class="localised">
      <legend>{label(name, isOptional)}</legend>
      {hint(name) !== undefined && <p class="hint">{hint(name)}</p>}
      <div class="row">
        {all.map((locale, i) => {
          const pointer = pointerOf([...path, locale])
          const control = { name: pointer, lang: locale, value: textOf(texts[locale]) }
          return (
            <Field
              key={locale}
              label={labelOf(languages, locale, all)}
              error={faultAt(pointer) ?? (i === 0 ? whole : undefined)}
            >
              {(described) =>
                singleLine.has(name) ? (
                  <input {...described} {...control} onInput={(event) => write(locale, event.currentTarget.value)} />
                ) : (
                  <textarea
                    {...described}
                    {...control}
                    rows={3}
                    onInput={(event) => write(locale, event.currentTarget.value)}
                  />
                )
              }
            </Field>
          )
        })}
      </div>
    </fieldset>
  )
}

/** A language begins a label, and its region is left out where the others are of other languages. */
function labelOf(languages: Intl.DisplayNames, locale: string, all: readonly string[]): string {
  const language = (tag: string) => tag.split('-')[0] ?? tag
  const isOnly = all.filter((each) => language(each) === language(locale)).length === 1
  const name = languageName(languages, isOnly ? language(locale) : locale)
  return name.charAt(0).toLocaleUpperCase() + name.slice(1)
}
