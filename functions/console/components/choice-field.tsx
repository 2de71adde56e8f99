/** A labelled list from which one of a few known words is chosen. */
import { Field } from './field.tsx'

export interface ChoiceFieldProps<Choice extends string> {
  readonly label: string
  readonly choices: readonly Choice[]
  readonly value: Choice
  readonly textOf: (choice: Choice) => string
  readonly onChoice: (choice: Choice) => void
}

/**
 * @example
 * <ChoiceField label={words('kind')} choices={kinds} value={kind} textOf={(each) => words(each)} onChoice={setKind} />
 */
export function ChoiceField<Choice extends string>({
  label,
  choices,
  value,
  textOf,
  onChoice,
}: ChoiceFieldProps<Choice>) {
  return (
    <Field label={label}>
      {(control) => (
        <select
          {...control}
          value={value}
          onChange={(event) => onChoice(choices.find((each) => each === event.currentTarget.value) ?? value)}
        >
          {choices.map((each) => (
            <option key={each} value={each}>
              {textOf(each)}
            </option>
          ))}
        </select>
      )}
    </Field>
  )
}
