/** What the verifier found, in the reader's language where it has the sentence; else in the verifier's own English, and marked as such. */
import { swedishSentenceOf } from '../../../shared/verify/swedish-sentence-of-step.ts'
import type { Step } from '../../../shared/verify/verification.ts'
import { useLanguage } from '../shell/language.ts'
import { visible } from './visible-text.ts'

export interface Sentence {
  readonly text: string
  /** Set when it is not in the language of the page. */
  readonly lang?: 'en'
}

export function useStepSentence(): (step: Step) => Sentence {
  const language = useLanguage()
  return (step) => {
    const translated = language === 'sv' ? swedishSentenceOf(step) : step.says
    return { text: visible(translated), ...(language === 'sv' && translated === step.says && { lang: 'en' as const }) }
  }
}
