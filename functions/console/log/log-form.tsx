/** The form that chooses a log, and the keys to check it with. */
import { useState } from 'preact/hooks'
import { Field } from '../components/field.tsx'
import type { SignInOption } from '../shell/configuration.ts'
import { useWords } from '../shell/language.ts'
import type { LogChoice } from './opened-log.ts'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

export interface LogFormProps {
  readonly controllers: readonly SignInOption[]
  readonly choice: LogChoice
  readonly onOpen: (choice: LogChoice) => void
}

const another = ''

export function LogForm({ controllers, choice, onOpen }: LogFormProps) {
  const words = useWords(english, swedish)
  const isListed = controllers.some(({ controller }) => controller === choice.controller)
  const [listed, setListed] = useState(isListed ? choice.controller : another)
  const [typed, setTyped] = useState(isListed ? '' : choice.controller)
  const [keys, setKeys] = useState(choice.keys)
  return (
    <form
      class="card"
      autocomplete="off"
      onSubmit={(event) => {
        event.preventDefault()
        onOpen({ controller: listed === another ? typed : listed, keys })
      }}
    >
      <div class="row">
        {controllers.length > 0 && (
          <Field label={words('whichLog')}>
            {(control) => (
              <select {...control} value={listed} onChange={(event) => setListed(event.currentTarget.value)}>
                {controllers.map(({ controller, name }) => (
                  <option key={controller} value={controller}>
                    {name}
                  </option>
                ))}
                <option value={another}>{words('anotherLog')}</option>
              </select>
            )}
          </Field>
        )}
        {listed === another && (
          <Field label={words('controllerId')} hint={words('controllerIdHint')}>
            {(control) => (
              <input
                {...control}
                required
                maxLength={40}
                pattern="[a-z0-9\-]+"
                spellcheck={false}
                value={typed}
                onInput={(event) => setTyped(event.currentTarget.value)}
              />
            )}
          </Field>
        )}
      </div>
      <details>
        <summary>{words('ownKeys')}</summary>
        <Field label={words('ownKeysField')} hint={words('ownKeysHint')}>
          {(control) => (
            <textarea
              {...control}
              rows={4}
              maxLength={100_000}
              spellcheck={false}
              class="code"
              value={keys}
              onInput={(event) => setKeys(event.currentTarget.value)}
            />
          )}
        </Field>
      </details>
      <button type="submit">{words('open')}</button>
    </form>
  )
}
