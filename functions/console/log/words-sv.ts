/** The Swedish words of the page Log. */
import type { Translated } from '../shell/language.ts'
import type { english } from './words-en.ts'

export const swedish: Translated<typeof english> = {
  introduction:
    'Allt som antecknas för en personuppgiftsansvarig blir ett löv i den ansvariges logg, där inget ändras eller tas bort. En kontrollpunkt är loggens undertecknade uppgift om hur många löv den har, med en kontrollsumma över dem alla. Här kontrollerar din webbläsare det som registret lämnar ut.',
  whichLog: 'Logg för',
  anotherLog: 'En annan ansvarig …',
  controllerId: 'Den ansvariges id',
  controllerIdHint: 'Små bokstäver, siffror och bindestreck, som i loggens adress.',
  ownKeys: 'Kontrollera med nycklar från en annan källa',
  ownKeysField: 'Nycklar eller policy',
  ownKeysHint:
    'Nycklar, en per rad, eller en policy (c2sp.org/tlog-policy), så som du fick dem av den ansvarige eller en kollega. Lämnas fältet tomt används de nycklar som registret lämnar ut.',
  open: 'Visa loggen',
  lookAgain: 'Uppdatera',

  badKeys: 'Detta är inga nycklar',
  badKeysNext: 'Klistra in hela rader, så som den ansvarige publicerade dem, eller lämna fältet tomt.',
  notVerified: 'Loggen går inte att verifiera',
  notVerifiedNext:
    'Det som registret lämnar ut är inte det som dessa nycklar har undertecknat. Lita inte på det. Om nycklarna är dina egna, fråga den ansvarige om en ny nyckel har tillkännagivits.',

  newest: 'Senaste kontrollpunkten',
  verified: 'Underskriften stämmer',
  sentence:
    '{size, plural, =0 {Loggen hade inga löv än} one {Loggen hade # löv} other {Loggen hade # löv}} den {time}. Det är undertecknat.',
  sentenceUntimed:
    '{size, plural, =0 {Loggen har inga löv än} one {Loggen har # löv} other {Loggen har # löv}}. Det är undertecknat.',
  origin: 'Logg',
  root: 'Rotens kontrollsumma',
  time: 'Tid',
  noTime: 'inget känt vittne anger en tid',
  signedBy: 'Undertecknad av',
  roleLog: 'Loggen',
  roleWitness: 'Ett vittne, som anger tiden',
  roleUnknown: 'En nyckel som inte hör till dem som används här, och därför inte kontrollerades',
  witnesses: 'Utomstående vittnen',
  noOutside:
    'Inget har undertecknat. Därför visar inget här ännu att alla får se samma logg. Jämför kontrollpunkten med en som andra har sparat, så länge inga utomstående vittnen undertecknar.',
  unknownOutside:
    'Nycklar som inte hör till dem som används här har också undertecknat. Om de tillhör vittnen som du litar på, klistra in en policy med dem ovan, så kontrolleras deras underskrifter.',
  outside:
    '{count, plural, one {{names} har sett kontrollpunkten och undertecknat den.} other {{names} har sett kontrollpunkten och undertecknat den.}}',
  keysFromLedger:
    'Nycklarna kom från registret självt. De visar att loggen stämmer med sig själv. Klistra in nycklar från en annan källa ovan för att visa att det är den logg som andra känner.',
  keysFromReader: 'Nycklarna är de som du angav.',
  saveCheckpoint: 'Spara kontrollpunkten',
  saveKeys: 'Spara nycklarna',

  sinceFirst:
    'Webbläsaren har inte sett loggen förut. Den minns kontrollpunkten och jämför loggen med den vid ditt nästa besök.',
  sinceSame: 'Loggen är densamma som webbläsaren såg vid ditt förra besök.',
  sinceGrown:
    'Sedan ditt förra besök har loggen fått {count, plural, one {# löv till} other {# löv till}} och behållit allt som den hade då.',
  otherKeys: 'Nycklarna är inte de från ditt förra besök',
  otherKeysNext:
    'De har inte undertecknat kontrollpunkten som webbläsaren minns. Antingen har loggens nyckel bytts ut, eller så är detta en annan logg under samma namn. Fråga den som driver registret.',
  forget: 'Minns den här loggen från och med nu',
  putBack: 'Loggen är mindre än vid ditt förra besök',
  putBackNext:
    'Då hade den {before} löv, och nu lämnar registret ut en kontrollpunkt med {now}. En logg krymper aldrig. Titta igen om en minut; är det fortfarande så, spara kontrollpunkten och berätta för andra.',
  fork: 'Loggen har delat sig',
  forkNext:
    'Båda kontrollpunkterna är undertecknade, och trädet med {newer} löv börjar inte med det som har {older}. En logg får bara växa, så detta får aldrig hända. De två undertecknade texterna bevisar det för alla som känner loggens nyckel: spara båda och visa dem för andra.',
  forkSameSize:
    'Det finns två undertecknade kontrollpunkter med {older} löv och olika rötter. Detta får aldrig hända. De två undertecknade texterna bevisar det för alla som känner loggens nyckel: spara båda och visa dem för andra.',
  saveBoth: 'Spara båda texterna',
  unread: 'En del av loggen gick inte att läsa',
  wrongTiles: '{count, plural, one {En bricka i loggen är fel} other {Brickor i loggen är fel}}',
  wrongTilesNext:
    '{count, plural, one {{paths} är inte den bricka som den undertecknade roten binder.} other {{paths} ger tillsammans inte den undertecknade roten.}} Något har ändrats i lagringen eller på vägen. Själva kontrollpunkten är riktig.',
  expectedHash: 'Undertecknat:',
  foundHash: 'Utlämnat:',
  noHash: 'ingen bricka av rätt längd',

  health: 'Driftläge',
  ledger: 'Registret',
  asking: 'Frågar …',
  healthy: 'Det svarar, och det gör dess tabeller också.',
  unhealthy: 'Det svarar inte som det ska just nu. Nya händelser får vänta; inget går förlorat.',
  promise: 'Löfte',
  promiseIs:
    'Det som antecknas finns i en kontrollpunkt inom {seconds} sekunder. Den senaste ska alltså innehålla allt som antecknades före {by}.',
  idle: 'Den undertecknades {ago}; en logg som inget läggs till i får ingen ny.',
  promiseCheck: 'Ett kvitto visar om dess löfte hölls',
  selfAudit: 'Egenkontroll',
  selfAuditIs:
    'När registret senast kontrollerade sig självt vet de som driver det. Det finns ingen offentlig adress för det.',

  growth: 'Tillväxt',
  growthIs:
    '{count, plural, one {# kontrollpunkt} other {# kontrollpunkter}} från {from} till {to}; underskrifterna på var och en kontrollerades här.',
  growthGaps: 'Loggen har fler: mellan vissa punkter lästes de inte.',
  growthUntimed: '{count, plural, one {# till har} other {# till har}} ingen tid och kan inte placeras.',
  growthTable: '{count, plural, one {En kontrollpunkt} other {# kontrollpunkter, den senaste först}}',
  noGrowth: 'Ingen kontrollpunkt anger en tid, så det finns ingen tillväxt att visa.',
  leaves: 'Löv',
  added: 'Tillkomna',
  chartIs: 'Antalet löv över tiden, från {from, number} till {to, number}. Tabellen har samma siffror.',
  lookAtPoint: 'Gå igenom punkterna',
  pointIs: '{time}: {size, plural, one {# löv} other {# löv}}, {added, number} fler än vid punkten före.',
  noChart: 'Diagrammet gick inte att ladda. Tabellen har alla dess siffror.',

  consistency: 'Jämför två kontrollpunkter',
  consistencyIs:
    'Börjar det senare trädet med det tidigare, löv för löv? Sidan räknar ut det från loggens brickor. Starkast är jämförelsen med en kontrollpunkt som du själv har sparat.',
  earlier: 'Tidigare kontrollpunkt',
  later: 'Senare kontrollpunkt',
  checkpointOption: '{size} löv, {time}',
  theNewest: 'Den senaste: {checkpoint}',
  savedOne: 'En som jag har sparat …',
  savedNote: 'Sparad kontrollpunkt',
  savedNoteHint: 'Hela texten, från loggens namn till den sista underskriften.',
  compare: 'Jämför',
  consistent:
    '{count, plural, =0 {De två är samma träd} one {Loggen har bara vuxit, med # löv} other {Loggen har bara vuxit, med # löv}}',
  consistentNext: 'Trädet med {newer} löv börjar med det som har {older}. Inget i det har ändrats eller tagits bort.',
  stepTiles: '{count, plural, one {# bricka} other {# brickor}} lästes: {paths}.',
  stepRoot: 'De ger roten som kontrollpunkten med {size} löv har undertecknat.',
  stepProof:
    'Av dem räknades beviset enligt RFC 9162 ut: {count, plural, =0 {ingen kontrollsumma behövs} one {# kontrollsumma} other {# kontrollsummor}}.',
  stepOlder: 'Det leder till roten som kontrollpunkten med {size} löv har undertecknat.',
  stepLeaf: 'Det leder från löv {index} till roten för de {size} löven.',
  hashes: 'Kontrollsummorna',

  leaf: 'Slå upp ett löv',
  noLeaves: 'Loggen har inga löv än.',
  index: 'Nummer',
  indexHint: 'Från 0 till {last}.',
  lookUp: 'Slå upp',
  found: 'Löv {index} finns i det undertecknade trädet med {size} löv',
  leafHash: 'Lövets kontrollsumma',
  entry: 'Vad lövet säger',
  entryClosed:
    'Den ansvarige lämnar bara ut det till granskare: logga in som en sådan för att se det. Ingen person nämns i klartext; ett löv har kontrollsummor och en pseudonym.',
  entryWrong: 'Det som registret lämnar ut är inte det som loggades',
  saveLeaf: 'Spara beviset för lövet',
}
