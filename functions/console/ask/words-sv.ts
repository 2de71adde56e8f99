/** The Swedish words of the page Ask. */
import type { Translated } from '../shell/language.ts'
import type { english } from './words-en.ts'

export const swedish: Translated<typeof english> = {
  ask: 'Fråga',
  nothing: 'Registrets svar anger ingen status för detta.',
  earlier: 'Svaret nedan gäller din förra fråga.',
  seeTimeline: 'Se hela historiken',
  getProof: 'Hämta ett bevis för svaret',
}
