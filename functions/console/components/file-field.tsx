/** A field in which the reader chooses a file or drops one. The browser's own control stays for keyboards and screen readers; its words are hidden. */
import { useId, useState } from 'preact/hooks'
import { useFormats } from '../shell/language.ts'

export interface FileFieldProps {
  readonly label: string
  readonly hint: string
  /** Words of the button. */
  readonly action: string
  readonly chosen?: File | undefined
  readonly error?: string | undefined
  /** Whether several files may be chosen at once. */
  readonly several?: boolean
  /** Gets what was chosen or dropped: one file, or several at once. */
  readonly onFiles: (files: readonly File[]) => void
}

export function FileField({ label, hint, action, chosen, error, several = false, onFiles }: FileFieldProps) {
  const formats = useFormats()
  const id = useId()
  const [isOver, setIsOver] = useState(false)
  const described = [`${id}-hint`, ...(error === undefined ? [] : [`${id}-error`])].join(' ')
  return (
    // Dropping is a second way for a mouse; the control within does the same with every device.
    // biome-ignore lint/a11y/noStaticElementInteractions: the control within is the accessible one
    <div
      class={isOver ? 'file-field over' : 'file-field'}
      onDragOver={(event) => {
        event.preventDefault()
        setIsOver(true)
      }}
      onDragLeave={() => setIsOver(false)}
      onDrop={(event) => {
        event.preventDefault()
        event.stopPropagation()
        setIsOver(false)
        onFiles([...(event.dataTransfer?.files ?? [])])
      }}
    >
      <p class="label" id={`${id}-label`}>
        {label}
      </p>
      <p class="hint" id={`${id}-hint`}>
        {hint}
      </p>
      <input
        id={id}
        type="file"
        multiple={several}
        class="file-input"
        aria-labelledby={`${id}-label ${id}-action`}
        aria-describedby={described}
        {...(error !== undefined && { 'aria-invalid': true as const })}
        onChange={(event) => {
          const files = [...(event.currentTarget.files ?? [])]
          // So that the same file, changed meanwhile, can be chosen again.
          event.currentTarget.value = ''
          if (files.length > 0) onFiles(files)
        }}
      />
      <label id={`${id}-action`} for={id} class="file-button">
        {action}
      </label>
      {chosen && (
        <output class="chosen">
          <bdi>{chosen.name}</bdi>, {formats.bytes(chosen.size)}
        </output>
      )}
      {error !== undefined && (
        <p class="field-error" id={`${id}-error`} role="alert">
          {error}
        </p>
      )}
    </div>
  )
}
