/** A checkpoint that the reader saved before, pasted as the signed note that it is. */
import { Field } from '../components/field.tsx'
import { useWords } from '../shell/language.ts'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

export interface SavedNoteFieldProps {
  readonly note: string
  readonly onChange: (note: string) => void
}

export function SavedNoteField({ note, onChange }: SavedNoteFieldProps) {
  const words = useWords(english, swedish)
  return (
    <Field label={words('savedNote')} hint={words('savedNoteHint')}>
      {(control) => (
        <textarea
          {...control}
          required
          rows={6}
          maxLength={100_000}
          spellcheck={false}
          class="code"
          value={note}
          onInput={(event) => onChange(event.currentTarget.value)}
        />
      )}
    </Field>
  )
}

/** The note as it was signed: with one final newline, which text fields drop or add to. */
export function signedNoteOf(pasted: string): string {
  return `${pasted.replaceAll('\r\n', '\n').replace(/\n*$/, '')}\n`
}
