/** Every step of a verification with its outcome, in the order of the checks. */
import type { Step, Verdict } from '../../../shared/verify/verification.ts'
import { useWords } from '../shell/language.ts'
import { useSentence } from './use-sentence.ts'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

export interface StepsProps {
  readonly steps: readonly Step[]
  /** `undetermined`: the last step refutes nothing; it names what is missing. */
  readonly verdict: Verdict
}

export function Steps({ steps, verdict }: StepsProps) {
  const words = useWords(english, swedish)
  const sentenceOf = useSentence()
  return (
    <ol class="steps">
      {steps.map((step, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: findings have no identity but their place
        <li key={index} class={step.outcome}>
          <span class="step-outcome">
            {words(
              step.outcome === 'failed' && verdict === 'undetermined' ? 'outcome-missing' : `outcome-${step.outcome}`,
            )}
          </span>
          <span class="step-name">{words(`step-${step.step}`)}</span>
          <span class="step-says">{sentenceOf(step.said)}</span>
        </li>
      ))}
    </ol>
  )
}
