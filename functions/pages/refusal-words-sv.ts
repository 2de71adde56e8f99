/** Why the ledger refused, in Swedish. */
import type { RefusalCode } from './refusal-words-en.ts'

const pageFault = 'Sidan är inte rätt inställd. Säg gärna till företaget; se ”Vem som är ansvarig”.'
const ledgerFault = 'Det är ett fel i registret, som den som driver det måste rätta.'
const notAllowed = 'Du kan inte besluta det här.'
const outdated = 'Sidan är inaktuell. Läs in den på nytt och välj sedan.'
const loggedOut = 'Du är inte längre inloggad. Logga in igen.'

export const swedish: Readonly<Record<RefusalCode, string>> = {
  'origin-not-allowed':
    'Webbplatsen låter inte den här sidan anteckna val. Säg gärna till företaget; se ”Vem som är ansvarig”.',
  unauthenticated:
    'Registret känner inte igen sidan, eller så är du inte längre inloggad. Logga in igen, eller gå tillbaka till webbplatsen.',
  'token-expired': loggedOut,
  'unreadable-token': loggedOut,
  forbidden: notAllowed,
  'grant-needed': notAllowed,
  'verb-not-allowed': notAllowed,
  'unknown-purpose': outdated,
  'unknown-policy': outdated,
  'not-found': outdated,
  'rate-limited': 'Det blev många val på kort tid. Vänta en minut.',
  'limit-reached': 'Det finns inte plats för att anteckna mer om dig.',
  dropped: 'För många val väntar på den här enheten, och det här fick ge plats.',
  unavailable: 'Registret kan inte svara just nu.',
  'malformed-json': pageFault,
  'invalid-request': pageFault,
  'body-too-large': pageFault,
  'unsupported-media-type': pageFault,
  'method-not-allowed': pageFault,
  'leaf-too-large': pageFault,
  'event-conflict': pageFault,
  'already-exists': ledgerFault,
  'version-conflict': ledgerFault,
  'undeclared-change': ledgerFault,
  'invalid-policy': ledgerFault,
  'too-late-to-retract': ledgerFault,
  'event-unreadable': ledgerFault,
  'keys-unreadable': ledgerFault,
  'log-forked': ledgerFault,
  'log-damaged': ledgerFault,
  internal: ledgerFault,
}
