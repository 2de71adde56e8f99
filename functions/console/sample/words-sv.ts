/** The Swedish words of the page Sample audit. */
import type { Translated } from '../shell/language.ts'
import type { english } from './words-en.ts'

export const swedish: Translated<typeof english> = {
  introduction:
    'Den som driver ett register väljer också vad det visar. Ett slumpmässigt stickprov tar bort det valet: en undertecknad kontrollpunkt och ditt eget frö avgör vilka löv i loggen du granskar.',
  emptyLog: 'Loggen har inga löv än, så det finns inget att dra.',
  checkpoint: 'Kontrollpunkt',
  checkpointHint: 'Den måste vara undertecknad innan du väljer frö, annars kan löv ha lagts in för det.',
  newest: '{size, plural, one {Den senaste: # löv} other {Den senaste: # löv}}, {time}',
  noTime: 'inget känt vittne anger en tid',
  saved: 'En som jag har sparat tidigare',
  root: 'Rotens kontrollsumma',
  saveCheckpoint: 'Spara kontrollpunkten',
  seed: 'Frö',
  seedHint:
    '32 till 128 hexadecimala siffror som ingen kunde förutse. Kasta tärning, eller låt webbläsaren ta fram ett.',
  seedForm: '16 till 64 byte som hexadecimala siffror med små bokstäver',
  makeSeed: 'Ta fram ett frö',
  count: 'Antal löv',
  countHint: 'Högst {most}, och inte fler än loggen har.',
  draw: 'Dra stickprovet',
  isRecorded: 'Frågan antecknas som en läsning. Den kräver ett tillstånd för alla personer eller för detta stickprov.',
  refuted: 'Registrets svar är inte stickprovet',
  refutedNext:
    'Webbläsaren drog löven ur kontrollpunkt och frö och kontrollerade beviset för vart och ett. Något i svaret stämmer inte, så det godtogs inte.',

  goOn: 'Fortsätt med en granskning som du har sparat',
  chooseFile: 'Välj en fil',
  findingsFile: 'Fil med iakttagelser',
  goOnHint: 'Filen som den här sidan sparade. Stickprovet i den kontrolleras på nytt med loggens nycklar.',
  oddFile: 'Detta är ingen fil med iakttagelser från den här sidan.',

  drawn: '{count, plural, one {# löv} other {# löv}} av {size}, slumpmässigt draget och bevisat',
  howChecked: 'Så kontrollerades det',
  stepCheckpoint: 'Loggen har undertecknat kontrollpunkten med {size} löv.',
  stepDrawn: 'Webbläsaren drog ur kontrollpunkt och frö: {indexes}.',
  stepAnswered: 'Registret svarade med {count, plural, one {detta löv} other {dessa löv, i denna ordning}}.',
  stepProven:
    '{count, plural, one {Lövet finns} other {Vart och ett av de # löven finns}} i det undertecknade trädet, på sin plats.',
  notKept:
    'Flikens minne räcker inte, så iakttagelserna går förlorade om sidan laddas om. Spara dem som en fil innan du fortsätter.',

  progress: 'Läget',
  progressIs:
    '{done, number} av {count, number} granskade: {fine, number} utan anmärkning, {deviation, plural, one {# avvikelse} other {# avvikelser}}, {open, number} kvar.',
  show: 'Visa',
  'show-all': 'Alla',
  'show-open': 'Kvar',
  'show-fine': 'Utan anmärkning',
  'show-deviation': 'Avvikelser',
  noneShown: 'Inget löv har den bedömningen.',
  leafTitle: '{number, number}. Löv {index}: {kind}',
  openedBy: 'Öppnas av {files}.',
  finding: 'Bedömning',
  'finding-fine': 'Utan anmärkning',
  'finding-deviation': 'Avvikelse',
  'finding-open': 'Kvar att granska',
  note: 'Anteckning',
  whatItSays: 'Vad lövet säger',

  openLeaves: 'Öppna löv med bevis och kvitton',
  proofFile: 'Bevis, kvitto eller kvitton',
  openLeavesHint:
    'Ett löv har kontrollsummor. Ett bevis om personen, eller personens kvitto, öppnar det. Filen kontrolleras i din webbläsare och skickas ingenstans.',
  fileInvalid: '{file} går inte att verifiera',
  fileOpens:
    '{file} är giltig och öppnar {count, plural, =0 {inget av de dragna löven} one {# av de dragna löven} other {# av de dragna löven}}.',
  opensInAll: 'Sammanlagt är {open, number} av {count, number} öppna.',

  save: 'Spara',
  saveIs:
    'Fliken behåller ditt arbete tills du kastar det eller stänger fliken; ingen annan ser det. Med iakttagelserna som fil kan du fortsätta var som helst, och den innehåller hela stickprovet med bevis.',
  saveFindings: 'Spara iakttagelserna',
  saveTable: 'Spara som tabell (CSV)',
  saveSample: 'Spara stickprovet',
  csvIndex: 'Löv',
  csvKind: 'Slag',
  csvMeaning: 'Innebörd',
  inTerminal: 'Kontrollera stickprovet i en terminal',
  inTerminalIs: 'Spara stickprovet och ange loggens nycklar från en källa som du litar på:',
  discard: 'Kasta granskningen',
  discardSure: 'Kasta stickprovet och alla iakttagelser?',
  discardYes: 'Ja, kasta',
  discardNo: 'Nej, behåll',
}
