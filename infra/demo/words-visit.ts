/** What scenes 1 to 4 say, in English and in Swedish. */
import { inBoth } from './words.ts'

export const chooseWords = inBoth({
  en: {
    scene: 'A visitor chooses on cookies: the record names the very text that she was served',
    notice: (title: string, version: string, locale: string, hash: string) =>
      `${title}, version ${version}, ${locale}, text ${hash}`,
    token: (until: string) => `bound to her device, good until ${until}`,
  },
  sv: {
    scene: 'En besökare väljer kakor: det som antecknas pekar ut just den text hon fick se',
    notice: (title, version, locale, hash) => `${title}, version ${version} på ${locale}, texten ${hash}`,
    token: (until) => `bundet till hennes enhet, giltigt till ${until}`,
  },
})

export const standsWords = inBoth({
  en: {
    scene: 'What stands now, purpose by purpose: what she did not decide stays Unknown',
    question: 'What stands for her? Her device secret is all that it takes to ask.',
    header: ['purpose', 'legal basis', 'status', 'permitted', 'until'],
    yes: 'yes',
    no: 'no',
    others: (n: number) => `The ${n} other purposes and policies: nothing is recorded.`,
  },
  sv: {
    scene: 'Vad som gäller nu, ändamål för ändamål: det hon inte har tagit ställning till är Unknown',
    question: 'Vad gäller för henne? För att fråga räcker hennes enhets hemlighet.',
    header: ['ändamål', 'rättslig grund', 'status', 'tillåtet', 'till och med'],
    yes: 'ja',
    no: 'nej',
    others: (n) => `De ${n} andra ändamålen och policyerna: inget är antecknat.`,
  },
})

export const againWords = inBoth({
  en: {
    scene: 'The network fails and the phone sends again: one event, one receipt, and no way to change it',
    same: (eventId: string, at: string) => `${eventId}  the same again, sent at ${at}`,
    firstReceipt: (receiptId: string, at: string) => `${receiptId}  recorded ${at}: the first receipt`,
    other: (eventId: string) => `${eventId}  with another content: marketing-cookies given`,
    digests: (recorded: string, given: string) => `recorded ${recorded}, given ${given}`,
  },
  sv: {
    scene: 'Nätet försvinner och mobilen skickar igen: en händelse, ett kvitto, och inget går att ändra',
    same: (eventId, at) => `${eventId}  samma igen, skickad ${at}`,
    firstReceipt: (receiptId, at) => `${receiptId}  antecknad ${at}: det första kvittot`,
    other: (eventId) => `${eventId}  med annat innehåll: marketing-cookies given`,
    digests: (recorded, given) => `antecknat ${recorded}, angett ${given}`,
  },
})

export const lateWords = inBoth({
  en: {
    scene: 'An iPhone was offline for three days: effective then, and known only now',
    question: 'Did his consent stand the day after he gave it?',
    header: ['at', 'knownAt', 'status'],
    now: 'now',
  },
  sv: {
    scene: 'En iPhone saknade nät i tre dagar: beslutet gäller från då, men blev känt först nu',
    question: 'Gällde hans samtycke dagen efter att han gav det?',
    header: ['vid (at)', 'känt vid (knownAt)', 'status'],
    now: 'nu',
  },
})
