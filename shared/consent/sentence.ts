/**
 * The answer as one sentence of plain English. It says what is recorded, never that a consent is valid: that is law, and
 * depends on more than a ledger can know.
 */
import { sameValue } from './policy-versions.ts'
import type { Finding, Reason, Status, StatusAnswer } from './status-answer.ts'

const meanings: Readonly<Record<Status, string>> = {
  Unknown: 'no decision with effect is recorded',
  Requested: 'it was asked for, and no answer that counts is recorded',
  RequestDeferred: 'the person put the answer off',
  Refused: 'a refusal is recorded',
  Given: 'a consent is recorded and stands',
  RenewedGiven: 'a renewed consent is recorded and stands',
  Withdrawn: 'a withdrawal is recorded',
  Expired: 'a consent is recorded and stands no longer',
  Revoked: 'a consent was recorded and is revoked',
  Invalidated: 'a consent was recorded and is declared invalid',
  Uninformed: 'nothing recorded shows that the person was informed',
  Informed: 'it is recorded that the person was informed, and no objection stands',
  NotObjected: 'no objection stands any longer',
  Objected: 'a recorded objection stands',
  Shown: 'it is recorded as shown, without an answer',
  Acknowledged: 'an acknowledgement is recorded',
  Accepted: 'an acceptance is recorded',
  Declined: 'it is recorded as declined',
  Undetermined: 'what is recorded cannot be read whole, so nothing is permitted by it',
}

const causes: Readonly<Record<Reason, string>> = {
  'nothing-recorded': '',
  decided: '',
  'awaiting-confirmation': 'a yes awaits its confirmation',
  confirmed: 'confirmed by a second step',
  gpc: 'the browser sent an opt-out signal (GPC)',
  'validity-ended': 'its validity has ended',
  'policy-changed': 'the policy changed in a major way afterwards',
  'outdated-text': 'the text shown was outdated by a major change',
  'purpose-dropped': 'the policy ceased to declare the purpose',
  'came-of-age': "the person came of age, so a guardian's yes no longer counts",
  revoked: 'by the operator',
  invalidated: 'by the operator',
  'objection-overruled': 'the operator overruled the objection',
  'evidence-expired': 'the evidence of earlier events has expired',
  'event-unreadable': 'a recorded event of the person cannot be read',
  'publication-unreadable': 'a published record of the policy cannot be read',
  'verb-does-not-fit': 'what was said does not fit this purpose or policy',
  'operator-only': 'only the operator can decide that',
  'basis-gives-no-choice': 'this legal basis gives no choice',
  'age-gate-failed': 'the person did not pass the age gate',
  'no-mandate': 'no mandate on record allowed the yes',
  'mandate-out-of-scope': 'the mandate for the yes does not cover this',
  'mandate-not-standing': 'the mandate for the yes did not stand',
  'continued-use': 'continued use is no consent',
  'browser-signal': 'a browser signal is no consent',
  'initially-on': 'the control was on before the person touched it',
  unmatched: 'the text shown is not known to the ledger',
  'no-version': 'there was no version to say yes to',
  'not-explicit': 'accepting everything is not explicit consent',
  'purpose-not-declared': 'the policy did not declare the purpose',
  'text-not-yet-in-force': 'the text shown is not in force yet',
  'nothing-to-confirm': 'there was nothing to confirm',
  'nothing-to-revoke': 'there was nothing to revoke',
  'nothing-to-overrule': 'there was no objection to overrule',
  'nothing-to-take-back': 'there was no objection to take back',
  'objection-is-absolute': 'an objection to direct marketing cannot be overruled',
  'already-decided': 'it was decided already',
  'no-already-stands': 'a no stood already',
  'chosen-despite-gpc': 'the person had chosen in spite of the signal',
}

function meaningOf({ status, reason }: Pick<Finding, 'status' | 'reason'>): string {
  return reason === 'evidence-expired' ? 'nothing that can still be opened decides it' : meanings[status]
}

export function answerSentence(finding: Omit<Finding, 'sentence'>, target: string, at: string): string {
  const cause = causes[finding.reason]
  return [
    `At ${at} the recorded status of ${target} is ${finding.status}: ${meaningOf(finding)}`,
    cause && ` (${cause})`,
    finding.current === true && ', and it is current',
    finding.current === false && ', but not of the text in force or one like it',
    finding.decidedBy !== undefined && `, decided by event ${finding.decidedBy}`,
    finding.shown !== undefined && ` on version ${finding.shown}`,
    finding.grade === 'assumed' && ', without evidence of which text was shown',
    finding.lacks?.includes('act') === true && ', by an act that nobody stated',
    finding.lacks?.includes('presentation') === true && ', under a presentation that is not known',
    finding.mandate !== undefined && `, under mandate ${finding.mandate}`,
    finding.conflicts.length > 0 && ', in spite of an opt-out signal (GPC)',
    '.',
  ]
    .filter((part) => part !== false)
    .join('')
}

/** Clause to add if the answer known at that instant was another; empty if it was the same. */
export function differenceClause(now: Finding, then: Finding): string {
  if (now.status !== then.status) return `; as known at that instant it was ${then.status}`
  if (now.current !== then.current) {
    return `; as known at that instant it was ${then.status} and ${then.current ? '' : 'not '}current`
  }
  const { sentence: _, withoutEffect: __, ...nowRest } = now
  const { sentence: ___, withoutEffect: ____, ...thenRest } = then
  return sameValue(nowRest, thenRest) ? '' : `; as known at that instant it was ${then.status} too, on other grounds`
}

/** Adds to a proof's answer the number of recorded entries that its checkpoint lacks and that the answer does not count. */
export function withoutPending(answer: StatusAnswer, pending: number): StatusAnswer {
  if (pending === 0) return answer
  const entries = pending === 1 ? '1 recorded entry is' : `${pending} recorded entries are`
  return { ...answer, sentence: `${answer.sentence.slice(0, -1)}; ${entries} not in the log yet, and not counted.` }
}
