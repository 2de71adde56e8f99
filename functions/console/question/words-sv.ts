/** The Swedish words of the question. */
import type { Translated } from '../shell/language.ts'
import type { english } from './words-en.ts'

export const swedish: Translated<typeof english> = {
  identifierType: 'Känd genom',
  identifier: 'Identitet',
  'type-email': 'E-postadress',
  'type-phone': 'Telefonnummer',
  'type-account': 'Konto',
  'type-device': 'Webbläsare eller app',
  'hint-email': 'Stora och små bokstäver gör ingen skillnad.',
  'hint-phone': 'Med landsnummer, som +46 70 123 45 67.',
  'hint-account': 'Så som inloggningstjänsten skriver det (sub).',
  'hint-device': 'SHA-256 av enhetens hemlighet i base64url, 43 tecken.',
  topic: 'Om',
  policyItself: '{title} – själva texten',
  noTopics: 'Den ansvarige har inte publicerat någon policy än, så det finns inget att fråga om.',
  at: 'Vid denna tidpunkt',
  now: 'Nu',
  versionFrom: 'Version {version}, från {from}',
  exactTime: '{label}: exakt tid',
  knownAt: 'Så vitt man visste',
  knownAtMore: 'Så vitt man visste vid en tidigare tidpunkt',
  knownAtHint:
    'Bara det som registret hade antecknat då räknas. Senare anteckningar, som ett återtagande som kom sent, lämnas utanför.',
  isRecorded: 'Varje fråga antecknas, och personen kan se att den har ställts.',
}
