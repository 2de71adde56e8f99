/** The verifier's findings in the reader's language, with invisible characters of the file made visible. */
import { englishSentence, type Said } from '../../../shared/verify/say.ts'
import { swedishFinding } from '../../../shared/verify/swedish-finding.ts'
import { useLanguage } from '../shell/language.ts'
import { visible } from './visible-text.ts'

export function useSentence(): (said: Said) => string {
  const sentence = useLanguage() === 'sv' ? swedishFinding : englishSentence
  return (said) => visible(sentence(said))
}
