/** The words of the verifier's report in English and Swedish. Statuses and reasons are codes, the same in both. */
import { count, type RecomputedAnswer } from '../../shared/verify/verification.ts'
import { type Pending, type Step, swedishSentence, type Verification } from '../../shared/verify/verify.ts'
import { swedishSentenceOf } from './swedish-sentence-of-step.ts'
import { swedishSteps } from './verify-steps-sv.ts'

export interface VerifyWords {
  readonly verdicts: Readonly<Record<Verification['verdict'], string>>
  readonly labels: Readonly<Record<'ok' | 'note' | 'failed', string>>
  readonly unknownFile: string
  readonly receipt: string
  readonly lines: Readonly<Record<'status' | 'at' | 'knownAt' | 'decidedBy' | 'shown' | 'pending', string>>
  readonly noEvent: string
  readonly noText: string
  readonly printsIt: string
  readonly promises: Readonly<Record<Pending['promise'], string>>
  withPending(pending: readonly Pending[]): string
  nameOf(step: Step['step']): string
  says(step: Step): string
  atStep(step: string, says: string): string
  recorded(name: string, recordedAt: string): string
  moreCharacters(left: number): string
  sentence(answer: RecomputedAnswer): string
}

const eventsAmong = (pending: readonly Pending[]) => pending.filter(({ kind }) => kind === 'event').length

const english: VerifyWords = {
  verdicts: { valid: 'VALID', pending: 'VALID', invalid: 'INVALID', undetermined: 'UNDETERMINED' },
  labels: { ok: 'ok', note: 'note', failed: 'FAILED' },
  unknownFile: 'unknown file',
  receipt: 'receipt',
  lines: {
    status: 'status',
    at: 'at',
    knownAt: 'known at',
    decidedBy: 'decided by',
    shown: 'text shown',
    pending: 'pending',
  },
  noEvent: 'no event',
  noText: 'none that the record names',
  printsIt: '--text prints it',
  promises: { open: 'promised by', overdue: 'overdue, promised by', broken: 'BROKEN PROMISE, due by' },
  withPending(pending) {
    const events = eventsAmong(pending)
    const counts = [
      ...(events > 0 ? [count(events, 'recorded event')] : []),
      ...(events < pending.length ? [count(pending.length - events, 'publication')] : []),
    ]
    return `VALID, but ${counts.join(' and ')} ${pending.length === 1 ? 'is' : 'are'} not in it yet`
  },
  nameOf: (step) => step,
  says: ({ says }) => says,
  atStep: (step, says) => ` at step "${step}": ${says}`,
  recorded: (name, recordedAt) => `${name}, recorded ${recordedAt}`,
  moreCharacters: (left) => `${left} more characters`,
  sentence: ({ status }) => status.sentence,
}

const swedish: VerifyWords = {
  verdicts: { valid: 'GILTIG', pending: 'GILTIG', invalid: 'OGILTIG', undetermined: 'OAVGJORD' },
  labels: { ok: 'ok', note: 'obs', failed: 'FEL' },
  unknownFile: 'okänd fil',
  receipt: 'kvitto',
  lines: {
    status: 'status',
    at: 'tidpunkt',
    knownAt: 'känt vid',
    decidedBy: 'avgjort av',
    shown: 'visad text',
    pending: 'väntar',
  },
  noEvent: 'ingen händelse',
  noText: 'ingen som är antecknad',
  printsIt: '--text skriver ut den',
  promises: { open: 'utlovad till', overdue: 'försenad, utlovad till', broken: 'BRUTET LÖFTE, utlovad till' },
  withPending(pending) {
    const events = eventsAmong(pending)
    const others = pending.length - events
    const counts = [
      ...(events > 0 ? [events === 1 ? '1 antecknad händelse' : `${events} antecknade händelser`] : []),
      ...(others > 0 ? [others === 1 ? '1 publicering' : `${others} publiceringar`] : []),
    ]
    return `GILTIG, men ${counts.join(' och ')} finns inte med ännu`
  },
  nameOf: (step) => swedishSteps[step].name,
  says: swedishSentenceOf,
  atStep: (step, says) => ` i steget "${step}": ${says}`,
  recorded: (name, recordedAt) => `${name}, antecknad ${recordedAt}`,
  moreCharacters: (left) => `${left} tecken till`,
  sentence: ({ status, target, at }) => swedishSentence(status, target, at),
}

export const verifyLanguages: Readonly<Record<string, VerifyWords>> = { en: english, sv: swedish }
