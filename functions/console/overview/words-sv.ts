/** The Swedish words of the page Overview. */
import type { Translated } from '../shell/language.ts'
import type { english } from './words-en.ts'

export const swedish: Translated<typeof english> = {
  introduction:
    'Hur många som har sagt ja, sagt nej och tagit tillbaka sitt ja, och hur de tillfrågades. Sidan visar inga personer, och inget tal som är så litet att det kan peka ut någon.',
  period: 'Period',
  lastDays: 'De senaste {days, number} dagarna',
  ownDays: 'Andra datum',
  from: 'Första dagen',
  to: 'Sista dagen',
  noSuchDay: 'Ange första och sista dagen.',
  lastBeforeFirst: 'Sista dagen ligger före den första.',
  tooLong: 'En period är högst {days, number} dagar.',

  inPeriod: 'Tal från {from} till {to}, i dagar enligt UTC.',
  through: 'De är slutgiltiga och kompletta till och med {day}.',
  allFinal: 'Alla är slutgiltiga.',
  laterDays: 'En senare dag räknas inom en timme efter att något har antecknats dagen därpå.',
  noDays: 'Ingen dag har räknats än',
  noDaysNext:
    'Registret räknar hela dagar i UTC. De första talen finns här inom en timme efter att något har antecknats en andra dag.',
  unreadable:
    'De sparade talen för de här dagarna är skadade och räknas inte med: {days}. Berätta det för den som driver registret.',
  noRows: 'Ingen beslutade något under perioden, eller så har inget av den räknats än.',

  allTopics: 'Alla ändamål och policyer',
  totals: 'Personer under perioden',
  topic: 'Ändamål eller policy',
  topicId: 'Id',
  policy: 'Policy',
  agreedShare: 'Ja, av dem som svarade',
  given: 'Sade ja',
  refused: 'Sade nej',
  withdrawn: 'Återkallade',
  expired: 'Löpte ut',
  ignored: 'Svarade inte',
  shown: 'Visades',
  peopleHidden: 'Dolda personer',
  hidden: 'dolt',
  over: 'över {people, number}',
  share: '{part, number, percent}',
  shareOfShown: 'cirka {part, number, percent}',
  noShare: 'ingen andel',
  save: 'Spara som CSV',
  saveNamed: 'Spara som CSV: {title}',

  whyHidden:
    '”Dolt” betyder några personer, men för få för att visas: ett tal under {k, number} kan peka ut någon. ”Över 50” betyder 50 och ett sådant dolt tal till. Inget av dem är noll.',
  meanings: 'Vad som räknas',
  'means-given': 'Personer som sade ja: de samtyckte eller godkände villkor.',
  'means-refused':
    'Personer som sade nej: de vägrade, avböjde eller invände, själva eller genom en inställning i webbläsaren.',
  'means-withdrawn': 'Personer som tog tillbaka ett ja.',
  'means-expired':
    'Samtycken som upphörde av sig själva: tiden var ute, eller en version med en större ändring började gälla.',
  'means-ignored':
    'Personer som fick något visat för sig dagen innan och som inte hade svarat när den här dagen var slut.',
  'means-shown':
    'Personer som fick något visat för sig och inte har svarat än. En webbplats som bara antecknar svar har inga här.',
  onceADay:
    'En person räknas en gång om dagen för varje ändamål och slags svar, och en gång till vid svar en annan dag. En enhet och ett konto räknas som två.',
  howHidden:
    'Där färre än {k, number} personer delar version, presentation, kanal eller språk räknas de under ”Annat eller okänt”. Är de för få även där döljs talet, tillsammans med ett annat tal om det annars gick att räkna ut.',
  unopened:
    'Ungefär {count, plural, one {# händelse} other {# händelser}} finns inte med i något tal, eftersom personerna hade raderats innan de räknades.',

  scheduled: 'Kommande versioner',
  noScheduled: 'Ingen ny version av någon policy är på väg.',
  notCountedYet: 'Hur många som en kommande version frågar igen går att se när den första dagen har räknats.',
  coming: 'Version',
  versionOf: '{policy}, version {version}',
  takesEffect: 'från {at}',
  takesEffectOn: 'Börjar gälla',
  atEndOf: 'Personer vid slutet av {day}',
  standing: 'Har sagt ja',
  askedAgain: 'Kommer att frågas igen',
  countedAt: 'Räknat vid slutet av',
  fewerThan: 'färre än {k, number}, eller ingen',
  nothingStands: 'Allt i den',
  askedAgainOf: '{people, number} ({share, number, percent})',
  inMultiples: 'Avrundat nedåt till hela {k, number}-tal, så att ingen syns komma eller gå.',

  aboutOf: 'I detalj: {topic}',
  dayByDay: 'Dag för dag',
  day: 'Dag',
  lines: 'Linjer i diagrammet',
  lookAtDay: 'Gå igenom dagarna',
  dayIs: '{day}: {numbers}.',
  'of-given': '{amount} sade ja',
  'of-refused': '{amount} sade nej',
  'of-withdrawn': '{amount} återkallade',
  'of-expired': 'för {amount} löpte samtycket ut',
  'of-ignored': '{amount} svarade inte',
  'of-shown': '{amount} fick se frågan',
  unreadableDay: 'de sparade talen är skadade',
  unknown: 'okänt',
  chartIs: 'Linjer över {count, plural, one {# dag} other {# dagar}} om {topic}. Tabellen har alla tal.',
  hatched:
    '{count, plural, one {# dag är streckad: något av dess tal är dolt eller skadat} other {# dagar är streckade: något av deras tal är dolt eller skadat}}, och inte noll.',
  hollow:
    '{count, plural, one {# dag har en ihålig punkt: den dagen var det fler personer än punkten visar} other {# dagar har en ihålig punkt: det var fler personer än punkten visar}}, men de är dolda.',
  noChart: 'Diagrammet gick inte att ladda. Tabellen har samma tal.',
  daysTable: '{count, plural, one {Dagen som tabell} other {De # dagarna som tabell}}',
  daysOf: 'Dag för dag: {topic}',

  compared: 'Jämförelse',
  compareBy: 'Jämför efter',
  presentation: 'Presentation (formulering)',
  version: 'Version',
  channel: 'Kanal',
  locale: 'Språk',
  'by-presentation': '{topic}, efter presentation',
  'by-version': '{topic}, efter version',
  'by-channel': '{topic}, efter kanal',
  'by-locale': '{topic}, efter språk',
  otherOrUnknown: 'Annat eller okänt',
  'channel-web': 'Webb',
  'channel-ios': 'iOS',
  'channel-android': 'Android',
  'channel-app': 'App',
  'channel-phone': 'Telefon',
  'channel-paper': 'Papper',
  'channel-api': 'API',
}
