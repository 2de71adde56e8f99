/** The Swedish words of the printed report. */
import type { Translated } from '../shell/language.ts'
import type { english } from './words-en.ts'

export const swedish: Translated<typeof english> = {
  print: 'Skriv ut en rapport',
  printNote: 'På papper eller som PDF: frågan, svaret, stegen, och hur vem som helst kan kontrollera filen igen.',
  title: 'Rapport om ett samtyckesbevis',
  madeOn: 'Kontrollerat {at}, i en webbläsare, utan nätverk.',
  answer: 'Fråga och svar',
  steps: 'Steg som kontrollerades',
  file: 'Filen',
  keys: 'Nycklar som litades på',
  ownKeys: 'Nycklarna är registrets egna. Nycklar från en annan källa skulle visa mer: att det ger alla samma nycklar.',
  again: 'Kontrollera igen',
  againPage: 'På en sida: öppna adressen, eller läs av koden, och välj filen. Sidan kontrollerar den i webbläsaren.',
  againCommand: 'I en terminal, utan nätverk, med nycklar från en källa som du litar på:',
  againHash: 'Det är samma fil om dess SHA-256 är den som står ovan.',
  qr: 'QR-kod för adressen {address}',
  text: 'Text till version {version} ({locale})',
}
