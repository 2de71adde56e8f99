/** The Swedish words of the page Ask. */
import type { Translated } from '../shell/language.ts'
import type { english } from './words-en.ts'

export const swedish: Translated<typeof english> = {
  introduction: 'Fråga om en person hade samtyckt till ett ändamål, eller godkänt en policy, vid en viss tidpunkt.',
  ask: 'Fråga',
  nothing: 'Registrets svar anger ingen status för detta.',
  earlier: 'Svaret nedan gäller din förra fråga.',
  seeTimeline: 'Se hela historiken',
  getProof: 'Hämta ett bevis för svaret',
}
