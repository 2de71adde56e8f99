/** Guards an act that cannot be taken back: whoever does it first types the name of what it is done to. */
import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { Field } from '../components/field.tsx'
import { useWords } from '../shell/language.ts'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

export interface TypedConfirmationProps {
  /** What has to be typed. It is shown, so it is no secret: typing it takes a moment in which one looks at it. */
  readonly name: string
  /** Words of the button. */
  readonly action: string
  readonly isBusy: boolean
  readonly onConfirm: () => void
  /** Closes the confirmation without the act. */
  readonly onCancel?: () => void
  readonly children?: ComponentChildren
}

export function TypedConfirmation({ name, action, isBusy, onConfirm, onCancel, children }: TypedConfirmationProps) {
  const words = useWords(english, swedish)
  const [typed, setTyped] = useState('')
  const [wrong, setWrong] = useState<string>()
  return (
    <form
      class="card confirmation"
      autocomplete="off"
      onSubmit={(event) => {
        event.preventDefault()
        if (typed.trim() !== name) return setWrong(typed.trim())
        setWrong(undefined)
        onConfirm()
      }}
    >
      {children}
      <Field
        label={words('type', { name })}
        error={wrong === undefined ? undefined : words('wrong', { name, typed: wrong === '' ? '–' : wrong })}
      >
        {(control) => (
          <input
            {...control}
            spellcheck={false}
            autocapitalize="off"
            value={typed}
            onInput={(event) => setTyped(event.currentTarget.value)}
          />
        )}
      </Field>
      <p class="buttons">
        <button type="submit" disabled={isBusy}>
          {action}
        </button>
        {onCancel && (
          <button type="button" class="quiet" onClick={onCancel}>
            {words('cancel')}
          </button>
        )}
      </p>
    </form>
  )
}
