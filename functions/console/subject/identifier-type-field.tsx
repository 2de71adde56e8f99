/** The types of identifiers by which the console names people. A ledger knows further ones of the controller's own. */
import { Field } from '../components/field.tsx'
import { english } from '../question/words-en.ts'
import { swedish } from '../question/words-sv.ts'
import { useWords } from '../shell/language.ts'

export const identifierTypes = ['email', 'phone', 'account', 'device'] as const

export type IdentifierType = (typeof identifierTypes)[number]

export const identifierTypeOf = (value: string): IdentifierType =>
  identifierTypes.find((type) => type === value) ?? 'email'

export interface IdentifierTypeFieldProps {
  readonly type: string
  readonly onChange: (type: IdentifierType) => void
}

export function IdentifierTypeField({ type, onChange }: IdentifierTypeFieldProps) {
  const words = useWords(english, swedish)
  return (
    <Field label={words('identifierType')}>
      {(control) => (
        <select {...control} value={type} onChange={(event) => onChange(identifierTypeOf(event.currentTarget.value))}>
          {identifierTypes.map((each) => (
            <option key={each} value={each}>
              {words(`type-${each}`)}
            </option>
          ))}
        </select>
      )}
    </Field>
  )
}
