/** What scenes 5 to 7 say, in English and in Swedish. */
import { inBoth } from './words.ts'

export const signUpWords = inBoth({
  en: {
    scene: 'A debtor signs up: terms, privacy policy and newsletter are decided apart',
    newsletter: 'Does her consent to the newsletter stand?',
    letter: 'She opens the link in the letter that was sent to her; the operator’s server tells the ledger.',
    now: 'And now?',
    terms: 'Has she accepted the terms?',
  },
  sv: {
    scene: 'En gäldenär skapar ett konto: villkor, integritetspolicy och nyhetsbrev avgörs var för sig',
    newsletter: 'Gäller hennes samtycke till nyhetsbrevet?',
    letter: 'Hon öppnar länken i brevet som hon fick, och företagets server meddelar registret.',
    now: 'Och nu?',
    terms: 'Har hon godkänt villkoren?',
  },
})

export const noChoiceWords = inBoth({
  en: {
    scene: 'A pre-ticked box, and continued use: recorded as it happened, and without effect',
    newsletter: 'Does a consent to the newsletter stand?',
    preferences: 'Does a consent to preferences stand?',
  },
  sv: {
    scene: 'En förkryssad ruta, och fortsatt användning: antecknat som det hände, men utan verkan',
    newsletter: 'Gäller något samtycke till nyhetsbrevet?',
    preferences: 'Gäller något samtycke till sparade inställningar?',
  },
})

export const browserWords = inBoth({
  en: {
    scene: 'A browser sends Global Privacy Control: a no, until the person says otherwise by an act',
    acceptAll: 'He pressed Accept all. Does a consent to statistics stand?',
    chosen: 'He then switched statistics on himself. And now?',
  },
  sv: {
    scene: 'En webbläsare sänder Global Privacy Control: ett nej, tills personen själv väljer något annat',
    acceptAll: 'Han tryckte på Godkänn alla. Gäller något samtycke till statistik?',
    chosen: 'Sedan slog han själv på statistik. Och nu?',
  },
})
