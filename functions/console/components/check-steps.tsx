/** The steps of a check that the page made, in their order. A word in front says how each went, for those who see no colour. */
import type { ComponentChildren } from 'preact'
import { useWords } from '../shell/language.ts'
import { english } from '../shell/words-en.ts'
import { swedish } from '../shell/words-sv.ts'

export interface CheckStep {
  readonly outcome: 'ok' | 'failed'
  readonly content: ComponentChildren
}

export function CheckSteps({ steps }: { readonly steps: readonly CheckStep[] }) {
  const words = useWords(english, swedish)
  return (
    <ol class="check-steps">
      {steps.map(({ outcome, content }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the steps of a check are shown at once and never reordered
        <li key={index} class={outcome}>
          <strong>{words(outcome === 'ok' ? 'stepHolds' : 'stepFails')}</strong> {content}
        </li>
      ))}
    </ol>
  )
}
