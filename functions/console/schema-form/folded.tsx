/**
 * A part of a form that is folded at first and made when it is opened: a policy may have a hundred purposes, and each has sixty fields. `focusOn` opens
 * it by its pointer.
 */
import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'

export interface FoldedProps {
  /** JSON pointer of the value within. */
  readonly pointer: string
  readonly class: string
  readonly summary: ComponentChildren
  /** Whether it begins open. Later only the reader folds it. */
  readonly isOpen: boolean
  readonly children: () => ComponentChildren
}

export function Folded({ pointer, class: name, summary, isOpen, children }: FoldedProps) {
  const [beganOpen] = useState(isOpen)
  const [wasOpened, setWasOpened] = useState(isOpen)
  return (
    <details
      class={name}
      data-pointer={pointer}
      open={beganOpen}
      onToggle={(event) => event.currentTarget.open && setWasOpened(true)}
    >
      <summary>{summary}</summary>
      {wasOpened && children()}
    </details>
  )
}
