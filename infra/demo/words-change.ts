/** What scenes 8 to 11 say, in English and in Swedish. */
import { inBoth } from './words.ts'

export const importWords = inBoth({
  en: {
    scene: 'A consent from 2024 is imported: it expired when the text changed in a major way',
    today: 'Does that consent stand today?',
    when: 'When did its status change?',
    header: ['from', 'status', 'reason'],
    what: 'What did version 2 change of it?',
    other: (fields: string) => `statistics: other ${fields}`,
    /** As the policy's text has it. */
    heading: 'Statistics',
  },
  sv: {
    scene: 'Ett samtycke från 2024 läses in: det upphörde när texten ändrades väsentligt',
    today: 'Gäller det samtycket i dag?',
    when: 'När ändrades dess status?',
    header: ['från', 'status', 'skäl'],
    what: 'Vad ändrade version 2 i det?',
    other: (fields) => `statistics: ändrade fält ${fields}`,
    heading: 'Statistik',
  },
})

export const withdrawWords = inBoth({
  en: {
    scene: 'Withdrawing is as easy as giving: one call, with the secret that her device already holds',
    noText: 'It names no text, and counts all the same: a no is never weakened.',
    question: 'Does her consent stand?',
  },
  sv: {
    scene: 'Att ta tillbaka är lika lätt som att ge: ett anrop, med hemligheten i hennes enhet',
    noText: 'Beslutet anger ingen text, och räknas ändå: ett nej försvagas aldrig.',
    question: 'Gäller hennes samtycke?',
  },
})

export const objectWords = inBoth({
  en: {
    scene: 'An objection to direct marketing is absolute: the operator cannot overrule it',
    marketing: 'Does her objection to direct marketing stand?',
    analysis: 'And the one to the analysis of customers?',
  },
  sv: {
    scene: 'En invändning mot direkt marknadsföring är absolut: företaget kan inte avslå den',
    marketing: 'Gäller hennes invändning mot direkt marknadsföring?',
    analysis: 'Och den mot analys av kunder?',
  },
})

export const aheadWords = inBoth({
  en: {
    scene: 'What is scheduled is published today: the answer for a date after it can be had now',
    question: 'What is going to change?',
    nothing: 'Nothing is scheduled.',
    header: ['policy', 'version', 'from', 'level', 'summary'],
    today: 'Does her consent to offers from partners stand today?',
    later: (day: string) => `And on ${day}, if nothing else happens?`,
  },
  sv: {
    scene: 'Det som är planerat publiceras redan i dag: du kan fråga nu om en senare dag',
    question: 'Vad kommer att ändras?',
    nothing: 'Inget är planerat.',
    header: ['policy', 'version', 'från', 'nivå', 'i korthet'],
    today: 'Gäller hennes samtycke till erbjudanden från partner i dag?',
    later: (day) => `Och den ${day}, om inget annat händer?`,
  },
})
