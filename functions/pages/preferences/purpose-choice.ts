/**
 * One purpose in the preference centre: the decision, and two equal buttons side by side, so that withdrawing is as easy as giving. A
 * purpose whose legal basis is neither consent nor open to objection has no buttons and states its basis.
 */

import type { Decisions, How } from '../../../shared/client/client.ts'
import type { Purpose } from '../../../shared/consent/purpose.ts'
import { choiceKind } from '../choice-kind.ts'
import { element, newId, visuallyHidden } from '../element.ts'
import { type DeclaringVersion, purposeDetails, refusalConsequence } from '../purpose-details.ts'
import { dateOf, localisedText, type Reader, textFor } from '../reader.ts'
import type { RecordedWords } from './recorded-words.ts'
import type { TopicState } from './topic-state.ts'

export interface PurposeChoice {
  readonly element: HTMLElement
  update(standing: TopicState): void
}

export type Decide = (decisions: Decisions, how: How) => void

const standingYes = new Set(['Given', 'RenewedGiven', 'Expired'])

/** `version` is the policy version that declares the purpose; `recorded` says in words what the ledger has. */
export function purposeChoice(
  reader: Reader,
  purpose: Purpose,
  version: DeclaringVersion,
  decide: Decide,
  recorded: RecordedWords,
): PurposeChoice {
  const { words } = reader
  const { purposeId, legalBasis } = purpose
  const title = newId()
  const [name] = textFor(reader, purpose.title)
  const state = element('p', { class: 'state' })
  const kind = choiceKind(legalBasis)
  const isConsent = kind === 'consent'
  let last: TopicState = { permitted: undefined }

  /** A press that repeats the current decision records nothing. */
  const button = (label: string, pressed: () => void) =>
    element(
      'button',
      { type: 'button', 'aria-pressed': 'false', click: pressed },
      label,
      visuallyHidden(words.onSubject(name)),
    )
  const single = { act: 'button', control: 'single' } as const
  const yes = button(isConsent ? words.yes : words.noObjection, () => {
    if (isConsent && !last.permitted)
      decide({ [purposeId]: 'given' }, { ...single, initialState: { [purposeId]: 'off' } })
    if (!isConsent && last.permitted === false) decide({ [purposeId]: 'objection-withdrawn' }, single)
  })
  const no = button(isConsent ? words.no : words.object, () => {
    if (last.permitted !== false) decide({ [purposeId]: isConsent ? verbOfNo(last) : 'objected' }, single)
  })
  const details = element(
    'details',
    { toggle: () => details.open && recorded.show(last) },
    element('summary', {}, words.whatItMeans, visuallyHidden(words.onSubject(name))),
    purposeDetails(reader, purpose, version),
    recorded.element,
  )

  return {
    element: element(
      'article',
      { class: 'purpose', 'aria-labelledby': title },
      element(
        'div',
        { class: 'head' },
        element(
          'div',
          {},
          element('h4', { id: title }, localisedText(reader, purpose.title)),
          element('p', {}, localisedText(reader, purpose.description)),
          refusalConsequence(reader, purpose),
        ),
        kind !== 'none' && element('div', { class: 'pair', role: 'group', 'aria-labelledby': title }, yes, no),
      ),
      kind === 'none' ? element('p', { class: 'state' }, words.noChoice(words.bases[legalBasis] ?? legalBasis)) : state,
      details,
    ),
    update(standing) {
      last = standing
      const { answer, permitted, underWay } = standing
      const isUndetermined = answer?.status === 'Undetermined'
      yes.setAttribute('aria-pressed', `${isConsent ? permitted === true : permitted !== false && !isUndetermined}`)
      no.setAttribute('aria-pressed', `${permitted === false}`)
      state.className = underWay === 'refused' ? 'state no' : permitted === undefined ? 'state' : 'state decided'
      state.replaceChildren(stateText(reader, isConsent, standing))
      if (details.open) recorded.show(standing)
    },
  }
}

/** A consent that was given is withdrawn; otherwise the no is a refusal. */
export function verbOfNo({ answer, permitted }: TopicState): 'withdrawn' | 'refused' {
  return permitted === true || standingYes.has(answer?.status ?? '') ? 'withdrawn' : 'refused'
}

function stateText(reader: Reader, isConsent: boolean, { answer, permitted, underWay, refusal }: TopicState): string {
  const { statuses, reasons, until, sending, notRecorded, notAskedBefore } = reader.words
  if (underWay === 'refused') return `${notRecorded} ${refusal ?? ''}`
  if (underWay === 'sending' || answer === undefined) {
    const [yes, no, neither] = isConsent ? ['Given', 'Refused', 'Unknown'] : ['NotObjected', 'Objected', 'Informed']
    const said = statuses[(permitted === undefined ? neither : permitted ? yes : no) ?? ''] ?? ''
    return underWay === 'sending' ? `${said} ${sending}` : said
  }
  const ends = permitted && answer.endsAt !== undefined ? until(dateOf(reader, answer.endsAt)) : undefined
  const again = answer.notBefore === undefined ? undefined : notAskedBefore(dateOf(reader, answer.notBefore))
  const reason = reasons[answer.reason]
  // A purpose that was only asked about has a reason that says more than its status.
  const said = answer.status === 'Requested' && reason ? undefined : (statuses[answer.status] ?? answer.status)
  return [said, reason, ends, again].filter((part) => part).join(' ')
}
