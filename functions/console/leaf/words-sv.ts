/** The Swedish words for the leaves of a log: their kinds, and what an auditor can check of each. */
import type { Translated } from '../shell/language.ts'
import type { english } from './words-en.ts'

export const swedish: Translated<typeof english> = {
  kind: 'Slag',
  closed: 'Slutet',
  closedEvent:
    '{count, plural, one {# saltad kontrollsumma} other {# saltade kontrollsummor}}. Det de står för finns förseglat i registret. Ett bevis om personen, eller personens kvitto, öppnar dem.',
  closedIs:
    '{count, plural, one {# saltad kontrollsumma} other {# saltade kontrollsummor}}. Det de står för finns förseglat i registret.',
  clear: 'Öppet',
  clearIs:
    'Det gäller något publicerat. Därför står det i klartext vad som angavs, och resten finns som kontrollsumma.',
  pseudonym: 'Pseudonym',
  asLogged: 'Så som det står i loggen',

  'kind-controller': 'Den personuppgiftsansvarige lades upp',
  'kind-identity-provider': 'Den ansvariges inloggningstjänst',
  'kind-identity-provider-change': 'Inloggningstjänsten byttes ut eller togs bort',
  'kind-key-change': 'En nyckel byttes ut',
  'kind-site': 'En webbplats lades upp',
  'kind-site-origins': 'En webbplats fick andra ursprungsadresser',
  'kind-site-revocation': 'En webbplats återkallades',
  'kind-policy': 'En version av en policy publicerades eller drogs tillbaka',
  'kind-presentation': 'En presentation publicerades',
  'kind-event': 'En persons händelse',
  'kind-erased': 'En person raderades',
  'kind-erasure-requested': 'En radering påbörjades',
  'kind-erasure-asked': 'En person begärde att bli raderad',
  'kind-erasure-granted': 'En begäran om radering beviljades',
  'kind-erasure-refused': 'En begäran om radering avslogs',
  'kind-hold': 'Ett bevarandekrav infördes',
  'kind-hold-released': 'Ett bevarandekrav upphörde',
  'kind-grant': 'En granskare fick tillstånd',
  'kind-grant-revoked': 'Ett tillstånd återkallades',
  'kind-endpoint': 'En mottagare av meddelanden lades upp eller ändrades',
  'kind-completion': 'En mottagare meddelade att den hade agerat',
  'kind-expiry': 'Samtycken som har löpt ut eller snart gör det söktes fram',
  'kind-redelivery': 'Meddelanden skulle skickas igen',
  'kind-link': 'Två identiteter länkades',
  'kind-unlink': 'En länk upphörde',
  'kind-mandate': 'En vårdnadshavares eller ett ombuds behörighet',
  'kind-mandate-ended': 'En behörighet upphörde',
  'kind-read': 'En granskares fråga',
  'kind-act': 'En administrativ åtgärd',
  'kind-disposition': 'Gallringen förstörde underlag',
  'kind-time': 'En ny timme började',

  'check-event':
    'Fråga den ansvarige vems händelsen är och hämta ett bevis om den personen: öppna beviset nedan, så ska det öppna detta löv. Stämmer det med vad personen själv berättar?',
  'check-read': 'Be den ansvarige om läsningarna under den timmen. Ingick frågan i läsarens uppdrag?',
  'check-publication':
    'Jämför det som lövet anger med policyns offentliga sida och med det som arkiverades på annat håll vid den tiden.',
  'check-erasure': 'Be om begäran, grunden och svaret. Kom svaret i tid, och finns inget annat om personen kvar?',
  'check-hold': 'Be om beslutet bakom bevarandekravet. Gäller det fortfarande?',
  'check-link': 'Fråga på vilken grund de två identiteterna är samma person, och vad personen fick veta.',
  'check-mandate': 'Be om handlingen bakom behörigheten och jämför dess tid med händelserna som stöder sig på den.',
  'check-time': 'Inget att fråga om: loggen antecknar varje ny timme. Det begränsar tiden för löven efter.',
  'check-setup': 'Fråga vem som gjorde detta, enligt vilket beslut, och om dagens inställningar stämmer med det.',
}
