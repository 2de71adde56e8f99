/**
 * The fields of one person's identifier. What is typed stays in the page's memory and is sent in the body of a request only: it is in no address, no
 * storage and no log.
 */
import { useRef } from 'preact/hooks'
import type { Identifier } from '../../../shared/server/wire.ts'
import { Field } from '../components/field.tsx'
import { english } from '../question/words-en.ts'
import { swedish } from '../question/words-sv.ts'
import { useWords } from '../shell/language.ts'
import { IdentifierTypeField, identifierTypeOf } from './identifier-type-field.tsx'
import { recogniseType } from './recognise-type.ts'

export interface SubjectFieldsProps {
  readonly subject: Identifier
  readonly onChange: (subject: Identifier) => void
  readonly error?: string | undefined
  /** Whether the browser asks for an identifier before it sends the form. */
  readonly isRequired?: boolean
}

export function SubjectFields({ subject, onChange, error, isRequired = false }: SubjectFieldsProps) {
  const words = useWords(english, swedish)
  // What the reader chose stands, whatever they type: an account may be spelt like an e-mail address.
  const isChosen = useRef(false)
  const choose = (type: string) => {
    isChosen.current = true
    onChange({ ...subject, type })
  }
  const enter = (id: string) =>
    onChange({ type: (isChosen.current ? undefined : recogniseType(id)) ?? subject.type, id })
  return (
    <div class="row">
      <IdentifierTypeField type={subject.type} onChange={choose} />
      <Field label={words('identifier')} hint={words(`hint-${identifierTypeOf(subject.type)}`)} error={error}>
        {(control) => (
          <input
            {...control}
            required={isRequired}
            maxLength={256}
            spellcheck={false}
            autocapitalize="off"
            value={subject.id}
            onInput={(event) => enter(event.currentTarget.value)}
          />
        )}
      </Field>
    </div>
  )
}
