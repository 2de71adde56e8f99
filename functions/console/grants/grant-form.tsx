/** Makes a grant: who may read, about what, about whom, and how long. */
import { useState } from 'preact/hooks'
import type { Grant } from '../../../shared/server/wire.ts'
import { Field } from '../components/field.tsx'
import { Problem } from '../components/problem.tsx'
import { PurposeChoices } from '../question/purpose-choices.tsx'
import type { Topics } from '../question/topics.ts'
import { useTopics } from '../question/use-topics.ts'
import { useWords } from '../shell/language.ts'
import { useSession } from '../shell/ledger.ts'
import { useWork } from '../shell/use-work.ts'
import { draftOf, emptyFields, type GrantFields, namesIn } from './grant-fields.ts'
import { GrantSubjects } from './grant-subjects.tsx'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

export function GrantForm({ onMade }: { readonly onMade: (grant: Grant) => void }) {
  const words = useWords(english, swedish)
  const { ledger } = useSession()
  const [topics] = useTopics()
  const [fields, setFields] = useState<GrantFields>(emptyFields)
  const [grantId, setGrantId] = useState<string>(() => crypto.randomUUID())
  const [work, start] = useWork<void>()
  const [isMissing, setIsMissing] = useState(false)
  const set = (changed: Partial<GrantFields>) => setFields({ ...fields, ...changed })
  const make = () => {
    const lacksPeople = fields.about === 'named' && namesIn(fields).length === 0
    setIsMissing(lacksPeople)
    if (lacksPeople) return
    start(async () => {
      const made = await ledger.makeGrant(draftOf(fields, grantId))
      setFields(emptyFields)
      setGrantId(crypto.randomUUID())
      onMade(made)
    })
  }
  return (
    <form
      class="card"
      autocomplete="off"
      onSubmit={(event) => {
        event.preventDefault()
        make()
      }}
    >
      <Field label={words('name')} hint={words('nameHint')}>
        {(control) => (
          <input
            {...control}
            required
            maxLength={200}
            value={fields.name}
            onInput={(event) => set({ name: event.currentTarget.value })}
          />
        )}
      </Field>
      <div class="row">
        <Field label={words('holderKind')}>
          {(control) => (
            <select
              {...control}
              value={fields.holderKind}
              onChange={(event) => set({ holderKind: event.currentTarget.value === 'client' ? 'client' : 'subject' })}
            >
              <option value="subject">{words('holderSubject')}</option>
              <option value="client">{words('holderClient')}</option>
            </select>
          )}
        </Field>
        <Field label={words('holder')} hint={words('holderHint')}>
          {(control) => (
            <input
              {...control}
              required
              maxLength={256}
              spellcheck={false}
              value={fields.holder}
              onInput={(event) => set({ holder: event.currentTarget.value })}
            />
          )}
        </Field>
      </div>
      <details>
        <summary>{words('otherIssuer')}</summary>
        <Field label={words('issuer')} hint={words('issuerHint')}>
          {(control) => (
            <input
              {...control}
              maxLength={500}
              spellcheck={false}
              value={fields.issuer}
              onInput={(event) => set({ issuer: event.currentTarget.value })}
            />
          )}
        </Field>
      </details>
      {topics.state === 'done' && <Purposes topics={topics.value} fields={fields} onChange={set} />}
      <GrantSubjects fields={fields} isMissing={isMissing} onChange={set} />
      <div class="row">
        <Field label={words('from')} hint={words('fromHint')}>
          {(control) => (
            <input
              {...control}
              type="datetime-local"
              value={fields.from}
              onInput={(event) => set({ from: event.currentTarget.value })}
            />
          )}
        </Field>
        <Field label={words('until')} hint={words('untilHint')}>
          {(control) => (
            <input
              {...control}
              type="datetime-local"
              required
              value={fields.until}
              onInput={(event) => set({ until: event.currentTarget.value })}
            />
          )}
        </Field>
      </div>
      {work.state === 'failed' && <Problem error={work.error} />}
      <button type="submit" disabled={work.state === 'running'}>
        {words('make')}
      </button>
      <p class="aside">{words('isLogged')}</p>
    </form>
  )
}

interface PurposesProps {
  readonly topics: Topics
  readonly fields: GrantFields
  readonly onChange: (changed: Partial<GrantFields>) => void
}

function Purposes({ topics, fields, onChange }: PurposesProps) {
  const words = useWords(english, swedish)
  return (
    <fieldset>
      <legend>{words('purposes')}</legend>
      <p class="hint">{words('purposesHint')}</p>
      <PurposeChoices topics={topics} chosen={fields.purposes} onChoose={(purposes) => onChange({ purposes })} />
    </fieldset>
  )
}
