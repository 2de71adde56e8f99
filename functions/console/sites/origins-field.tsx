/** Origins, one on each line, each checked while it is typed by the rule of the ledger. */
import { Field } from '../components/field.tsx'
import { useWords } from '../shell/language.ts'
import { mostOrigins, readOrigins } from './read-origins.ts'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

export interface OriginsFieldProps {
  readonly typed: string
  readonly onType: (typed: string) => void
}

export function OriginsField({ typed, onType }: OriginsFieldProps) {
  const words = useWords(english, swedish)
  const { faulty, origins } = readOrigins(typed)
  const error =
    faulty !== undefined
      ? words(faulty.includes('*') ? 'wildcard' : 'notAnOrigin', { given: faulty })
      : origins.length > mostOrigins
        ? words('tooManyOrigins', { most: mostOrigins })
        : undefined
  return (
    <Field label={words('origins')} hint={words('originsHint')} error={error}>
      {(control) => (
        <textarea
          {...control}
          rows={4}
          spellcheck={false}
          value={typed}
          onInput={(event) => onType(event.currentTarget.value)}
        />
      )}
    </Field>
  )
}
