/** Where a reader without a session chooses the controller and what to do, and leaves for the identity provider. */
import { useState } from 'preact/hooks'
import { Field } from '../components/field.tsx'
import { Notice } from '../components/notice.tsx'
import type { Configuration } from './configuration.ts'
import { useWords } from './language.ts'
import { beginSignIn, type Role } from './sign-in.ts'
import { useWork } from './use-work.ts'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

export interface SignInFormProps {
  readonly configuration: Configuration
  /** The right that the page needs which the reader wanted. */
  readonly scope: string | undefined
}

export function SignInForm({ configuration, scope }: SignInFormProps) {
  const words = useWords(english, swedish)
  const [controller, setController] = useState(configuration.controllers[0]?.controller ?? '')
  const [role, setRole] = useState<Role>(roleFor(scope))
  const [work, start] = useWork<void>()
  const option = configuration.controllers.find((each) => each.controller === controller)
  if (option === undefined) return <Notice kind="warning">{words('noControllers')}</Notice>

  const submit = (event: Event) => {
    event.preventDefault()
    start(() => beginSignIn(option, role, location.hash))
  }
  const labels = { auditor: words('auditor'), controller: words('administrator'), analyst: words('analyst') }
  return (
    <form class="card sign-in" onSubmit={submit}>
      <p>{words('signInIntroduction')}</p>
      <Field label={words('controller')}>
        {(control) => (
          <select {...control} value={controller} onChange={(event) => setController(event.currentTarget.value)}>
            {configuration.controllers.map((each) => (
              <option key={each.controller} value={each.controller}>
                {each.name}
              </option>
            ))}
          </select>
        )}
      </Field>
      <fieldset>
        <legend>{words('role')}</legend>
        {(['auditor', 'controller', 'analyst'] as const).map((each) => (
          <label key={each} class="choice">
            <input type="radio" name="role" checked={role === each} onChange={() => setRole(each)} /> {labels[each]}
          </label>
        ))}
      </fieldset>
      {work.state === 'failed' && <Notice kind="bad">{words('signInFailed', { reason: reasonOf(work.error) })}</Notice>}
      <button type="submit">{words('signIn')}</button>
      <p class="aside">{words('signInWithout')}</p>
    </form>
  )
}

/** The role with the fewest rights that opens the page. */
function roleFor(scope: string | undefined): Role {
  if (scope === undefined || scope === 'consent.audit') return 'auditor'
  return scope === 'consent.statistics' ? 'analyst' : 'controller'
}

export const reasonOf = (error: unknown) => (error instanceof Error ? error.message : String(error))
