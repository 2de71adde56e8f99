/** The Swedish words of the page Proof. */
import type { Translated } from '../shell/language.ts'
import type { english } from './words-en.ts'

export const swedish: Translated<typeof english> = {
  getProof: 'Hämta beviset',
  introduction:
    'Ett bevis är en fil som svarar på en fråga. Vem som helst kan kontrollera den, utan registret och utan att lita på det.',
  notVerified: 'Det här är registrets svar. Kontrollera filen för att se att innehållet stöder det.',
  pendingTitle:
    '{count, plural, one {En anteckning finns inte i loggen ännu} other {# anteckningar finns inte i loggen ännu}}',
  pendingNext: 'Svaret räknar inte med dem. Hämta beviset igen om två minuter.',
  earlier: 'Beviset nedan gäller din förra fråga.',
  answer: 'Vad det svarar',
  file: 'Filen',
  download: 'Ladda ned proof.json',
  size: '{size}. Den innehåller personens identitet och händelser: hantera den som personuppgifter.',
  verifyHere: 'Kontrollera det här',
  verifyNote: 'I webbläsaren; sedan kan du skriva ut en rapport.',
}
