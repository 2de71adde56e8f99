/** The fifteen scenes of the demo. Texts are pairs of English and Swedish; verbs, statuses and reasons are the ledger's own words. */
import { askForNewsletter, confirmByLetter } from './double-opt-in.ts'
import { recordMandateOfGuardian } from './guardian.ts'
import type { Text } from './page.ts'
import type { By } from './session.ts'
import {
  compareVersions,
  deliverLate,
  lookAhead,
  prove,
  readOwnState,
  readOwnWithdrawal,
  refuseOtherAuditor,
  sendAgain,
  showTimeline,
} from './single-steps.ts'
import type { AskStep, Scene, Step } from './steps.ts'
import { people } from './world/people.ts'

const marketing = (verb: string) => ({ 'direct-marketing': verb, 'customer-analysis': verb })
const karin: By = ['karin', 'device']
const lukas: By = ['lukas', 'new']
const astrid: By = ['astrid', 'account']
const elin: By = ['elin', 'account']
const dagny: By = ['dagny', 'device']
const harriet: By = ['harriet', 'imported']
const single = 'web preference-centre toggle single'

const question = (of: By, about: string, expected: AskStep['expected'], ask: Text): AskStep => ({
  ask,
  of,
  about,
  expected,
})

const scene = (english: string, swedish: string, ...steps: readonly Step[]): Scene => ({
  title: [english, swedish],
  steps,
})

export const scenes: readonly Scene[] = [
  scene(
    'A visitor chooses cookies: the record names the exact text that she was served',
    'En besökare väljer kakor: det som antecknas pekar ut just den text hon fick se',
    {
      record: ['karin', 'new'],
      verbs: { statistics: 'given', 'marketing-cookies': 'refused' },
      how: 'web banner button save-choices',
      reads: ['cookie-policy'],
      fields: {
        presentationId: 'cookie-banner-2025',
        layer: 1,
        locale: 'sv-SE',
        page: 'https://www.ljungsten.example/rantan',
      },
      effects: { statistics: 'yes', 'marketing-cookies': 'no' },
      grades: ['served'],
      verdict: 'trusted',
    },
  ),
  scene(
    'The status now, purpose by purpose: what she did not decide is Unknown',
    'Vad som gäller nu, ändamål för ändamål: det hon inte har tagit ställning till är Unknown',
    readOwnState,
  ),
  scene(
    'The network fails and the phone sends again: one event, one receipt, and nothing can change it',
    'Nätet försvinner och mobilen skickar igen: en händelse, ett kvitto, och inget går att ändra',
    sendAgain,
  ),
  scene(
    'An iPhone was offline for three days: the decision counts from then, but is known only now',
    'En iPhone saknade nät i tre dagar: beslutet gäller från då, men blev känt först nu',
    deliverLate,
  ),
  scene(
    'A debtor signs up: terms, privacy policy and newsletter are separate decisions',
    'En gäldenär skapar ett konto: villkor, integritetspolicy och nyhetsbrev avgörs var för sig',
    {
      record: astrid,
      verbs: {
        'policy/general-terms': 'accepted',
        'policy/privacy-policy': 'acknowledged',
        'partner-offers': 'given',
      },
      how: 'web signup checkbox save-choices',
      reads: ['general-terms', 'privacy-policy'],
      fields: { presentationId: 'signup-form', initialState: { 'partner-offers': 'off' } },
      effects: {
        'policy/general-terms': 'yes',
        'policy/privacy-policy': 'yes',
        'partner-offers': 'yes',
      },
      grades: ['served', 'served'],
    },
    askForNewsletter,
    question(astrid, 'newsletter', { status: 'Requested', reason: 'awaiting-confirmation' }, [
      'Is her consent to the newsletter in effect?',
      'Gäller hennes samtycke till nyhetsbrevet?',
    ]),
    {
      say: [
        'She opens the link in the letter, which changes nothing: mail programs do the same. Then she presses the button.',
        'Hon öppnar länken i brevet. Det ändrar inget, för det gör även e-postprogram. Sedan trycker hon på knappen.',
      ],
    },
    confirmByLetter,
    question(astrid, 'newsletter', { status: 'Given', reason: 'confirmed' }, ['And now?', 'Och nu?']),
    question(astrid, 'policy/general-terms', { status: 'Accepted', current: true }, [
      'Has she accepted the terms?',
      'Har hon godkänt villkoren?',
    ]),
  ),
  scene(
    'A guardian decides for another: his no counts, his yes only under a mandate that is on record',
    'En god man beslutar för en annan: hans nej räknas, hans ja bara med en antecknad behörighet',
    {
      record: ['dagny', 'new'],
      site: 'android-app',
      verbs: { statistics: 'given', 'marketing-cookies': 'refused' },
      how: 'android preference-centre toggle save-choices',
      reads: ['cookie-policy'],
      fields: { actor: people.georg.actsFor.actor },
      effects: { statistics: 'none: no-mandate', 'marketing-cookies': 'no' },
    },
    question(dagny, 'statistics', { status: 'Unknown', reason: 'no-mandate' }, [
      'Is a consent to statistics in effect?',
      'Gäller något samtycke till statistik?',
    ]),
    recordMandateOfGuardian,
    question(dagny, 'statistics', { status: 'Given' }, ['And now?', 'Och nu?']),
  ),
  scene(
    'A pre-ticked box, and continued use: recorded as they happened, but without effect',
    'En förkryssad ruta, och fortsatt användning: antecknat som det hände, men utan verkan',
    {
      record: karin,
      verbs: { newsletter: 'given' },
      how: 'web form checkbox single',
      reads: ['privacy-policy'],
      fields: { presentationId: 'campaign-2024' },
      effects: { newsletter: 'none: initially-on' },
    },
    question(karin, 'newsletter', { status: 'Unknown', reason: 'initially-on' }, [
      'Is a consent to the newsletter in effect?',
      'Gäller något samtycke till nyhetsbrevet?',
    ]),
    {
      record: karin,
      verbs: { preferences: 'given' },
      how: 'web banner continued-use',
      effects: { preferences: 'none: continued-use' },
    },
    question(karin, 'preferences', { status: 'Unknown', reason: 'continued-use' }, [
      'Is a consent to preferences in effect?',
      'Gäller något samtycke till sparade inställningar?',
    ]),
  ),
  scene(
    'A browser sends Global Privacy Control: a no, until the person actively decides otherwise',
    'En webbläsare sänder Global Privacy Control: ett nej, tills personen själv väljer något annat',
    {
      record: lukas,
      verbs: { preferences: 'given', statistics: 'given' },
      how: 'web banner button accept-all',
      reads: ['cookie-policy'],
      fields: { signals: { gpc: true } },
      effects: { preferences: 'yes', statistics: 'no (refused): gpc', 'marketing-cookies': 'no: gpc' },
    },
    question(lukas, 'statistics', { status: 'Refused' }, [
      'He pressed Accept all. Is a consent to statistics in effect?',
      'Han tryckte på Godkänn alla. Gäller något samtycke till statistik?',
    ]),
    {
      record: lukas,
      verbs: { statistics: 'given' },
      how: single,
      reads: ['cookie-policy'],
      fields: { signals: { gpc: true } },
      effects: { statistics: 'yes', 'marketing-cookies': 'no: gpc' },
    },
    question(lukas, 'statistics', { status: 'Given', conflicts: ['gpc'] }, [
      'He then switched statistics on himself. And now?',
      'Sedan slog han själv på statistik. Och nu?',
    ]),
  ),
  scene(
    'A consent from 2024 is imported: it expired when the text changed in a major way',
    'Ett samtycke från 2024 läses in: det upphörde när texten ändrades väsentligt',
    {
      record: harriet,
      site: 'back-office',
      verbs: { statistics: 'given' },
      how: 'web banner button save-choices',
      fields: {
        occurredAt: '2024-09-10T12:00:00Z',
        shown: [{ policyId: 'cookie-policy', version: '1', locale: 'en' }],
      },
      effects: { statistics: 'yes' },
      verdict: 'asserted',
    },
    question(harriet, 'statistics', { status: 'Expired', reason: 'policy-changed' }, [
      'Is that consent still in effect today?',
      'Gäller det samtycket i dag?',
    ]),
    showTimeline,
    compareVersions,
  ),
  scene(
    'Withdrawing is as easy as giving: one call, with the secret that her device already holds',
    'Att ta tillbaka är lika lätt som att ge: ett anrop, med hemligheten i hennes enhet',
    {
      record: karin,
      own: true,
      verbs: { statistics: 'withdrawn' },
      how: single,
      effects: { statistics: 'no' },
      grades: ['assumed'],
    },
    {
      say: [
        'The decision names no text, and counts all the same: a no is never weakened.',
        'Beslutet anger ingen text, och räknas ändå: ett nej försvagas aldrig.',
      ],
    },
    question(karin, 'statistics', { status: 'Withdrawn' }, ['Is her consent in effect?', 'Gäller hennes samtycke?']),
    readOwnWithdrawal,
  ),
  scene(
    'An objection to direct marketing is absolute: Ljungsten cannot overrule it',
    'En invändning mot direkt marknadsföring är absolut: Ljungsten kan inte avslå den',
    {
      record: elin,
      verbs: marketing('objected'),
      how: 'web account toggle save-choices',
      effects: marketing('no'),
    },
    {
      record: ['elin', 'operator'],
      site: 'back-office',
      verbs: marketing('objection-overruled'),
      how: 'api',
      ground: 'compelling grounds of the controller',
      effects: marketing('operator'),
    },
    {
      ask: ['Is her objection to direct marketing in effect?', 'Gäller hennes invändning mot direkt marknadsföring?'],
      of: elin,
      about: 'direct-marketing',
      expected: { status: 'Objected' },
      withoutEffect: ['objection-is-absolute'],
    },
    question(elin, 'customer-analysis', { status: 'NotObjected' }, [
      'And her objection to the analysis of customers?',
      'Och den mot analys av kunder?',
    ]),
  ),
  scene(
    'Scheduled versions are already published: you can ask now about a later date',
    'Det som är planerat publiceras redan i dag: du kan fråga nu om en senare dag',
    lookAhead,
  ),
  scene(
    'Another controller, Tallmo, knows nothing about her: one ledger, but no shared file on anyone',
    'Tallmo vet inget om henne: ett register, men ingen gemensam akt om någon',
    question(astrid, 'newsletter', { status: 'Given' }, [
      'Ljungsten asks: is her consent to our newsletter in effect?',
      'Ljungsten frågar: gäller hennes samtycke till vårt nyhetsbrev?',
    ]),
    {
      ask: [
        'Tallmo asks the same about the same account and its own newsletter.',
        'Tallmo frågar detsamma, om samma konto och sitt eget nyhetsbrev.',
      ],
      of: astrid,
      about: 'newsletter',
      controller: 'tallmo',
      expected: { status: 'Unknown', reason: 'nothing-recorded' },
    },
    refuseOtherAuditor,
  ),
  scene(
    'An error says what was wrong, what was given and what is allowed',
    'Ett fel säger vad som var fel, vad som angavs och vad som är tillåtet',
    { record: karin, verbs: { statistic: 'given' }, how: 'web', refused: [400, 'unknown-purpose'] },
    { record: karin, verbs: { newsletter: 'confirmed' }, how: 'web', refused: [403, 'verb-not-allowed'] },
  ),
  scene(
    'The auditor gets a proof: it discloses what the question needs, everything else stays closed',
    'Granskaren får ett bevis: det som frågan kräver öppnas, allt annat förblir stängt',
    prove,
  ),
]
