/**
 * The fields of one person's identifier. What is typed stays in the page's memory and is sent in the body of a request only: it is in no address, no
 * storage and no log.
 */
import type { Identifier } from '../../../shared/server/wire.ts'
import { Field } from '../components/field.tsx'
import { english } from '../question/words-en.ts'
import { swedish } from '../question/words-sv.ts'
import { useWords } from '../shell/language.ts'
import { IdentifierTypeField, identifierTypeOf } from './identifier-type-field.tsx'

export interface SubjectFieldsProps {
  readonly subject: Identifier
  readonly onChange: (subject: Identifier) => void
  readonly error?: string | undefined
  /** Whether the browser asks for an identifier before it sends the form. */
  readonly isRequired?: boolean
}

export function SubjectFields({ subject, onChange, error, isRequired = false }: SubjectFieldsProps) {
  const words = useWords(english, swedish)
  return (
    <div class="row">
      <IdentifierTypeField type={subject.type} onChange={(type) => onChange({ ...subject, type })} />
      <Field label={words('identifier')} hint={words(`hint-${identifierTypeOf(subject.type)}`)} error={error}>
        {(control) => (
          <input
            {...control}
            required={isRequired}
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
