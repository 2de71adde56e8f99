/** What an export is about: a purpose or policy, a version of it, a time, and of statuses which. */
import { localText } from '../../../shared/consent/language.ts'
import { named } from '../answer/named.ts'
import { english as answerEnglish } from '../answer/words-en.ts'
import { swedish as answerSwedish } from '../answer/words-sv.ts'
import { Field } from '../components/field.tsx'
import { topicsOf } from '../question/topics.ts'
import { useTopics } from '../question/use-topics.ts'
import { useLanguage, useWords } from '../shell/language.ts'
import { type ExportFields, statuses } from './export-fields.ts'
import type { ExportFieldsProps } from './file-fields.tsx'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

export function FilterFields({ fields, onChange }: ExportFieldsProps) {
  const words = useWords(english, swedish)
  const answerWords = useWords(answerEnglish, answerSwedish)
  const language = useLanguage()
  const [topics] = useTopics()
  const known = topics.state === 'done' ? topicsOf(topics.value) : []
  const toggled = (status: ExportFields['statuses'][number]) =>
    fields.statuses.includes(status) ? fields.statuses.filter((each) => each !== status) : [...fields.statuses, status]
  const instant = (name: 'from' | 'until' | 'at') => (
    <Field label={words(name)} hint={words(`${name}Hint`)}>
      {(control) => (
        <input
          {...control}
          type="datetime-local"
          value={fields[name]}
          onInput={(event) => onChange({ [name]: event.currentTarget.value })}
        />
      )}
    </Field>
  )
  return (
    <>
      <div class="row">
        <Field label={words('topic')}>
          {(control) => (
            <select
              {...control}
              value={fields.topic}
              onChange={(event) => onChange({ topic: event.currentTarget.value })}
            >
              <option value="">{words('everything')}</option>
              {known.map(({ key, title }) => (
                <option key={key} value={key}>
                  {localText(title, language)}
                </option>
              ))}
            </select>
          )}
        </Field>
        {fields.topic !== '' && (
          <Field label={words('version')} hint={words('versionHint')}>
            {(control) => (
              <input
                {...control}
                maxLength={40}
                spellcheck={false}
                value={fields.version}
                onInput={(event) => onChange({ version: event.currentTarget.value.trim() })}
              />
            )}
          </Field>
        )}
      </div>
      {fields.what === 'events' ? (
        <div class="row">
          {instant('from')}
          {instant('until')}
        </div>
      ) : (
        <>
          <fieldset>
            <legend>{words('whichStatuses')}</legend>
            <p class="hint">{words('statusesHint')}</p>
            <div class="choices">
              {statuses.map((each) => (
                <label key={each} class="choice">
                  <input
                    type="checkbox"
                    checked={fields.statuses.includes(each)}
                    onChange={() => onChange({ statuses: toggled(each) })}
                  />
                  {named(answerWords, 'status', each)}
                </label>
              ))}
            </div>
          </fieldset>
          {instant('at')}
        </>
      )}
    </>
  )
}
