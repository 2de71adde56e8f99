/**
 * A part of the page that a button opens: it takes the focus, so that keyboards and screen readers go on in it, and gives it back to the button when
 * it closes.
 */
import type { ComponentChildren } from 'preact'
import { useId, useLayoutEffect, useRef } from 'preact/hooks'

export interface OpenedSectionProps {
  readonly title: string
  readonly children: ComponentChildren
}

export function OpenedSection({ title, children }: OpenedSectionProps) {
  const id = useId()
  const place = useRef<HTMLElement>(null)
  useLayoutEffect(() => {
    const opener = document.activeElement
    place.current?.focus()
    return () => {
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus()
    }
  }, [])
  return (
    <section ref={place} class="guarded" aria-labelledby={id} tabIndex={-1}>
      <h3 id={id}>{title}</h3>
      {children}
    </section>
  )
}
