/** Makes an endpoint, or replaces the settings of one. */
import { useState } from 'preact/hooks'
import type { MadeEndpoint } from '../../../shared/server/wire.ts'
import { Field } from '../components/field.tsx'
import { Problem } from '../components/problem.tsx'
import { useWords } from '../shell/language.ts'
import { useSession } from '../shell/ledger.ts'
import { useWork } from '../shell/use-work.ts'
import { changeOf, draftOf, type EndpointFields, emptyFields, fieldsOf } from './endpoint-fields.ts'
import { MessageFields } from './message-fields.tsx'
import type { Endpoint } from './standing.ts'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

export interface EndpointFormProps {
  /** The endpoint to change; absent: a new one. */
  readonly endpoint?: Endpoint
  readonly onDone: (endpoint: MadeEndpoint) => void
}

const isId = (text: string) => /^[a-z0-9-]{1,40}$/.test(text)
const isAddress = (text: string) => URL.parse(text)?.protocol === 'https:' || /^http:\/\/(127\.|localhost)/.test(text)

export function EndpointForm({ endpoint, onDone }: EndpointFormProps) {
  const words = useWords(english, swedish)
  const { ledger } = useSession()
  const [fields, setFields] = useState<EndpointFields>(endpoint ? fieldsOf(endpoint) : emptyFields)
  const [isEnabled, setIsEnabled] = useState(endpoint?.state !== 'disabled')
  const [isTried, setIsTried] = useState(false)
  const [work, start] = useWork<void>()
  const set = (changed: Partial<EndpointFields>) => setFields({ ...fields, ...changed })
  const faults = {
    endpoint: endpoint === undefined && !isId(fields.endpoint) ? words('needsId') : undefined,
    url: isAddress(fields.url.trim()) ? undefined : words('needsUrl'),
    types: fields.types.length === 0 ? words('needsTypes') : undefined,
  }
  const shown = (fault: string | undefined) => (isTried ? fault : undefined)
  const save = (event: Event) => {
    event.preventDefault()
    setIsTried(true)
    if (Object.values(faults).some((fault) => fault !== undefined)) return
    start(async () => {
      const made = await (endpoint === undefined
        ? ledger.makeEndpoint(draftOf(fields))
        : ledger.changeEndpoint(
            endpoint.endpoint,
            changeOf(fields, endpoint.change, isEnabled ? 'enabled' : 'disabled'),
          ))
      if (endpoint === undefined) setFields(emptyFields)
      setIsTried(false)
      onDone(made)
    })
  }
  return (
    <form autocomplete="off" noValidate onSubmit={save}>
      <div class="row">
        {endpoint === undefined && (
          <Field label={words('id')} hint={words('idHint')} error={shown(faults.endpoint)}>
            {(control) => (
              <input
                {...control}
                spellcheck={false}
                value={fields.endpoint}
                onInput={(event) => set({ endpoint: event.currentTarget.value.trim() })}
              />
            )}
          </Field>
        )}
        <Field label={words('url')} hint={words('urlHint')} error={shown(faults.url)}>
          {(control) => (
            <input
              {...control}
              type="url"
              spellcheck={false}
              maxLength={1000}
              value={fields.url}
              onInput={(event) => set({ url: event.currentTarget.value })}
            />
          )}
        </Field>
      </div>
      {endpoint !== undefined && (
        <label class="choice">
          <input type="checkbox" checked={isEnabled} onChange={() => setIsEnabled(!isEnabled)} />
          {words('isEnabled')}
        </label>
      )}
      <MessageFields fields={fields} onChange={set} error={shown(faults.types)} isNew={endpoint === undefined} />
      <p class="buttons">
        <button type="submit" disabled={work.state === 'running'}>
          {words(endpoint === undefined ? 'make' : 'save')}
        </button>
      </p>
      {work.state === 'failed' && <Problem error={work.error} />}
    </form>
  )
}
