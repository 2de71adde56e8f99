/** The Swedish words of the page Reads. */
import type { Translated } from '../shell/language.ts'
import type { english } from './words-en.ts'

export const swedish: Translated<typeof english> = {
  introduction:
    'Varje fråga som en granskare ställer om personer antecknas innan den besvaras. Du ser vem som frågade vad, under vilken timme och om hur många, men inte om vilka. Varje person kan se läsningarna om sig själv.',
  day: 'Dag',
  dayHint: 'Från midnatt till midnatt UTC, så som registret räknar dagar.',
  dayBefore: 'Dagen före',
  dayAfter: 'Dagen efter',
  lookAgain: 'Uppdatera',
  seeGrants: 'Vem som får läsa: tillstånden',
  none: 'Ingen frågade något den {day}.',
  asked:
    '{count, plural, one {# fråga} other {# frågor}} ställdes den {day}, av {readers, plural, one {# läsare} other {# läsare}}.',
  hasMore: 'Dagen har fler än {count, number} läsningar. De första visas; API:et listar alla.',
  byReader: 'Per läsare',
  all: 'Dagens alla frågor',
  hour: 'Timme',
  reader: 'Läsare',
  unknownReader: 'Okänd: inget tillstånd nämner läsaren, eller så har läsaren raderats',
  question: 'Fråga',
  questions: 'Frågor',
  about: 'Om',
  people: 'Personer',
  peopleNote: 'En person räknas en gång för varje fråga.',
  everything: 'Allt om personen',
  theLog: 'Själva loggen',
  unreadable: 'okänt',
  'asked-askConsents': 'Status',
  'asked-askTimeline': 'Historik',
  'asked-askProof': 'Bevis',
  'asked-askSample': 'Slumpmässigt stickprov',
  'asked-checkConsents': 'Kontroll av flera',
  saveTable: 'Spara som tabell (CSV)',
}
