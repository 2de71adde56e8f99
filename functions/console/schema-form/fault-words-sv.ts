/** What is wrong with a value, in Swedish. */
import type { Translated } from '../shell/language.ts'
import type { english } from './fault-words-en.ts'

export const swedish: Translated<typeof english> = {
  missing: 'Fyll i det här.',
  invalid: 'Registret godtar inte detta: {detail}',
  tooLong: 'Högst {most} tecken.',
  tooMany: 'Högst {most}.',
  unknownMember: 'Registret har inget fält som heter {name}.',
  isId: 'Små bokstäver, siffror och bindestreck, 1 till 40.',
  isVersionName: 'Bokstäver, siffror, punkt, understreck och bindestreck, 1 till 40.',
  isLocale: 'En språktagg, till exempel sv-SE eller en.',
  isPlace: 'Ett land med två versaler, till exempel SE, eller en av regionerna som nämns ovan.',
  isOrigin: 'Bara protokoll, värd och port, till exempel https://www.example.org, och inga jokertecken.',
  isDuration: 'En tidslängd enligt ISO 8601, till exempel P12M, P3Y eller P30D.',
  countryOrRegion: 'Antingen ett land eller en region.',
  versionTaken: 'Det finns redan en version med det namnet. En publicerad version ändras aldrig.',
  policyTaken: 'Det finns redan en policy med det id:t.',
  presentationTaken: 'Det finns redan en presentation med det id:t. En publicerad ändras aldrig.',
  unknownPurpose: 'Versionen som gäller anger inget sådant ändamål.',
  needsRetention: 'Ange hur länge uppgifterna sparas, eller tills vad.',
  needsValidity: 'Ett samtycke måste ange hur länge det gäller, till exempel P12M.',
  interestWithBasis: 'Ange intresset när den rättsliga grunden är berättigat intresse, och bara då.',
  needsJustification: 'Ett samtycke utan vilket tjänsten inte går att få kräver en motivering som kan läsas.',
  onlyConsent: 'Uttryckligt samtycke och bekräftelse i ett andra steg hör till ändamål som vilar på samtycke.',
  logicWithDecision: 'Ange logiken vid automatiserade beslut eller profilering, och bara då.',
  unknownSource: 'Inga uppgifter kommer från den källan. Kända: {allowed}',
  needsTransfer: 'En överföring till vilket land som helst måste ange sin skyddsåtgärd.',
  undeclaredForm: 'En mottagare får bara de former av uppgifter som ändamålet har: {allowed}',
  needsExemption: 'En teknik kräver samtycke, eller en grund för att den inte gör det.',
  britishGround: 'Bara brittisk rätt har den grunden. Ange GB som ändamålets jurisdiktion eller välj en annan grund.',
  groundNeedsObjection:
    'På den här grunden får man invända. Ändamålet måste därför vila på ett berättigat intresse eller en uppgift av allmänt intresse.',
  kindFixed: 'En policys slag kan inte ändras. Det är {allowed}.',
  otherPolicy: 'Ändamålet hör till en annan policy.',
  basisFixed:
    'Ett ändamåls rättsliga grund kan inte ändras. Den är {allowed}; en annan grund kräver ett annat ändamål.',
  levelMajor: 'Ett ändamål ändras väsentligt, så även versionen är en väsentlig ändring.',
  sameInstant: 'En annan version börjar gälla i exakt samma ögonblick. Välj en annan tid.',
  repeated: 'Detta anges två gånger: {given}',
  undeclaredChange: 'Ändamålet skiljer sig från versionen före i: {given}. Ange det under ”Vad som ändras”.',
  alwaysMajor:
    'Den ändringen är alltid väsentlig: nya känsliga uppgifter, eller en ny part som använder uppgifter för egna ändamål.',
}
