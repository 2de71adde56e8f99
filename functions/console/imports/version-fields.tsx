/** Which policy the file states the versions of, and what its names of them stand for here. Without a policy a record is linked by its date. */
import { localText } from '../../../shared/consent/language.ts'
import { Field } from '../components/field.tsx'
import { useTopics } from '../question/use-topics.ts'
import { useLanguage, useWords } from '../shell/language.ts'
import type { ImportFields } from './import-fields.ts'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

interface VersionFieldsProps {
  readonly fields: ImportFields
  readonly error: string | undefined
  readonly onChange: (changed: Partial<ImportFields>) => void
}

export function VersionFields({ fields, error, onChange }: VersionFieldsProps) {
  const words = useWords(english, swedish)
  const language = useLanguage()
  const [topics] = useTopics()
  const policies = topics.state === 'done' ? topics.value.policies : []
  const chosen = policies.find(({ policyId }) => policyId === fields.policyId)
  return (
    <>
      <Field label={words('policy')} hint={words('policyHint')}>
        {(control) => (
          <select
            {...control}
            value={fields.policyId}
            onChange={(event) => onChange({ policyId: event.currentTarget.value })}
          >
            <option value="">{words('byDate')}</option>
            {policies.map(({ policyId, versions }) => (
              <option key={policyId} value={policyId}>
                {localText(versions.at(-1)?.title ?? {}, language) || policyId}
              </option>
            ))}
          </select>
        )}
      </Field>
      {fields.policyId !== '' && (
        <Field
          label={words('versions')}
          hint={words('versionsHint', { known: chosen?.versions.map(({ version }) => version).join(', ') ?? '' })}
          error={error}
        >
          {(control) => (
            <textarea
              {...control}
              rows={3}
              spellcheck={false}
              value={fields.versions}
              onInput={(event) => onChange({ versions: event.currentTarget.value })}
            />
          )}
        </Field>
      )}
    </>
  )
}
