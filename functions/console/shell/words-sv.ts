/** The Swedish words of the shell, and of what several pages share. */
import type { Translated } from './language.ts'
import type { english } from './words-en.ts'

export const swedish: Translated<typeof english> = {
  title: 'Samtyckesregister',
  titleOf: '{page} – Samtyckesregister',
  skip: 'Gå till sidans innehåll',
  licences: 'Licenser för biblioteken som används här',
  menu: 'Sidor',
  menuAt: 'Sidor: {page}',
  groupAudit: 'Granskning',
  groupDesk: 'Den ansvariges arbetsbord',
  groupOpen: 'För alla',
  signedInAs: 'Inloggad för {name}',
  signOut: 'Logga ut',
  sessionEnds:
    'Din inloggning går ut {at}. Skicka eller spara det du skriver på innan dess och logga in igen: den förlängs inte av sig själv.',
  sessionEnded: 'Din inloggning har gått ut. Logga in igen för att fortsätta.',
  language: 'Språk',

  ask: 'Fråga',
  timeline: 'Tidslinje',
  proof: 'Bevis',
  verify: 'Kontrollera en fil',
  log: 'Logg',
  sample: 'Stickprov',
  overview: 'Översikt',
  reads: 'Läsningar',
  grants: 'Tillstånd',
  publish: 'Policyer',
  presentations: 'Presentationer',
  sites: 'Webbplatser',
  holds: 'Bevarandekrav',
  imports: 'Importer',
  exports: 'Exporter',
  deliveries: 'Leveranser',
  erasures: 'Raderingar',

  signIn: 'Logga in',
  signInIntroduction: 'Du loggar in med den ansvariges inloggningstjänst. Registret sparar inga lösenord.',
  controller: 'Personuppgiftsansvarig',
  role: 'Vad du vill göra',
  auditor: 'Granska: fråga, bevisa, ta stickprov',
  administrator:
    'Sköta den ansvariges arbetsbord: publicera, bevara, radera, importera, exportera, meddela andra system',
  analyst: 'Se statistik: hur många som sade ja och nej, och inga personer',
  signInWithout: 'Du behöver inte logga in för att kontrollera en fil eller titta på en logg.',
  noControllers:
    'Det går inte att logga in på den här adressen. Den som driver registret anger en inloggningstjänst för varje ansvarig (config.json); demoversionens inloggning fungerar bara på datorn som kör den, på http://localhost.',
  signInFailed: 'Inloggningstjänsten loggade inte in dig: {reason}',
  needsScope:
    'Din inloggning ger inte tillgång till sidan. Logga in nedan med den behörighet som krävs ({scope}) eller be den ansvarige om den.',

  loading: 'Ett ögonblick …',
  notFound: 'Sidan finns inte',
  notFoundNext: 'Alla sidor finns i menyn.',
  broken: 'Sidan slutade fungera',
  brokenNext: 'Ladda om den. Händer det igen, berätta för den som driver registret vad som står här: {reason}',
  codeMissing:
    'Sidan gick inte att ladda: anslutningen saknas, eller så har konsolen förnyats. Ladda om den; utkast finns kvar i fliken.',
  loadAgain: 'Ladda om konsolen',
  tryAgain: 'Försök igen',
  details: 'Detaljer',
  moreRows: '{count, plural, one {Visa # rad till} other {Visa # rader till}}, av {all, number}',
  copied: 'Kopierat',
  copy: 'Kopiera',
  stepHolds: 'Stämmer.',
  stepFails: 'Stämmer inte.',

  errorUnanswered:
    'Inget svar kom från registret. Om du höll på att ändra något kan det ändå ha blivit gjort: kontrollera anslutningen och se efter innan du försöker igen.',
  errorUnauthenticated: 'Din inloggning har gått ut, eller godtas inte längre. Logga in igen.',
  errorForbidden: 'Din inloggning ger inte rätt att göra detta.',
  errorGrant:
    'Inget tillstånd från den ansvarige omfattar frågan. Be den ansvarige om ett som omfattar personen och ändamålet.',
  errorInvalid: 'Registret godtar inte värdet: {field}',
  errorUnknownTopic: 'Den ansvarige har aldrig angett ändamålet eller policyn.',
  errorNotFound: 'Registret har inget under det namnet.',
  errorConflict: 'Någon annan har ändrat eller skapat detta under tiden. Ladda om sidan och jämför.',
  errorRateLimited: 'För många anrop på kort tid. Vänta några sekunder och försök igen.',
  errorTooLarge: 'Detta är större än vad registret tar emot.',
  errorLimit: 'Det högsta tillåtna antalet är redan nått.',
  errorLedger: 'Något gick fel i registret. Inget har gått förlorat; den som driver det hittar orsaken i dess logg.',
  errorCode: 'Kod: {code}',
}
