/** Which messages an endpoint gets, what they contain, and what is expected of the receiver. */

import { maxExpiringDays } from '../../../shared/consent/expiry.ts'
import type { MessageType } from '../../../shared/consent/message-types.ts'
import { Field } from '../components/field.tsx'
import { PurposeChoices } from '../question/purpose-choices.tsx'
import { useTopics } from '../question/use-topics.ts'
import { useWords } from '../shell/language.ts'
import { type EndpointFields, typeGroups } from './endpoint-fields.ts'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

export interface MessageFieldsProps {
  readonly fields: EndpointFields
  readonly onChange: (changed: Partial<EndpointFields>) => void
  readonly error: string | undefined
  readonly isNew: boolean
}

const groups = ['groupConsents', 'groupPolicies', 'groupPeople'] as const

export function MessageFields({ fields, onChange, error, isNew }: MessageFieldsProps) {
  const words = useWords(english, swedish)
  const toggled = (type: MessageType) =>
    fields.types.includes(type) ? fields.types.filter((each) => each !== type) : [...fields.types, type]
  return (
    <>
      <fieldset>
        <legend>{words('types')}</legend>
        <p class="hint">{words('typesHint')}</p>
        {groups.map((group) => (
          <details key={group} open={group === 'groupConsents'}>
            <summary>
              {words(group, {
                chosen: typeGroups[group].filter((type) => fields.types.includes(type)).length,
                all: typeGroups[group].length,
              })}
            </summary>
            <div class="choices">
              {typeGroups[group].map((type) => (
                <label key={type} class="choice">
                  <input
                    type="checkbox"
                    checked={fields.types.includes(type)}
                    onChange={() => onChange({ types: toggled(type) })}
                  />
                  {words(`type-${type}`)}
                </label>
              ))}
            </div>
          </details>
        ))}
        {error !== undefined && (
          <p class="field-error" role="alert">
            {error}
          </p>
        )}
      </fieldset>
      <ChosenPurposes fields={fields} onChange={onChange} />
      <fieldset>
        <legend>{words('payload')}</legend>
        {(['thin', 'fat'] as const).map((each) => (
          <label key={each} class="choice">
            <input
              type="radio"
              name={isNew ? 'payload' : 'payload-of'}
              checked={fields.payload === each}
              onChange={() => onChange({ payload: each })}
            />
            {words(`payloadIs-${each}`)}
          </label>
        ))}
      </fieldset>
      {isNew && (
        <Field label={words('from')}>
          {(control) => (
            <select
              {...control}
              value={fields.from}
              onChange={(event) => onChange({ from: event.currentTarget.value === 'first' ? 'first' : 'now' })}
            >
              <option value="now">{words('from-now')}</option>
              <option value="first">{words('from-first')}</option>
            </select>
          )}
        </Field>
      )}
      <div class="row">
        {fields.types.includes('consent.expiring') && (
          <NumberField
            {...{ label: words('expiringDays'), hint: words('expiringDaysHint'), most: maxExpiringDays }}
            value={fields.expiringDays}
            onValue={(expiringDays) => onChange({ expiringDays })}
          />
        )}
        <NumberField
          {...{ label: words('completionHours'), hint: words('completionHoursHint'), most: 8760 }}
          value={fields.completionHours}
          onValue={(completionHours) => onChange({ completionHours })}
        />
      </div>
    </>
  )
}

interface NumberFieldProps {
  readonly label: string
  readonly hint: string
  readonly most: number
  readonly value: string
  readonly onValue: (value: string) => void
}

function NumberField({ label, hint, most, value, onValue }: NumberFieldProps) {
  return (
    <Field label={label} hint={hint}>
      {(control) => (
        <input
          {...control}
          type="number"
          min={1}
          max={most}
          value={value}
          onInput={(event) => onValue(event.currentTarget.value)}
        />
      )}
    </Field>
  )
}

function ChosenPurposes({ fields, onChange }: Pick<MessageFieldsProps, 'fields' | 'onChange'>) {
  const words = useWords(english, swedish)
  const [topics] = useTopics()
  if (topics.state !== 'done') return null
  return (
    <details>
      <summary>
        {fields.purposes.length === 0
          ? words('purposesAll')
          : words('purposesChosen', { count: fields.purposes.length })}
      </summary>
      <p class="hint">{words('purposesHint')}</p>
      <PurposeChoices topics={topics.value} chosen={fields.purposes} onChoose={(purposes) => onChange({ purposes })} />
    </details>
  )
}
