/** The people whom a grant covers: everybody, people by identifier, or one random sample. */
import { Field } from '../components/field.tsx'
import { useWords } from '../shell/language.ts'
import { IdentifierTypeField } from '../subject/identifier-type-field.tsx'
import type { GrantFields } from './grant-fields.ts'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

export interface GrantSubjectsProps {
  readonly fields: GrantFields
  readonly isMissing: boolean
  readonly onChange: (changed: Partial<GrantFields>) => void
}

const kinds = ['all', 'named', 'sample'] as const

export function GrantSubjects({ fields, isMissing, onChange }: GrantSubjectsProps) {
  const words = useWords(english, swedish)
  return (
    <>
      <fieldset>
        <legend>{words('people')}</legend>
        {kinds.map((kind) => (
          <label key={kind} class="choice">
            <input
              type="radio"
              name="about"
              checked={fields.about === kind}
              onChange={() => onChange({ about: kind })}
            />
            {words(`kind-${kind}`)}
          </label>
        ))}
      </fieldset>
      {fields.about === 'named' && <NamedPeople fields={fields} isMissing={isMissing} onChange={onChange} />}
      {fields.about === 'sample' && <SampleInputs fields={fields} isMissing={isMissing} onChange={onChange} />}
    </>
  )
}

function NamedPeople({ fields, isMissing, onChange }: GrantSubjectsProps) {
  const words = useWords(english, swedish)
  return (
    <>
      <IdentifierTypeField type={fields.peopleType} onChange={(peopleType) => onChange({ peopleType })} />
      <Field
        label={words('identifiers')}
        hint={words('identifiersHint')}
        error={isMissing ? words('identifiersMissing') : undefined}
      >
        {(control) => (
          <textarea
            {...control}
            rows={4}
            maxLength={60_000}
            spellcheck={false}
            value={fields.people}
            onInput={(event) => onChange({ people: event.currentTarget.value })}
          />
        )}
      </Field>
    </>
  )
}

function SampleInputs({ fields, onChange }: GrantSubjectsProps) {
  const words = useWords(english, swedish)
  return (
    <div class="row">
      <CountField
        label={words('sampleSize')}
        value={fields.sampleSize}
        onChange={(sampleSize) => onChange({ sampleSize })}
      />
      <CountField
        label={words('sampleCount')}
        max={100}
        value={fields.sampleCount}
        onChange={(sampleCount) => onChange({ sampleCount })}
      />
      <Field label={words('sampleSeed')}>
        {(control) => (
          <input
            {...control}
            required
            pattern="([0-9a-f]{2}){16,64}"
            title={words('seedForm')}
            spellcheck={false}
            class="code"
            value={fields.sampleSeed}
            onInput={(event) => onChange({ sampleSeed: event.currentTarget.value })}
          />
        )}
      </Field>
    </div>
  )
}

interface CountFieldProps {
  readonly label: string
  readonly max?: number
  readonly value: string
  readonly onChange: (value: string) => void
}

function CountField({ label, max, value, onChange }: CountFieldProps) {
  return (
    <Field label={label}>
      {(control) => (
        <input
          {...control}
          type="number"
          required
          min={1}
          max={max}
          value={value}
          onInput={(event) => onChange(event.currentTarget.value)}
        />
      )}
    </Field>
  )
}
