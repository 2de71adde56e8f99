/** The Swedish words of the page Verify. The names of the verifier's steps are those that the command prints. */

import type { StepId } from '../../../shared/verify/step-ids.ts'
import { swedishStepName } from '../../../shared/verify/swedish-finding.ts'

import type { Translated } from '../shell/language.ts'
import type { english } from './words-en.ts'

function nameOf(step: StepId): string {
  const name = swedishStepName(step)
  return name.charAt(0).toUpperCase() + name.slice(1)
}

export const swedish: Translated<typeof english> = {
  introduction:
    'Kontrollera ett bevis, ett kvitto eller en annan fil från ett samtyckesregister. Kontrollen görs i webbläsaren: filen skickas ingenstans.',
  loadingVerifier: 'Hämtar kontrollprogrammet …',
  notLoaded: 'Det gick inte att hämta kontrollprogrammet. Kontrollera anslutningen och försök igen.',
  ready: 'Kontrollprogrammet är hämtat. Nu behövs inget nätverk längre: du kan koppla från.',
  file: 'Filen',
  fileHint:
    'Ett bevis, ett kvitto, en persons eget utdrag, ett stickprov eller en .tlog-proof-fil, högst {limit} MiB. Välj den, eller släpp den var som helst på sidan.',
  chooseFile: 'Välj en fil',
  keys: 'Loggens publika nycklar',
  keysHint:
    'En nyckel per rad, eller en hel policy. Helst från en annan källa än filen: ett avtal, en granskningsrapport, nycklar som en kollega har sparat.',
  keysFile: 'Nycklar från en fil',
  keysFileHint: 'En textfil med nycklar eller en policy.',
  fetchKeys: 'Nycklar från det här registret',
  fetchKeysAction: 'Hämta nycklarna',
  fetchKeysNote:
    'Det enda steget som använder nätverket. Registret får veta vilken logg du frågar om, och inget om filen.',
  ownKeysTitle: 'Det här är registrets egna nycklar',
  ownKeys:
    'De visar att det här registret har undertecknat det som står i filen. Nycklar från en annan källa visar mer: att registret gav dig samma nycklar som alla andra.',
  verify: 'Kontrollera',
  stop: 'Avbryt',
  verifying: 'Kontrollerar …',
  stopped: 'Avbrutet. Inget är känt om filen.',
  failed: 'Det gick inte att läsa filen: {reason}. Välj den igen.',
  noFile: 'Välj en fil först.',
  oneAtATime: 'Ge en fil i taget.',
  tooLarge: 'Filen är på {size}. Högst {limit} MiB kan kontrolleras.',
  noKeys: 'Ange loggens nycklar först. Utan dem går inget i filen att lita på.',
  keysTooLarge: 'Filen är för stor för att vara en lista med nycklar.',
  keysRefused: 'Det här är inga nycklar till en logg: {reason}',
  noLogInFile: 'Filen säger inte vilken logg den hör till, så nycklarna går inte att hämta. Är det rätt fil?',
  notThisLedger:
    'Registret har ingen logg ”{controller}”. Be den som driver registret som filen kommer från om dess nycklar.',
  unreachable: 'Det gick inte att nå registret. Kontrollera anslutningen, eller klistra in nycklarna.',

  resultOf: 'Resultat: {kind}',
  notShown: 'Vad filen inte visar',
  moreNotes: '{count, plural, one {En anmärkning till står} other {# anmärkningar till står}} vid kvittona.',
  nothingShown: 'Inget av det som filen säger är bevisat.',
  pendingTitle:
    '{count, plural, one {En anteckning finns inte i loggen ännu} other {# anteckningar finns inte i loggen ännu}}',
  pendingNext: 'Svaret räknar inte med dem, och de kan ändra det. Be om ett nyare bevis när loggen har dem.',
  'verdict-valid': 'Giltig',
  'verdict-pending': 'Giltig, så långt loggen har hunnit',
  'verdict-invalid': 'Ogiltig',
  'verdict-undetermined': 'Oavgjord',
  valid: 'Varje steg gick bra med nycklarna som du angav.',
  invalidAt: 'Steget ”{step}” misslyckades:',
  invalidNext: 'Lita inte på filen. Hämta den på nytt; om kontrollen misslyckas igen, fråga den som du fick filen av.',
  undeterminedAt: 'Inget är motbevisat, men i steget ”{step}” saknas något som svaret kräver:',
  steps: 'Varje steg',
  'outcome-ok': 'Visat',
  'outcome-note': 'Obs',
  'outcome-failed': 'Fel',
  'outcome-missing': 'Saknas',
  'kind-consent-proof@1': 'Samtyckesbevis',
  'kind-consent-receipt@1': 'Kvitto',
  'kind-receipts': 'Svar med kvitton',
  'kind-tlog-proof@v1': 'En enda post ur en logg',
  'kind-consent-sample@1': 'Stickprov ur en logg',
  'kind-unknown': 'Okänd fil',
  fileSize: 'Storlek',
  kind: 'Slag',
  fingerprint: 'SHA-256',
  verifiedAt: 'Kontrollerad',
  keysUsed: 'Nycklar',
  'source-given': 'Angivna av läsaren',
  'source-ledger': 'Hämtade från det här registret',
  asked: 'Frågan',
  about: 'Om',
  at: 'Tidpunkt',
  person: 'Person',
  controller: 'Personuppgiftsansvarig',
  knownAt: 'Så vitt man visste',
  joint: 'Tillsammans med länkade identiteter',
  text: 'Texten i version {version}, på {language}',
  left: '{count, plural, one {Ett tecken till finns} other {# tecken till finns}} i filen.',
  claims: 'Vad filen öppnar',
  claim: 'Uppgift',
  value: 'Värde',
  receiptsTitle: '{count, plural, one {# kvitto} other {# kvitton}}',
  receiptNumber: 'Kvitto {number}',
  more: 'Visa {count, plural, one {ett till} other {# till}}',
  sampleValid:
    '{count, plural, one {Ett löv} other {# löv}} drogs av {size} i loggen {origin}, med fröet nedan, och loggen har alla.',
  sampleCompare:
    'Storlek, rot, frö och antal löv är tagna ur filen. Jämför dem med vad du bad om: ett register som valde dem valde stickprovet.',
  sampleClosed: 'Ett löv innehåller bara hashvärden. Vad det säger visas av bevis och kvitton.',
  sampleLeaves: 'Löv som drogs',
  index: 'Löv',
  size: 'Trädets storlek',
  seed: 'Frö',
  sampleNone: 'Inga',
  tryAgain: 'Försök igen',

  'step-form': nameOf('form'),
  'step-checkpoint': nameOf('checkpoint'),
  'step-known-at': nameOf('known-at'),
  'step-leaves': nameOf('leaves'),
  'step-inclusion': nameOf('inclusion'),
  'step-disclosures': nameOf('disclosures'),
  'step-identity': nameOf('identity'),
  'step-times': nameOf('times'),
  'step-backdating': nameOf('backdating'),
  'step-publications': nameOf('publications'),
  'step-links': nameOf('links'),
  'step-answer': nameOf('answer'),
  'step-texts': nameOf('texts'),
  'step-limits': nameOf('limits'),
  'step-pending': nameOf('pending'),
  'step-joint': nameOf('joint'),
  'step-record': nameOf('record'),
  'step-receipts': nameOf('receipts'),
  'step-promise': nameOf('promise'),
  'step-promise-kept': nameOf('promise-kept'),
}
