/**
 * An invented debt collector whose privacy policy has everything that the policy of a real one had: who is touched, sources on other
 * parties' platforms, group companies in any country, sharing of figures only, keeping "as long as needed", measures, profiling, and
 * technologies down to tags and GIF files. Its text also takes the use of the site for consent, as such texts do.
 */

import { aggregated, deIdentified, personal } from '../../infra/demo/world/declare.ts'
import type { VersionDraft } from '../../shared/consent/publication.ts'
import type { Purpose, Recipient, Technology } from '../../shared/consent/purpose.ts'

export const klarsund = {
  controller: 'klarsund',
  name: 'Klarsund Inkasso AB',
  address: 'Sundgatan 4, 999 03 Klarsund',
  country: 'SE',
  contact: 'integritet@klarsund.example',
  dataProtectionOfficer: 'ombud@klarsund.example',
  supervisoryAuthority: 'Integritetsskyddsmyndigheten (IMY)',
  licences: ['Inkassotillstånd enligt inkassolagen (1974:182)'],
  glossary: [
    word('aggregerade uppgifter', 'siffror om många människor tillsammans'),
    word('avidentifierade uppgifter', 'uppgifter som inte avslöjar för någon annan vem de rör'),
    word('cookies och liknande teknik', 'små filer, webbfyrar, pixlar, GIF-filer och taggar'),
    word('IP-adress', 'numret som en enhet får när den ansluts till internet'),
    word('onlineuppgifter', 'det som samlas in på våra och andras webbplatser och i appar'),
    word('annan information', 'våra fakturor och krav, finansbolags uppgifter och annat om dig'),
    word('personuppgifter', 'det som kan peka ut en person, såsom namn, adress och telefonnummer'),
    word('samarbetspartner', 'den som vi har avtal med och som gör tjänsten bättre för dig'),
    word('tjänsteleverantör', 'den som arbetar för vår räkning, till exempel med tryck, utskick och drift'),
  ],
} as const

export const klarsundSite = {
  site: 'web',
  kind: 'web',
  name: 'www.klarsund.example',
  origins: ['https://www.klarsund.example'],
}

function word(term: string, meaning: string) {
  return { term: { 'sv-SE': term }, meaning: { 'sv-SE': meaning } }
}

const sv = (text: string) => ({ 'sv-SE': text })

const anywhere: Recipient = {
  party: 'Bolag i Norrsundskoncernen',
  type: 'group company',
  role: 'processor',
  reliesOnConsent: false,
  region: 'worldwide',
  transfer: 'binding corporate rules',
}
const suppliers: Recipient = {
  ...anywhere,
  party: 'Tjänsteleverantörer',
  type: 'service provider',
  transfer: 'standard contractual clauses',
}
const hostedInEea: Recipient = {
  party: 'Strandvik Drift AB',
  type: 'service provider',
  role: 'processor',
  reliesOnConsent: false,
  region: 'EEA',
}
/** Gets figures, and nothing that points at a person. */
const partners: Recipient = {
  party: 'Samarbetspartner',
  type: 'partner',
  role: 'controller',
  reliesOnConsent: false,
  region: 'EEA',
  forms: ['de-identified', 'aggregated'],
}

const everywhere = {
  subjectCategories: ['creditor', 'debtor', 'third party'],
  storageLocations: ['EEA', 'worldwide'],
  jurisdiction: 'SE',
  until: { criterion: 'purpose-ended', text: sv('så länge de behövs för att utföra tjänsten') },
  retentionExceptions: [
    { ground: 'law', text: sv('om en lag eller förordning kräver det') },
    { ground: 'dispute', text: sv('om det kan bli tvist om ärendet') },
    { ground: 'authority', text: sv('om en myndighet utreder ärendet') },
  ],
  atEnd: 'de-identify',
  securityMeasures: [
    { kind: 'organisational', text: sv('behörigheter och tystnadsplikt') },
    { kind: 'technical', text: sv('skyddade datorer och krypterade filer') },
    { kind: 'physical', text: sv('låsta lokaler och arkiv') },
  ],
  withdrawalMethod: sv('Skriv till integritet@klarsund.example.'),
  technologies: [] as readonly Technology[],
} as const satisfies Partial<Purpose>

const platforms = 'öppna sidor på andras plattformar, såsom sociala medier'
const registers = 'databaser och register på internet'

const purposes: readonly Purpose[] = [
  {
    ...everywhere,
    purposeId: 'collection-cases',
    title: sv('Sköta inkassoärenden'),
    description: sv('Vi driver in fordringar åt borgenärer och håller dig underrättad om ärendet och ditt konto.'),
    legalBasis: 'legitimate-interest',
    interest: sv('Att borgenären får betalt och att uppdraget blir utfört.'),
    dataCategories: [
      personal('namn, adress, telefonnummer och e-postadress', 'personen', platforms, registers),
      personal('fakturor, krav och betalningar', 'borgenären'),
    ],
    sourceTerms: [
      {
        source: platforms,
        terms: sv('Plattformens egna användarvillkor och integritetspolicy gäller för insamlingen.'),
      },
      { source: registers, terms: sv('Registrets egna villkor gäller för insamlingen.') },
    ],
    recipients: [hostedInEea, suppliers, anywhere],
    refusal: { consequence: 'no-service', text: sv('Utan uppgifterna kan vi inte ge tjänsten.') },
  },
  {
    ...everywhere,
    purposeId: 'credit-and-risk',
    title: sv('Bedöma kredit och risk'),
    description: sv('Vi identifierar dig och väger samman uppgifter för att bedöma kredit och risk.'),
    legalBasis: 'legitimate-interest',
    interest: sv('Att välja åtgärder som är rimliga i ärendet.'),
    profiling: true,
    logicInvolved: {
      logic: sv('Betalningar, skulder och tidigare ärenden vägs samman till ett mått på risken.'),
      significance: sv('Måttet är ett underlag när en handläggare väljer åtgärd.'),
      consequences: sv('En hög risk kan leda till att ansökan om avbetalning avslås.'),
    },
    dataCategories: [personal('betalningar och skulder', 'borgenären', registers)],
    recipients: [hostedInEea, anywhere],
    refusal: { consequence: 'limited', text: sv('Ärendet bedöms utan uppgifterna.') },
  },
  {
    ...everywhere,
    purposeId: 'statistics-and-development',
    title: sv('Statistik och utveckling'),
    description: sv('Vi gör statistik, analyserar hur kunder använder tjänsterna och utvecklar dem.'),
    legalBasis: 'legitimate-interest',
    interest: sv('Att förbättra tjänsterna.'),
    dataCategories: [
      deIdentified('hur du kom till webbplatsen, och var du är', 'enheten'),
      aggregated('fakturor och krav per bransch', 'egna ärenden'),
    ],
    recipients: [hostedInEea, partners],
    refusal: { consequence: 'none' },
  },
  {
    ...everywhere,
    purposeId: 'newsletter-and-marketing',
    title: sv('Nyhetsbrev och marknadsföring'),
    description: sv('Vi berättar om våra egna tjänster.'),
    legalBasis: 'consent',
    validity: 'P12M',
    directMarketing: true,
    dataCategories: [personal('e-postadress', 'personen')],
    recipients: [hostedInEea, suppliers],
    refusal: { consequence: 'none' },
  },
  {
    ...everywhere,
    purposeId: 'cookies',
    title: sv('Cookies och liknande teknik'),
    description: sv('Minns inställningar och Kom ihåg mig, räknar besök och anpassar annonser.'),
    legalBasis: 'consent',
    validity: 'P12M',
    subjectCategories: ['creditor', 'debtor', 'third party', 'visitor'],
    dataCategories: [
      personal('användarnamn och inställningar', 'personen'),
      personal('intressen', 'enheten'),
      deIdentified('besökta sidor', 'enheten'),
    ],
    recipients: [hostedInEea, suppliers],
    refusal: { consequence: 'limited', text: sv('En del av webbplatsen fungerar sämre.') },
    technologies: [
      technology('ks_minns', 'permanent-cookie', 'P12M'),
      technology('ks_besok', 'session-cookie', 'session'),
      technology('ks_fyr', 'web-beacon', 'session'),
      technology('ks_pixel', 'pixel', 'session'),
      technology('ks_gif', 'gif-file', 'session'),
      technology('ks_tagg', 'tag', 'session'),
    ],
  },
]

function technology(name: string, kind: Technology['kind'], lifetime: string): Technology {
  return { name, kind, party: 'first-party', domain: 'www.klarsund.example', lifetime }
}

const text = `# Integritetspolicy för Klarsund Inkasso AB

Den här policyn visar vilka uppgifter vi samlar in på webbplatsen, i apparna för telefon och surfplatta och i tjänster som länkar hit, och
vad vi gör med dem. Den är ingen del av våra allmänna villkor. Vi har tillstånd att driva in fordringar, och policyn gäller för borgenär,
gäldenär och tredje man.

Vi får uppgifter av dig, av borgenären, från andras plattformar och ur register. Där gäller plattformens egna villkor. Uppgifter kan
behandlas av bolag i koncernen i hela världen, med samma skydd. Till andra lämnar vi bara siffror och avidentifierade uppgifter.

Vi sparar uppgifter så länge de behövs för tjänsten, och längre bara för en lag, en tvist eller en myndighets utredning.

Vi ändrar policyn för att rätta fel och när lag eller teknik kräver det, och visar då en ny dag för ikraftträdande.

## Cookies

Genom att använda webbplatsen samtycker du till våra cookies. Du kan stänga av dem i webbläsaren.
`

export const klarsundPolicy: Omit<VersionDraft, 'policyId'> = {
  version: '1',
  kind: 'privacy',
  scope: ['web'],
  title: sv('Integritetspolicy'),
  texts: [{ locale: 'sv-SE', mediaType: 'text/markdown', text }],
  purposes,
  level: 'major',
  changes: [],
  ground: 'law',
  summary: sv('Den första integritetspolicyn.'),
}
