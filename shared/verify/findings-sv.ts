/** The Swedish sentences of findings that are `ok` or a note. */
import type { findings } from './findings-en.ts'

export const swedishFindings: Readonly<Record<keyof typeof findings, string>> = {
  'unreadable-no-stands': 'Registret har något som det inte kan läsa: {names}. Nejet gäller ändå.',
  'said-provisional':
    'Enligt filen kan det som är känt {knownAt} ännu växa. Utan en tid för kontrollpunkten är det registrets eget besked.',
  'said-settled':
    'Enligt filen är det som är känt {knownAt} avgjort. Utan en tid för kontrollpunkten är det registrets eget besked.',
  'times-operators-word': 'Tiderna är registrets eget besked: inget utomstående vittne i din policy har bevittnat dem.',
  'other-times-operators-word':
    'När {count|annan kontrollpunkt|andra kontrollpunkter} i filen gjordes är registrets eget besked: inget utomstående vittne i din policy har bevittnat {count?den|dem}.',
  'times-witnessed': 'Tiderna är registrets besked, på {seconds} s när, och {names} har bevittnat dem.',
  'none-late': 'Inget undertecknat i filen visar att något löv är senare än tiden som det anger.',
  'some-late':
    '{count} av {all} löv kom sent till loggen: de räknas som kända först från den första kontrollpunkten som har dem.',
  'no-event': 'Filen har ingen händelse om den här personen.',
  'event-leaves-exact': '{count} händelselöv har exakt de byte som delarna ger, alla under samma pseudonym (sub).',
  'device-as-asked':
    'Händelserna som gäller frågan är om enhetens hemlighet med SHA-256 {id}, så som frågan var ställd.',
  'identifier-as-asked':
    'Händelserna som gäller frågan är om identiteten av typen {type} {id}, så som frågan var ställd.',
  'pending-open':
    'Antecknad {recordedAt} och inte med i kontrollpunkten: {what}. Loggen lovar att ha den till {until}.',
  'pending-overdue':
    'Antecknad {recordedAt} och inte med i kontrollpunkten: {what}. Loggen lovade att ha den till {until}, och den tiden har gått: löftet är brutet om inte ett nyare bevis har den. Be om ett.',
  'pending-broken':
    'Antecknad {recordedAt} och inte med i kontrollpunkten: {what}. Löftet att ha den till {until} är brutet: {seenAt} hade loggen den inte.',
  'published-by-rule':
    'Publicerat i policyn: {published}. Loggen har just det som står i filen, och allt följer reglerna för publicering.',
  'mandate-stood': 'Loggen har behörigheten {named}, och den gällde för ja till {target}.',
  'mandate-did-not-stand': 'Loggen har behörigheten {named}, men den gällde inte för ja till {target}: {lack}.',
  'manifest-opened': 'Uppgiften öppnar förteckning {number} över det som gallringen förstörde: {went}.',
  'changed-and-undone': 'Filen ändrades på vägen: {changes}. Det är återställt.',
  'answer-recomputed': 'Det som är antecknat ger svaret i filen, del för del: {status}.',
  'completion-reported':
    'Mottagaren {endpoint} rapporterade {reportedAt} att den agerade på {event} {completedAt}: loggen har rapporten som löv {index}.',
  'more-completions': 'Och {count|tidigare rapport|tidigare rapporter}, som loggen också har.',
  'completions-by-word':
    'Att en mottagare agerade, och när, är dess eget besked. Filen visar inte att ingen annan rapport är utelämnad.',
  'texts-match': 'Varje text har det hashvärde som dess version anger.',
  'known-provisional':
    'Preliminärt: den nyaste kontrollpunkten är inte {seconds} s efter {knownAt} ännu, så det som är känt då kan växa.',
  'completeness-not-proven':
    'Att inget saknas är inte bevisat: minst de här händelserna och versionerna finns, men filen visar inte att ingen är utelämnad.',
  'proves-record-only':
    'Filen bevisar inget om andra pseudonymer för samma person; det kan ett kvitto som personen har. Den visar vad som är antecknat, inte om det håller juridiskt.',
  'clock-was-ahead':
    '{count} löv anger en tid efter att loggen redan hade {count?det|dem}: klockan som stämplade {count?det|dem} gick fel, och loggens tid räknas.',
  'clock-set-back': 'Loggens klocka gick fel före storlek {size}: den ställdes tillbaka från {until} till {from}.',
  'checkpoint-signed': 'Loggen {origin} har undertecknat ett träd med {size} löv, gjort {made}.',
  'checkpoint-time-unknown':
    'Inget känt vittne har bevittnat kontrollpunkten, så tiden går inte att kontrollera. Ange nyckeln till registrets eget vittne, eller en policy med utomstående vittnen, för att kontrollera även tider.',
  'checkpoint-from-future': 'Kontrollpunkten är från efter {now}, då den läses: en av de två klockorna går fel.',
  'checkpoint-counts': 'Kontrollpunkten är från före {knownAt}: det är den som räknas.',
  'no-checkpoint-yet': 'Enligt filen hade loggen ingen kontrollpunkt ännu {knownAt}. Det kan filen inte bevisa.',
  'checkpoint-order-unknown': 'Det går inte att kontrollera om kontrollpunkten är från före {knownAt}.',
  'prefix-time-unknown': 'Trädet med {size} löv är början på det nyaste. Det går inte att kontrollera när det gjordes.',
  'prefix-picked': 'Den senaste kontrollpunkten till och med {knownAt} har {size} löv och är början på den nyaste.',
  'events-opened':
    'Varje öppnad uppgift stämmer med ett hashvärde i sitt löv, och varje händelse säger vad den gäller: {covering} av {all} gäller frågan.',
  'others-closed':
    'I samma händelser tog personen också ställning till {count|annat ändamål eller annan policy|andra ändamål eller policyer}. {count?Det beslutet förblir stängt|De besluten förblir stängda}.',
  'identity-unshown': 'Ingen händelse gäller frågan, så ingen visar vem den är om: bara att alla har samma pseudonym.',
  'times-follow': 'Tiden som varje händelse gäller från följer av tiderna som den anger.',
  'leaves-included':
    '{count} löv ur filen finns i loggens träd med {size} löv: varje bevis leder till den undertecknade roten.',
  'joint-recomputed':
    '{count|länkad person eller enhet är bevisad|länkade personer eller enheter är bevisade} från båda sidor av varje länk. Tillsammans ger de det gemensamma svaret: {status}.',
  'joint-contradiction':
    'En av dem säger ja för sig och en annan nej. Det gemensamma svaret följer det senare beslutet, och i samma ögonblick nejet.',
  'links-completeness': 'Filen visar inte att ingen annan länk, och inget slut på en, har utelämnats.',
  'locale-without-text':
    '{what} anger språket {locale}, och version {version} har ingen text på det: det finns inget bevis för vilken text som visades.',
  'links-follow':
    'Versionerna som gällde och visades är de som följer av det som var publicerat när {count|händelse|händelser} om frågan antecknades.',
  'served-by-word':
    'Att personen fick texten är registrets eget besked i {count|händelse|händelser}: visningsbevisen är registrets egna.',
  'decided-under-mandates':
    'Någon annan beslutade för personen, enligt antecknade behörigheter: {mandates}. Vem som antecknade dem förblir stängt.',
  'more-pending': 'Och {count} till, som inte heller finns i kontrollpunkten.',
  'presentations-absent': 'Enligt händelserna visades {names}, men filen har ingen sådan form för policyn.',
  'mandate-not-in-file':
    'Händelsen anger behörigheten {named}, som inte är med i filen. Hämta kvittot igen senare för att få den.',
  'form-proof': 'Filen har formen consent-proof@1 och inget därutöver.',
  'form-receipt': 'Filen har formen consent-receipt@1.',
  'leaf-exact': 'Lövet har exakt de byte som dess delar ger.',
  'record-matches': 'Det som anteckningen säger om händelsen är vad de öppnade uppgifterna säger.',
  'receipt-opened': 'Varje öppnad uppgift stämmer med ett hashvärde i lövet: {names} av {expected}.',
  'clear-part-matches': 'Det som kvittot säger i klartext är vad dess öppnade uppgifter säger.',
  'event-included': 'Loggen har händelsen, som löv {index}.',
  'record-unsigned':
    'Det som står om ändamål och parter, och om vad varje beslut leder till, är registrets sammanfattning: varken loggen eller en underskrift bekräftar den.',
  promised: 'Loggen {origin} lovade {at} att ha händelsen till {until}.',
  'record-signed':
    'Anteckningen, och vad varje beslut leder till, är det som registret undertecknade: dess egen sammanfattning, inte loggens.',
  'promise-not-yet-due': 'Den nyare kontrollpunkten gjordes {made}: den visar inte att tiden för löftet gick ut.',
  'promise-open': 'Loggen behöver inte ha händelsen ännu. Hämta kvittot igen senare för att få beviset.',
  'receipts-valid': '{count|kvitto är giltigt för sig|kvitton är giltiga, vart och ett för sig}.',
  'form-receipts': 'Filen har formen av ett svar med kvitton.',
  'own-record-receipts-only': 'Av en persons eget utdrag kontrolleras bara kvittona. Resten är registrets uppgift.',
  'more-receipts': 'Registret hade fler kvitton än de här: nästa sida är en annan fil.',
  'receipts-unreadable':
    'Registret angav {count|rad|rader} som det inte kunde läsa: för {count?den|dem} finns inget kvitto.',
  'events-refused': 'Av {count|händelse|händelser} avvisades {refused}, som inte har något kvitto.',
  'form-tlog-proof': 'Filen har formen c2sp.org/tlog-proof@v1.',
  'leaf-included': 'Loggen har lövet, på plats {index}.',
  'no-disclosures': 'Inga uppgifter är öppnade: lövet finns i loggen, men innehållet förblir stängt.',
  'leaf-opened':
    '{count|öppnad uppgift stämmer med sitt hashvärde|öppnade uppgifter stämmer med sina hashvärden} i lövet.',
}
