/**
 * An answer that a press brought. It comes into view when it begins below the middle of the window, as on a phone, where the form fills the
 * window and nothing else would show that the press did anything. The focus stays where it is; a live region reads the answer.
 */
import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'

export interface ArrivedProps {
  /** What was answered: another one arrives anew. */
  readonly answer: unknown
  readonly children: ComponentChildren
}

export function Arrived({ answer, children }: ArrivedProps) {
  const start = useRef<HTMLDivElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: each answer is shown once, when it arrives
  useEffect(() => {
    const element = start.current
    if (element && element.getBoundingClientRect().top > innerHeight / 2) element.scrollIntoView()
  }, [answer])
  return (
    <div class="arrived" ref={start}>
      {children}
    </div>
  )
}
