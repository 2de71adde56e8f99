/** The Swedish words of a typed confirmation. */
import type { Translated } from '../shell/language.ts'
import type { english } from './words-en.ts'

export const swedish: Translated<typeof english> = {
  type: 'Skriv {name} för att bekräfta',
  wrong: 'Inget gjordes: ”{typed}” är inte {name}.',
  cancel: 'Avbryt',
}
