/** How a person takes back or opposes what Ljungsten does, per kind of legal basis; and what follows from saying no. */

import type { Localised } from '../../../../shared/consent/policy.ts'
import type { Purpose } from '../../../../shared/consent/purpose.ts'

export const inSettings: Localised = {
  'sv-SE': 'Öppna Integritetsval längst ned på webbplatsen eller i appens inställningar och slå av valet.',
  en: 'Open Privacy choices at the foot of the website or in the app settings and switch the choice off.',
}

export const byLinkOrSettings: Localised = {
  'sv-SE': 'Klicka på avregistreringslänken i utskicket eller slå av valet under Integritetsval.',
  en: 'Use the unsubscribe link in the message or switch the choice off under Privacy choices.',
}

export const byObjection: Localised = {
  'sv-SE': 'Gör en invändning under Integritetsval eller skriv till integritet@ljungsten.example.',
  en: 'Object under Privacy choices or write to integritet@ljungsten.example.',
}

export const byObjectionToMarketing: Localised = {
  'sv-SE': 'Säg nej under Integritetsval, i utskicket eller per telefon. Vi slutar alltid, utan att fråga varför.',
  en: 'Say no under Privacy choices, in the message or by telephone. We always stop, without asking why.',
}

export const byEndingTheContract: Localised = {
  'sv-SE': 'Behandlingen upphör när avtalet avslutas; du avslutar det i ditt konto eller hos kundtjänst.',
  en: 'The processing ends with the contract; end it in your account or through customer service.',
}

export const notPossible: Localised = {
  'sv-SE': 'Behandlingen följer av lag och kan inte återkallas. Du kan begära tillgång och rättelse.',
  en: 'The processing is required by law and cannot be withdrawn. You may ask for access and rectification.',
}

export const noConsequence: Purpose['refusal'] = { consequence: 'none' }

export function limited(swedish: string, english: string): Purpose['refusal'] {
  return { consequence: 'limited', text: { 'sv-SE': swedish, en: english } }
}

export function noService(swedish: string, english: string): Purpose['refusal'] {
  return { consequence: 'no-service', text: { 'sv-SE': swedish, en: english } }
}
