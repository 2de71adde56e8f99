/** Where an import comes from, and what its names stand for here. */
import { useEffect, useId } from 'preact/hooks'
import { ChoiceField } from '../components/choice-field.tsx'
import { Field } from '../components/field.tsx'
import { useWords } from '../shell/language.ts'
import { useSession } from '../shell/ledger.ts'
import { useWork } from '../shell/use-work.ts'
import { formats, type ImportFields } from './import-fields.ts'
import { VersionFields } from './version-fields.tsx'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

export interface SourceFieldsProps {
  readonly fields: ImportFields
  readonly faults: Readonly<
    Partial<Record<'system' | 'site' | 'purposes' | 'versions' | 'mapping', string | undefined>>
  >
  readonly onChange: (changed: Partial<ImportFields>) => void
}

export function SourceFields({ fields, faults, onChange }: SourceFieldsProps) {
  const words = useWords(english, swedish)
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
        <Field label={words('system')} hint={words('systemHint')} error={faults.system}>
          {(control) => (
            <input
              {...control}
              spellcheck={false}
              value={fields.system}
              onInput={(event) => onChange({ system: event.currentTarget.value.trim() })}
            />
          )}
        </Field>
        <SiteField site={fields.site} error={faults.site} onSite={(site) => onChange({ site })} />
      </div>
      {fields.format === 'mapping' ? (
        <Field label={words('mapping')} hint={words('mappingHint')} error={faults.mapping}>
          {(control) => (
            <textarea
              {...control}
              rows={16}
              class="source"
              spellcheck={false}
              value={fields.mapping}
              onInput={(event) => onChange({ mapping: event.currentTarget.value })}
            />
          )}
        </Field>
      ) : (
        <Field label={words('identifierType')} hint={words('identifierTypeHint')}>
          {(control) => (
            <input
              {...control}
              spellcheck={false}
              value={fields.identifierType}
              onInput={(event) => onChange({ identifierType: event.currentTarget.value.trim() })}
            />
          )}
        </Field>
      )}
      <Field label={words('purposes')} hint={words('purposesHint')} error={faults.purposes}>
        {(control) => (
          <textarea
            {...control}
            rows={3}
            spellcheck={false}
            value={fields.purposes}
            onInput={(event) => onChange({ purposes: event.currentTarget.value })}
          />
        )}
      </Field>
      <VersionFields fields={fields} error={faults.versions} onChange={onChange} />
    </>
  )
}

interface SiteFieldProps {
  readonly site: string
  readonly error: string | undefined
  readonly onSite: (site: string) => void
}

/** Offers the sites where the session may list them. */
function SiteField({ site, error, onSite }: SiteFieldProps) {
  const words = useWords(english, swedish)
  const { ledger, scopes } = useSession()
  const id = useId()
  const mayList = scopes.includes('consent.admin')
  const [work, start] = useWork<readonly string[]>()
  useEffect(() => {
    if (!mayList) return
    start(async () => (await ledger.listSites()).sites.flatMap((each) => (each.revokedAt ? [] : [each.site])))
  }, [ledger, mayList, start])
  return (
    <Field label={words('site')} hint={words('siteHint')} error={error}>
      {(control) => (
        <>
          <input
            {...control}
            list={id}
            spellcheck={false}
            value={site}
            onInput={(event) => onSite(event.currentTarget.value.trim())}
          />
          <datalist id={id}>
            {work.state === 'done' && work.value.map((each) => <option key={each} value={each} />)}
          </datalist>
        </>
      )}
    </Field>
  )
}
