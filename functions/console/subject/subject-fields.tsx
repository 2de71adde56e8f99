/**
 * The fields of one person's identifier. What is typed stays in the page's memory and is sent in the body of a request only: it is in no address, no
 * storage and no log.
 */
import type { Identifier } from '../../../shared/server/wire.ts'
import { Field } from '../components/field.tsx'
import { identifierTypes } from '../question/question-form.tsx'
import { english } from '../question/words-en.ts'
import { swedish } from '../question/words-sv.ts'
import { useWords } from '../shell/language.ts'

export interface SubjectFieldsProps {
  readonly subject: Identifier
  readonly onChange: (subject: Identifier) => void
  readonly error?: string | undefined
}

export function SubjectFields({ subject, onChange, error }: SubjectFieldsProps) {
  const words = useWords(english, swedish)
  const typeOf = (value: string) => identifierTypes.find((type) => type === value) ?? 'email'
  const shownType = typeOf(subject.type)
  return (
    <div class="row">
      <Field label={words('identifierType')}>
        {(control) => (
          <select
            {...control}
            value={subject.type}
            onChange={(event) => onChange({ ...subject, type: typeOf(event.currentTarget.value) })}
          >
            {identifierTypes.map((type) => (
              <option key={type} value={type}>
                {words(`type-${type}`)}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label={words('identifier')} hint={words(`hint-${shownType}`)} error={error}>
        {(control) => (
          <input
            {...control}
            maxLength={256}
            spellcheck={false}
            autocapitalize="off"
            value={subject.id}
            onInput={(event) => onChange({ ...subject, id: event.currentTarget.value })}
          />
        )}
      </Field>
    </div>
  )
}
