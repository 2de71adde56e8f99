/** The words of the verifier's report in English and Swedish. Statuses and reasons are codes, the same in both. */

import { swedishFinding, swedishStepName } from '../../shared/verify/swedish-finding.ts'
import { count, type RecomputedAnswer } from '../../shared/verify/verification.ts'
import { type Pending, type Step, swedishSentence, type Verification } from '../../shared/verify/verify.ts'

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
  /** Names of the kinds of entries that are not in the log yet. */
  readonly kinds: Readonly<Record<Pending['kind'], string>>
  withPending(pending: readonly Pending[]): string
  nameOf(step: Step['step']): string
  says(finding: Pick<Step, 'says' | 'said'>): string
  atStep(step: string, says: string): string
  recorded(name: string, recordedAt: string): string
  moreCharacters(left: number): string
  sentence(answer: RecomputedAnswer): string
}

type Group = 'events' | 'publications' | 'others'
const groupOf: Readonly<Record<Pending['kind'], Group>> = {
  event: 'events',
  version: 'publications',
  retraction: 'publications',
  presentation: 'publications',
  link: 'others',
  mandate: 'others',
  revocation: 'others',
}

/** Such as `1 recorded event and 2 publications`. */
function countedIn(
  pending: readonly Pending[],
  words: Readonly<Record<Group, readonly [one: string, many: string]>>,
  and: string,
) {
  const groups = Map.groupBy(pending, ({ kind }) => groupOf[kind])
  const named = (['events', 'publications', 'others'] as const).flatMap((group) => {
    const [n, [one, many]] = [groups.get(group)?.length ?? 0, words[group]]
    return n === 0 ? [] : [count(n, one, many)]
  })
  return [named.slice(0, -1).join(', '), ...named.slice(-1)].filter(Boolean).join(` ${and} `)
}

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
  kinds: {
    event: 'receipt',
    version: 'version',
    retraction: 'retraction',
    presentation: 'presentation',
    link: 'link',
    mandate: 'mandate',
    revocation: 'revocation of mandate',
  },
  withPending(pending) {
    const groups = {
      events: ['recorded event', 'recorded events'],
      publications: ['publication', 'publications'],
      others: ['entry on links or mandates', 'entries on links or mandates'],
    } as const
    return `VALID, but ${countedIn(pending, groups, 'and')} ${pending.length === 1 ? 'is' : 'are'} not in it yet`
  },
  nameOf: (step) => step,
  says: ({ says }) => says,
  atStep: (step, says) => ` at step "${step}": ${says}`,
  recorded: (name, recordedAt) => `${name}, recorded ${recordedAt}`,
  moreCharacters: (left) => `${left} more characters`,
  sentence: ({ status, joint }) =>
    joint ? `${status.sentence} Together with those that it is linked to: ${joint.sentence}` : status.sentence,
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
  kinds: {
    event: 'kvitto',
    version: 'version',
    retraction: 'återkallad version',
    presentation: 'form',
    link: 'länk',
    mandate: 'behörighet',
    revocation: 'återkallelse av behörighet',
  },
  withPending(pending) {
    const groups = {
      events: ['antecknad händelse', 'antecknade händelser'],
      publications: ['publicering', 'publiceringar'],
      others: ['post om länkar eller behörigheter', 'poster om länkar eller behörigheter'],
    } as const
    return `GILTIG, men ${countedIn(pending, groups, 'och')} finns inte med ännu`
  },
  nameOf: swedishStepName,
  says: ({ said }) => swedishFinding(said),
  atStep: (step, says) => ` i steget "${step}": ${says}`,
  recorded: (name, recordedAt) => `${name}, antecknad ${recordedAt}`,
  moreCharacters: (left) => `${left} tecken till`,
  sentence({ status, joint, target, at }) {
    const alone = swedishSentence(status, target, at)
    return joint ? `${alone} Tillsammans med dem som är länkade: ${swedishSentence(joint, target, at)}` : alone
  },
}

export const verifyLanguages: Readonly<Record<string, VerifyWords>> = { en: english, sv: swedish }
