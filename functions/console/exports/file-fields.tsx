/** What the files of an export are like: format, compression, and how people are named in them. */
import { ChoiceField } from '../components/choice-field.tsx'
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
        <ChoiceField
          label={words('format')}
          choices={formats}
          value={fields.format}
          textOf={(each) => words(`format-${each}`)}
          onChoice={(each) => onChange({ format: each })}
        />
        {fields.format !== 'parquet' && (
          <ChoiceField
            label={words('compression')}
            choices={compressions}
            value={fields.compression}
            textOf={(each) => words(`compression-${each}`)}
            onChoice={(each) => onChange({ compression: each })}
          />
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
