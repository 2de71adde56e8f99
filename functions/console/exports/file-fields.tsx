/** What the files of an export are like: format, compression, and how people are named in them. */
import { Field } from '../components/field.tsx'
import { useWords } from '../shell/language.ts'
import { useSession } from '../shell/ledger.ts'
import { compressions, type ExportFields, formats, identifiers } from './export-fields.ts'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

export interface ExportFieldsProps {
  readonly fields: ExportFields
  readonly onChange: (changed: Partial<ExportFields>) => void
}

export function FileFields({ fields, onChange }: ExportFieldsProps) {
  const words = useWords(english, swedish)
  const { scopes } = useSession()
  const mayName = scopes.includes('consent.export.clear')
  return (
    <>
      <div class="row">
        <Field label={words('format')}>
          {(control) => (
            <select
              {...control}
              value={fields.format}
              onChange={(event) =>
                onChange({ format: formats.find((each) => each === event.currentTarget.value) ?? 'csv' })
              }
            >
              {formats.map((each) => (
                <option key={each} value={each}>
                  {words(`format-${each}`)}
                </option>
              ))}
            </select>
          )}
        </Field>
        {fields.format !== 'parquet' && (
          <Field label={words('compression')}>
            {(control) => (
              <select
                {...control}
                value={fields.compression}
                onChange={(event) =>
                  onChange({ compression: compressions.find((each) => each === event.currentTarget.value) ?? 'gzip' })
                }
              >
                {compressions.map((each) => (
                  <option key={each} value={each}>
                    {words(`compression-${each}`)}
                  </option>
                ))}
              </select>
            )}
          </Field>
        )}
      </div>
      <fieldset>
        <legend>{words('identifiers')}</legend>
        {identifiers.map((each) => (
          <label key={each} class="choice">
            <input
              type="radio"
              name="identifiers"
              checked={fields.identifiers === each}
              disabled={each === 'clear' && !mayName}
              onChange={() => onChange({ identifiers: each })}
            />
            {words(`people-${each}`)}
          </label>
        ))}
        {!mayName && <p class="hint">{words('needsClear')}</p>}
      </fieldset>
    </>
  )
}
