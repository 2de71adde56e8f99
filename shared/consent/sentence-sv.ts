/**
 * The answer as one sentence of plain Swedish, made from the answer alone. It is for people only: a proof has the English sentence of
 * `sentence.ts`, which a verifier recomputes byte for byte.
 */
import { sameValue } from './policy-versions.ts'
import { type Finding, finding, type Reason, type Status, type StatusAnswer } from './status-answer.ts'

const meanings: Readonly<Record<Status, string>> = {
  Unknown: 'inget beslut med verkan är antecknat',
  Requested: 'frågan är ställd, och inget svar som räknas är antecknat',
  RequestDeferred: 'personen sköt upp svaret',
  Refused: 'ett nej är antecknat',
  Given: 'ett samtycke är antecknat och gäller',
  RenewedGiven: 'ett förnyat samtycke är antecknat och gäller',
  Withdrawn: 'ett återtagande är antecknat',
  Expired: 'ett samtycke är antecknat och gäller inte längre',
  Revoked: 'ett samtycke var antecknat och har avslutats',
  Invalidated: 'ett samtycke var antecknat och har förklarats ogiltigt',
  Uninformed: 'inget som är antecknat visar att personen fick veta det',
  Informed: 'det är antecknat att personen fick veta det, och ingen invändning gäller',
  NotObjected: 'ingen invändning gäller längre',
  Objected: 'en antecknad invändning gäller',
  Shown: 'det är antecknat att texten visades, utan svar',
  Acknowledged: 'det är antecknat att personen tog del av texten',
  Accepted: 'ett godkännande är antecknat',
  Declined: 'det är antecknat att personen inte godkände',
  Undetermined: 'allt som är antecknat går inte att läsa, så inget är tillåtet med stöd av det',
}

const causes: Readonly<Record<Reason, string>> = {
  'nothing-recorded': '',
  decided: '',
  'awaiting-confirmation': 'ett ja väntar på bekräftelse',
  confirmed: 'bekräftat i ett andra steg',
  gpc: 'webbläsaren sände signalen Global Privacy Control (GPC)',
  'validity-ended': 'tiden som det gällde har gått ut',
  'policy-changed': 'policyn har ändrats väsentligt sedan dess',
  'outdated-text': 'texten som visades var inaktuell efter en väsentlig ändring',
  'purpose-dropped': 'policyn anger inte längre ändamålet',
  'came-of-age': 'personen har nått den ålder då den själv beslutar, så en vårdnadshavares ja gäller inte längre',
  revoked: 'av den ansvarige',
  invalidated: 'av den ansvarige',
  'objection-overruled': 'den ansvarige avslog invändningen',
  'evidence-expired': 'beviset för tidigare händelser sparas inte längre',
  'event-unreadable': 'en antecknad händelse om personen går inte att läsa',
  'publication-unreadable': 'något som har publicerats under policyn går inte att läsa',
  'verb-does-not-fit': 'det som sades passar inte ändamålet eller policyn',
  'operator-only': 'det kan bara den ansvarige besluta',
  'basis-gives-no-choice': 'den rättsliga grunden ger inget val',
  'age-gate-failed': 'personen klarade inte ålderskontrollen',
  'no-mandate': 'den som sade ja för personen hade ingen antecknad behörighet',
  'mandate-out-of-scope': 'behörigheten för den som sade ja för personen omfattar inte detta',
  'mandate-not-standing': 'behörigheten för den som sade ja för personen gällde inte',
  'continued-use': 'att fortsätta använda något är inget samtycke',
  'browser-signal': 'en signal från webbläsaren är inget samtycke',
  'initially-on': 'valet var påslaget innan personen rörde det',
  unmatched: 'registret känner inte till texten som visades',
  'no-version': 'det fanns ingen version att säga ja till',
  'not-explicit': 'att godkänna allt är inget uttryckligt samtycke',
  'purpose-not-declared': 'policyn angav inte ändamålet',
  'text-not-yet-in-force': 'texten som visades gäller inte ännu',
  'nothing-to-confirm': 'det fanns inget att bekräfta',
  'nothing-to-revoke': 'det fanns inget att avsluta',
  'nothing-to-overrule': 'det fanns ingen invändning att avslå',
  'nothing-to-take-back': 'det fanns ingen invändning att ta tillbaka',
  'objection-is-absolute': 'en invändning mot direkt marknadsföring kan inte avslås',
  'already-decided': 'det var redan avgjort',
  'no-already-stands': 'ett nej gällde redan',
  'chosen-despite-gpc': 'personen hade valt trots signalen',
}

/**
 * The answer as a Swedish sentence. The sentence in a proof is English.
 *
 * @param answer the status of a purpose or policy
 * @param target a purposeId, or `policy/<policyId>`
 * @param at the instant that the answer is about, RFC 3339
 * @returns one sentence
 */
export function swedishSentence({ knownThen, ...now }: StatusAnswer, target: string, at: string): string {
  return `${findingInSwedish(now, target, at)}${differenceInSwedish(now, knownThen)}.`
}

/** Without the full stop. */
function findingInSwedish(finding: Finding, target: string, at: string): string {
  const { status, reason, lacks = [] } = finding
  const cause = causes[reason]
  const meaning = reason === 'evidence-expired' ? 'inget som ännu kan öppnas avgör det' : meanings[status]
  return [
    `${at}: den antecknade statusen för ${target} är ${status}: ${meaning}`,
    cause && ` (${cause})`,
    finding.current === true && ', och det gäller texten i kraft',
    finding.current === false && ', men inte för texten i kraft eller någon som liknar den',
    finding.decidedBy !== undefined && `, avgjort av händelse ${finding.decidedBy}`,
    finding.shown !== undefined && ` om version ${finding.shown}`,
    finding.grade === 'assumed' && ', utan bevis för vilken text som visades',
    lacks.includes('act') && ', genom en handling som ingen har uppgett',
    lacks.includes('presentation') && ', i en form som registret inte känner till',
    finding.mandate !== undefined && `, med behörighet ${finding.mandate}`,
    finding.conflicts.length > 0 && ', trots webbläsarens signal (GPC)',
  ]
    .filter((part) => part !== false)
    .join('')
}

function differenceInSwedish(now: Finding, then: Finding): string {
  if (now.status !== then.status) return `; så vitt man visste då var den ${then.status}`
  if (now.current !== then.current)
    return `; så vitt man visste då var den ${then.status} och ${then.current ? '' : 'inte '}för texten i kraft`
  return sameValue(groundsOf(now), groundsOf(then))
    ? ''
    : `; så vitt man visste då var den också ${then.status}, på andra grunder`
}

/** The members that both findings have: an answer has others beside them, such as its purpose. */
function groundsOf(of: Finding): object {
  const names = Object.keys(finding.members).filter((name) => name !== 'sentence' && name !== 'withoutEffect')
  return Object.fromEntries(Object.entries(of).filter(([name]) => names.includes(name)))
}

/** The same for what was known at the instant. */
export function swedishKnownThen({ knownThen }: StatusAnswer, target: string, at: string): string {
  return `${findingInSwedish(knownThen, target, at)}.`
}
