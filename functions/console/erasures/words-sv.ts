/** The Swedish words of the page Erasures. */
import type { Translated } from '../shell/language.ts'
import type { english } from './words-en.ts'

export const swedish: Translated<typeof english> = {
  requests: 'Begäran om radering',
  requestsMean:
    'Den som begär radering ska få svar inom en månad (artikel 12.3 i GDPR). Här står inte vem det är, men personen ser ditt svar bland sina integritetsval.',
  request: 'Begäran',
  requestedAt: 'Gjord',
  answerBy: 'Svara senast',
  state: 'Läge',
  actions: 'Vad du kan göra',
  noRequests: 'Ingen har begärt radering.',
  'state-open': 'Väntar på ditt svar',
  stateLate: 'Försenad: svaret skulle redan ha getts',
  'state-granted': 'Beviljad, ännu inte utförd',
  'state-done': 'Utförd',
  stateRefused: 'Avslagen: {ground}',
  'decide-granted': 'Bevilja',
  'decide-refused': 'Avslå',
  grantTitle: 'Bevilja begäran {request}',
  refuseTitle: 'Avslå begäran {request}',
  grantMeans:
    'Nattens gallring raderar personen inom en vecka, om inget bevarandekrav gäller. Därefter känner registret inte till personen. Det går inte att ångra.',
  refuseMeans:
    'Personen ser avslaget och dess grund. Upplys om rätten att klaga hos myndigheten och att gå till domstol (artikel 12.4 i GDPR).',
  refusalGround: 'Grund',
  'refuse-legal-obligation': 'En rättslig förpliktelse (artikel 17.3 b)',
  'refuse-legal-claims': 'Rättsliga anspråk (artikel 17.3 e)',
  'refuse-freedom-of-expression': 'Yttrande- och informationsfrihet (artikel 17.3 a)',
  'refuse-public-health': 'Folkhälsa (artikel 17.3 c)',
  'refuse-archiving': 'Arkiv, forskning eller statistik (artikel 17.3 d)',
  'refuse-not-identified': 'Personen går inte att identifiera (artiklarna 11 och 12.2)',
  'refuse-unfounded': 'Uppenbart ogrundad eller orimlig (artikel 12.5)',
  'refuse-no-ground-to-erase': 'Det finns ingen grund för radering (artikel 17.1)',
  granted: 'Begäran är beviljad',
  grantedNext: 'Nattens gallring utför den inom en vecka.',
  refused: 'Begäran är avslagen',
  refusedNext: 'Personen ser avslaget och dess grund.',

  erase: 'Radera en identitet',
  missing: 'Ange vem.',
  ground: 'Grund',
  'ground-data-subject-request': 'Personen bad om det',
  'ground-retention': 'Tiden är ute',
  'ground-order': 'En domstol eller myndighet beslutade det',
  review: 'Se vad det innebär',
  consequences: 'Innan du raderar',
  destroyedTerm: 'Vad som förstörs',
  destroyed:
    'Personens nycklar. Ingen kan därefter öppna personens händelser eller säga vems de var: inte ni, ingen granskare och inte den som driver registret. Det går inte att ångra.',
  staysTerm: 'Vad som finns kvar',
  stays:
    'Loggen behåller sina löv, som är saltade kontrollsummor och inte öppnar något, och alla andras bevis förblir giltiga. Att ni har raderat någon, när och på vilken grund antecknas utan namn.',
  proofsTerm: 'Bevis som redan har lämnats ut',
  proofs:
    'De förblir giltiga, och den som har ett kan fortfarande läsa det. Be dem radera det om de saknar grund att behålla det.',
  copiesTerm: 'Vilka som kan ha kopior',
  copies: 'Personen och era egna servrar har kvitton; granskare kan ha svar och bevis. Svaret räknar upp dem.',
  backupsTerm: 'Säkerhetskopior',
  backups: 'En tid kan nycklarna återställas från säkerhetskopior. Svaret säger hur länge.',
  othersTerm: 'Andra identiteter',
  others: 'Ett konto, en enhet eller en annan adress som samma person har raderas för sig.',
  holdsTerm: 'Bevarandekrav',
  holds: 'Så länge ett bevarandekrav gäller raderas inget. Begäran antecknas och väntar.',
  eraseNow: 'Radera för alltid',
  'outcome-erased': 'Raderat',
  'outcome-held': 'Inte raderat: ett bevarandekrav gäller',
  'outcome-nothing-found': 'Inget att radera',
  'next-erased':
    '{at}: {events, plural, =0 {ingen händelse hittades; nycklarna är förstörda} one {# händelse kan inte längre öppnas eller knytas till någon} other {# händelser kan inte längre öppnas eller knytas till någon}}.',
  'next-held':
    '{at}: begäran är antecknad. Den utförs när inget bevarandekrav gäller längre, av nattens gallring eller när du upprepar den.',
  'next-nothing-found':
    '{at}: registret känner ingen sådan person. Det har aldrig gjort det, eller har raderat personen tidigare; det kan inte avgöra vilket.',
  holdStands: '{ground}, {until}. Krav {id}',
  secretGround: 'Ett krav vars grund din inloggning inte får se',
  'hold-legal-claim': 'Ett rättsligt anspråk',
  'hold-legal-obligation': 'En rättslig förpliktelse',
  'hold-order': 'Ett beslut av domstol eller myndighet',
  untilReleased: 'tills det hävs',
  untilDate: 'till {at}',
  pendingTerm: 'Kvar i säkerhetskopior',
  'pending-recovery': 'Databasen kan återställas till en tid före raderingen.',
  'pending-file':
    'Raderade rader kan läsas i databasens fil tills den städas, vilket sker nästa gång servern stannar eller startar. Kopior av filen känner registret inte till.',
  'pending-unknown': 'Databasen är inte registrets egen. Vad dess säkerhetskopior innehåller är inte känt.',
  pendingUntil: 'Till {at}.',
  'copy-receipts': 'Kvitton',
  'copyMeans-receipts':
    '{count, plural, =0 {Ingen händelse hittades, så inget är känt.} one {# har lämnats ut, till sidan eller servern som sände händelsen och till personen som bad om det. Ett kvitto öppnar sig självt.} other {# har lämnats ut, till de sidor och servrar som sände händelserna och till personen som bad om dem. Ett kvitto öppnar sig självt.}}',
  'copy-audit-reads': 'Granskare',
  'copyMeans-audit-reads':
    'De kan ha fått svar, tidslinjer och bevis. Vilka läsningar som gällde den här personen är förseglat med nycklarna som förstördes. Fråga granskarna.',
  'copy-exports': 'Exporter',
  'copyMeans-exports':
    '{count, plural, =0 {Det finns exporter, och registret kan inte avgöra vilka av dem som innehöll personen.} one {# export kan ha innehållit personen. Den som beställde den kan ha filerna.} other {# exporter kan ha innehållit personen. De som beställde dem kan ha filerna.}}',
  'copy-earlier-reads': 'Läsningar i tidigare form',
  'copyMeans-earlier-reads':
    'Läsningar som antecknats i registrets tidigare form nämner sin person under läsarens nyckel. Radera läsaren för att stänga dem.',
  'copy-log-mirrors': 'Speglar av loggen',
  'copyMeans-log-mirrors': 'De behåller löven: en okänd pseudonym och saltade kontrollsummor, som inte öppnar något.',
}
