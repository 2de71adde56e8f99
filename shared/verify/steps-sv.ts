/**
 * The verifier's steps in Swedish: the name of each, and its sentences for findings that are `ok` or a note. The English sentence is the
 * key, so that the verifier itself has one language only; the command and the console's page translate what it found. In an English
 * sentence `{name}` stands for a value, and `{one|other}` for either.
 */
import type { Step } from './verification.ts'

interface SwedishStep {
  /** At most 13 characters. */
  readonly name: string
  readonly says: Readonly<Record<string, string>>
}

const signed = {
  'The log {origin} signed a tree of {size}, made at a time that no known witness says.':
    'Loggen {origin} har undertecknat ett träd med {size} löv. Inget känt vittne säger när det gjordes.',
  "The log {origin} signed a tree of {size}, made {at} by the operator's own witness.":
    'Loggen {origin} har undertecknat ett träd med {size} löv, gjort {at} enligt registrets eget vittne.',
  'The log {origin} signed a tree of {size}, made {at} (cosigned by {names}).':
    'Loggen {origin} har undertecknat ett träd med {size} löv, gjort {at}. Det är bevittnat av {names}.',
}

/** The verifier's own words in values; a quoted piece of the file stays as it is. */
export const swedishValues: Readonly<Record<string, string>> = {
  event: 'händelse',
  mandate: 'behörighet',
  more: 'till',
  presentation: 'form',
  retraction: 'återkallelse',
  "the subject's keys": 'personens nycklar',
}

/** Beginnings of sentences on entries that are recorded and not in the log yet. */
const begins = {
  'Recorded {at}, and not in the checkpoint: the event of receipt {id}.':
    'Antecknad {at} och inte med i kontrollpunkten: händelsen i kvitto {id}.',
  'Recorded {at}, and not in the checkpoint: a side of the link {id}.':
    'Antecknad {at} och inte med i kontrollpunkten: en sida av kopplingen {id}.',
  'Recorded {at}, and not in the checkpoint: the revocation of the mandate {id}.':
    'Antecknad {at} och inte med i kontrollpunkten: återkallelsen av behörigheten {id}.',
  'Recorded {at}, and not in the checkpoint: the {kind} {id}.':
    'Antecknad {at} och inte med i kontrollpunkten: {kind} {id}.',
}
const promises = {
  'The log promises to have it by {until}.': 'Loggen lovar att ha den till {until}.',
  'The log promised to have it by {until}, which is past: the promise is broken, unless a newer proof has it. Ask for one.':
    'Loggen lovade att ha den till {until}, och den tiden har gått: löftet är brutet om inte ett nyare bevis har den. Be om ett.',
  'The promise to have it by {until} is broken: at {seen} the log did not have it.':
    'Löftet att ha den till {until} är brutet: {seen} hade loggen den inte.',
}

/** Sentences on a policy's versions, with and without retractions and presentations. */
const published = Object.fromEntries(
  [
    ['', ''],
    [', {r} {retraction|retractions}', ', återkallade versioner ({r} st)'],
    [', {p} {presentation|presentations}', ', visade former ({p} st)'],
    [
      ', {r} {retraction|retractions}, {p} {presentation|presentations}',
      ', återkallade versioner ({r} st), visade former ({p} st)',
    ],
  ].map(([english, swedish]) => [
    `{n} {version|versions}${english} of the policy: the log has the very records in the file, and they keep the rules of publication.`,
    `Policyns versioner ({n} st)${swedish}: loggen har just det som står i filen, och allt följer reglerna för publicering.`,
  ]),
)

export const swedishSteps: Readonly<Record<Step['step'], SwedishStep>> = {
  form: {
    name: 'form',
    says: {
      'The file has the form of {kind}, and nothing more.': 'Filen har formen {kind} och inget därutöver.',
      'The file has the form of an answer with receipts.': 'Filen har formen av ett svar med kvitton.',
      'Only the receipts of a person’s own record are verified; the rest of it is the word of the ledger.':
        'Av en persons eget utdrag kontrolleras bara kvittona. Resten är registrets uppgift.',
      'The file has the form of {kind}.': 'Filen har formen {kind}.',
    },
  },
  checkpoint: {
    name: 'kontrollpunkt',
    says: {
      ...signed,
      "No known witness cosigned the checkpoint, so its time cannot be checked. Give the key of the operator's witness, or a policy with outside witnesses, to check times too.":
        'Inget känt vittne har bevittnat kontrollpunkten, så tiden går inte att kontrollera. Ange nyckeln till registrets eget vittne, eller en policy med utomstående vittnen, för att kontrollera även tider.',
      'The checkpoint is from after {now}, when it is read: one of the two clocks is wrong.':
        'Kontrollpunkten är från efter {now}, då den läses: en av de två klockorna går fel.',
    },
  },
  'known-at': {
    name: 'känt vid',
    says: {
      'The checkpoint is from before {at}: it is the one that counts.':
        'Kontrollpunkten är från före {at}: det är den som räknas.',
      'The file says that the log had no checkpoint yet at {at}, which it cannot prove.':
        'Enligt filen hade loggen ingen kontrollpunkt ännu {at}. Det kan filen inte bevisa.',
      'Whether the checkpoint is from before {at} cannot be checked.':
        'Det går inte att kontrollera om kontrollpunkten är från före {at}.',
      'The tree of {size} is a prefix of the newest; when it was made cannot be checked.':
        'Trädet med {size} löv är början på det nyaste. Det går inte att kontrollera när det gjordes.',
      'The newest checkpoint by {at} is that of {size}, and a prefix of the newest.':
        'Den senaste kontrollpunkten till och med {at} har {size} löv och är början på den nyaste.',
    },
  },
  leaves: {
    name: 'löv',
    says: {
      'The leaf has the exact bytes that its members make.': 'Lövet har exakt de byte som dess delar ger.',
      'The file has no event of this person.': 'Filen har ingen händelse om den här personen.',
      '{n} {event leaf has|event leaves have} the exact bytes that their members make, all of one pseudonym (sub).':
        'Händelsernas löv ({n} st) har exakt de byte som delarna ger, alla under samma pseudonym (sub).',
    },
  },
  inclusion: {
    name: 'i loggen',
    says: {
      'The log has the leaf, at index {index}.': 'Loggen har lövet, på plats {index}.',
      'The log has the event, as leaf {index}.': 'Loggen har händelsen, som löv {index}.',
      "{n} {leaf is|leaves are all} in the log's tree of {size}: each proof leads to the signed root.":
        'Filens löv ({n} st) finns i loggens träd med {size} löv: varje bevis leder till den undertecknade roten.',
    },
  },
  disclosures: {
    name: 'uppgifter',
    says: {
      'No disclosures are given: the leaf is in the log, and what it commits to stays closed.':
        'Inga uppgifter är öppnade: lövet finns i loggen, men innehållet förblir stängt.',
      '{n} {disclosure opens|disclosures open} what the leaf committed to.':
        'De öppnade uppgifterna ({n} st) stämmer med hashvärden i lövet.',
      'The disclosure opens manifest {number} of what retention destroyed: {keys} {key of a year|keys of years} and {subjects} {subject|subjects}.':
        'Uppgiften öppnar förteckning {number} över det som gallringen förstörde. Årsnycklar: {keys}. Personer: {subjects}.',
      'The disclosure opens manifest {number} of what retention destroyed: at most {keys} {key of a year|keys of years} and {subjects} {subject|subjects}, because the run was cut short.':
        'Uppgiften öppnar förteckning {number} över det som gallringen förstörde, högst, eftersom körningen avbröts. Årsnycklar: {keys}. Personer: {subjects}.',
      'Every disclosure opens a digest that the leaf committed to: {n} of {all}.':
        'Varje öppnad uppgift stämmer med ett hashvärde i lövet: {n} av {all}.',
      'Every disclosure opens a digest that its leaf committed to, and every event says what it covers: {n} of {all} cover the question.':
        'Varje öppnad uppgift stämmer med ett hashvärde i sitt löv, och varje händelse säger vad den gäller: {n} av {all} gäller frågan.',
      'The same events also put {n} {other purpose or policy|other purposes or policies} to the person; {its decision stays|their decisions stay} closed.':
        'I samma händelser tog personen ställning till annat också ({n} st ändamål eller policyer). De besluten förblir stängda.',
      'The event names the mandate {id}, which is not in this file. Fetch the receipt again later to get it.':
        'Händelsen anger behörigheten {id}, som inte är med i filen. Hämta kvittot igen senare för att få den.',
      'The log has the mandate {id}, and it stood for the yes to {target}.':
        'Loggen har behörigheten {id}, och den gällde för ja till {target}.',
      'The log has the mandate {id}, and it did not stand for the yes to {target}: {lack}.':
        'Loggen har behörigheten {id}, men den gällde inte för ja till {target}: {lack}.',
      'Somebody else decided for the person, under mandates on record: {mandates}. Who recorded them stays closed.':
        'Någon annan beslutade för personen, enligt antecknade behörigheter: {mandates}. Vem som antecknade dem förblir stängt.',
    },
  },
  identity: {
    name: 'identitet',
    says: {
      'No event covers the question, so no event shows whom it is of: only that all have one pseudonym.':
        'Ingen händelse gäller frågan, så ingen visar vem den är om: bara att alla har samma pseudonym.',
      'The events that cover the question are of the device secret with the SHA-256 {id}, as asked.':
        'Händelserna som gäller frågan är om enhetens hemlighet med SHA-256 {id}, så som frågan var ställd.',
      'The events that cover the question are of the identifier of type {type} {id}, as asked.':
        'Händelserna som gäller frågan är om identiteten av typen {type} {id}, så som frågan var ställd.',
    },
  },
  times: {
    name: 'tider',
    says: {
      'The effective time of each event follows from the times that it states.':
        'Tiden som varje händelse gäller från följer av tiderna som den anger.',
    },
  },
  backdating: {
    name: 'antedatering',
    says: {
      'No signed note in the file shows {the leaf|any leaf} to be later than the time that it states.':
        'Inget undertecknat i filen visar att något löv är senare än tiden som det anger.',
      '{n} {leaf|leaves} of {all} came late to the log: known only from the first checkpoint that has {it|each}.':
        '{n} av {all} löv kom sent till loggen: de räknas som kända först från den första kontrollpunkten som har dem.',
      "{n} {leaf states|leaves state} a time after the log had {it|them}: the clock that stamped {it|them} was wrong, and the log's time counts.":
        'Löv med en tid efter att loggen redan hade dem: {n} st. Klockan som stämplade dem gick fel, och loggens tid räknas.',
      "The log's clock was wrong before size {size}: it was set back from {until} to {from}.":
        'Loggens klocka gick fel före storlek {size}: den ställdes tillbaka från {until} till {from}.',
    },
  },
  publications: {
    name: 'publicerat',
    says: {
      ...published,
      'Events name {ids} as what was presented; no such presentation of this policy is in the file.':
        'Enligt händelserna visades {ids}, men filen har ingen sådan form för policyn.',
    },
  },
  links: {
    name: 'versioner',
    says: {
      'event {n} states the locale {locale}, in which version {version} has no text: which text was shown is not evidenced.':
        'Händelse {n} anger språket {locale}, och version {version} har ingen text på det: det finns inget bevis för vilken text som visades.',
      'The versions in force and shown are those that follow from what was published when {n} {event|events} that {cover|covers} the question {was|were} recorded.':
        'Versionerna som gällde och visades är de som följer av det som var publicerat när händelserna om frågan ({n} st) antecknades.',
      "That the text was served to the person is the operator's word in {n} {event|events}: notice tokens are the operator's own.":
        'Att personen fick texten är registrets eget besked (antal händelser: {n}): visningsbevisen är registrets egna.',
    },
  },
  answer: {
    name: 'svar',
    says: {
      'The recorded events amount to the answer in the file, member by member: {status}.':
        'Det som är antecknat ger svaret i filen, del för del: {status}.',
      'The ledger holds what it cannot read: {names}. The no stands all the same.':
        'Registret har något som det inte kan läsa: {names}. Nejet gäller ändå.',
    },
  },
  texts: {
    name: 'texter',
    says: { 'Each text has the hash that its version names.': 'Varje text har det hashvärde som dess version anger.' },
  },
  joint: {
    name: 'gemensamt',
    says: {
      '{n} {linked subject is|linked subjects are} proven by both sides of each link, and together they amount to the joint answer: {status}.':
        'Kopplade personer eller enheter som är bevisade från båda sidor: {n}. Tillsammans ger de det gemensamma svaret: {status}.',
      'One of them alone says yes and another no. The joint answer follows the later act, and at one instant the no.':
        'En av dem säger ja för sig och en annan nej. Det gemensamma svaret följer det senare beslutet, och i samma ögonblick nejet.',
      'That no other link, and no end of one, was left out is not shown by this file.':
        'Filen visar inte att ingen annan koppling, och inget slut på en, har utelämnats.',
    },
  },
  limits: {
    name: 'gränser',
    says: {
      "The file says that what is known at {at} may still grow; without a time for the checkpoint that is the operator's word.":
        'Enligt filen kan det som är känt {at} ännu växa. Utan en tid för kontrollpunkten är det registrets eget besked.',
      "The file says that what is known at {at} is settled; without a time for the checkpoint that is the operator's word.":
        'Enligt filen är det som är känt {at} avgjort. Utan en tid för kontrollpunkten är det registrets eget besked.',
      'Provisional: the newest checkpoint is not yet {seconds} s past {at}, so what is known at that instant may still grow.':
        'Preliminärt: den nyaste kontrollpunkten är inte {seconds} s efter {at} ännu, så det som är känt då kan växa.',
      'Completeness is not proven: these are at least the events and versions; that none is left out is not shown by this file.':
        'Att inget saknas är inte bevisat: minst de här händelserna och versionerna finns, men filen visar inte att ingen är utelämnad.',
      "Times are the operator's word: no outside witness of your policy cosigned.":
        'Tiderna är registrets eget besked: inget utomstående vittne i din policy har bevittnat dem.',
      'Times are the word of the operator, to within {seconds} s, and of {names}.':
        'Tiderna är registrets besked, på {seconds} s när, och {names} har bevittnat dem.',
      'It proves nothing about other pseudonyms of the same person; a receipt that the person holds can. It shows what is recorded, not whether it is valid in law.':
        'Filen bevisar inget om andra pseudonymer för samma person; det kan ett kvitto som personen har. Den visar vad som är antecknat, inte om det håller juridiskt.',
    },
  },
  pending: {
    name: 'väntar',
    says: {
      ...Object.fromEntries(
        Object.entries(begins).flatMap(([english, swedish]) =>
          Object.entries(promises).map(([end, slut]) => [`${english} ${end}`, `${swedish} ${slut}`]),
        ),
      ),
      'And {n} more, which are not in the checkpoint either.': 'Och {n} till, som inte heller finns i kontrollpunkten.',
    },
  },
  record: {
    name: 'anteckning',
    says: {
      "What the record says of the purposes and parties, and the effect of each decision, is the operator's summary: neither the log nor a signature holds it.":
        'Det som står om ändamål och parter, och om vad varje beslut leder till, är registrets sammanfattning: varken loggen eller en underskrift bekräftar den.',
      'What its record says of the event is what the disclosures say.':
        'Det som anteckningen säger om händelsen är vad de öppnade uppgifterna säger.',
      'What the receipt says in clear is what its disclosures say.':
        'Det som kvittot säger i klartext är vad dess öppnade uppgifter säger.',
      'The record and the effect of each decision are those that the ledger signed: its summary, not the log’s.':
        'Anteckningen, och vad varje beslut leder till, är det som registret undertecknade: dess egen sammanfattning, inte loggens.',
    },
  },
  receipts: {
    name: 'kvitton',
    says: {
      'Each of {n} {receipt|receipts} is valid by itself.': 'Varje kvitto ({n} st) är giltigt för sig.',
      'The ledger had more receipts than these: the next page is another file.':
        'Registret hade fler kvitton än de här: nästa sida är en annan fil.',
      'The ledger named {n} {row|rows} that it could not read: of these there is no receipt.':
        'Registret angav rader som det inte kunde läsa ({n} st): för dem finns inget kvitto.',
      'Of {all} {event|events} {n} were refused, and have no receipt.':
        'Av händelserna ({all} st) avvisades {n}, och de har inget kvitto.',
    },
  },
  promise: {
    name: 'löfte',
    says: {
      'The log {origin} promised at {at} to have the event by {until}.':
        'Loggen {origin} lovade {at} att ha händelsen till {until}.',
      'The log need not have the event yet. Fetch the receipt again later to get the proof.':
        'Loggen behöver inte ha händelsen ännu. Hämta kvittot igen senare för att få beviset.',
    },
  },
  'promise-kept': {
    name: 'hållet löfte',
    says: {
      'The newer checkpoint was made at a time that no known witness says: it does not show that the promise ran out.':
        'Inget känt vittne säger när den nyare kontrollpunkten gjordes: den visar inte att tiden för löftet gick ut.',
      "The newer checkpoint was made {at} by the operator's own witness: it does not show that the promise ran out.":
        'Den nyare kontrollpunkten gjordes {at} enligt registrets eget vittne: den visar inte att tiden för löftet gick ut.',
      'The newer checkpoint was made {at} (cosigned by {names}): it does not show that the promise ran out.':
        'Den nyare kontrollpunkten gjordes {at}, bevittnad av {names}: den visar inte att tiden för löftet gick ut.',
    },
  },
}
