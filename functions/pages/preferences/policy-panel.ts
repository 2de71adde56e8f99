/** One policy in the preference centre: its title, its purposes in groups by the choice they leave, the decision on terms, and the whole text. */
import type { Consent, Notice } from '../../../shared/client/client.ts'
import type { Purpose } from '../../../shared/consent/purpose.ts'
import { type ChoiceKind, choiceKind } from '../choice-kind.ts'
import { type Child, element, newId } from '../element.ts'
import { refusedBySignal, signalHonoured } from '../opt-out-signal.ts'
import type { PolicyTexts } from '../policy-text.ts'
import { dateOf, localisedText, type Reader } from '../reader.ts'
import { acceptance } from './acceptance.ts'
import type { DecisionTimes } from './decision-times.ts'
import { type Decide, type PurposeChoice, purposeChoice, verbOfNo } from './purpose-choice.ts'
import { recordedWords } from './recorded-words.ts'
import type { StateOf } from './topic-state.ts'

export interface PolicyPanel {
  readonly element: HTMLElement
  update(): void
}

export interface PanelView {
  readonly reader: Reader
  readonly consent: Consent
  readonly stateOf: StateOf
  readonly times: DecisionTimes
  readonly decide: Decide
  readonly texts: PolicyTexts
}

/** Purposes on which people decide come first. */
const kinds: readonly ChoiceKind[] = ['consent', 'objection', 'none']

export function policyPanel(view: PanelView, notice: Notice): PolicyPanel {
  const { reader, stateOf, decide } = view
  const { words } = reader
  const choices = new Map<string, PurposeChoice>(
    notice.purposes.map((purpose) => [
      purpose.purposeId,
      purposeChoice(reader, purpose, notice, decide, recordedWords(reader, notice, view.times)),
    ]),
  )
  const groups = kinds.flatMap((kind) => {
    const purposes = notice.purposes.filter(({ legalBasis }) => choiceKind(legalBasis) === kind)
    return purposes.length === 0 ? [] : [{ kind, purposes }]
  })
  const cards = (purposes: readonly Purpose[]) => purposes.map(({ purposeId }) => choices.get(purposeId)?.element)
  const target = `policy/${notice.policyId}`
  const isTerms = notice.kind === 'terms'
  const terms = isTerms ? acceptance(reader, notice, decide) : undefined
  const ownState = element('p', { class: 'state' })
  const summary = element('p', { hidden: true }, localisedText(reader, notice.summary))
  const signal = element('p', { class: 'notice', hidden: true })
  const text = view.texts.folded(reader, words.text, notice.text)
  return {
    element: element(
      'div',
      { class: 'stacked' },
      element('h2', {}, localisedText(reader, notice.title)),
      element('p', { class: 'aside' }, words.version(notice.version, dateOf(reader, notice.notBefore))),
      summary,
      signal,
      // Whoever accepts terms has the text above the button.
      terms ? [text, terms.element] : ownState,
      groups.length === 0 && element('p', { class: 'aside' }, words.nothingToChoose),
      groups.map(({ kind, purposes }) =>
        group(words.groups[kind], purposes.length, kind === 'none' && groups.length > 1, [
          kind === 'consent' && purposes.length > 1 && refuseAllButton(view, purposes),
          cards(purposes),
        ]),
      ),
      !isTerms && text,
    ),
    update() {
      const refused = refusedBySignal(view.consent, notice)
      signal.hidden = refused.length === 0
      signal.textContent = signal.hidden ? '' : signalHonoured(reader, refused)
      for (const [purposeId, choice] of choices) choice.update(stateOf(purposeId))
      const own = stateOf(target)
      terms?.update(own)
      const status = own.answer?.status ?? 'Unknown'
      ownState.hidden = status === 'Unknown'
      ownState.textContent = ownState.hidden ? '' : (words.statuses[status] ?? status)
      // Changes are shown only to people who answered an earlier version.
      const answers = [target, ...choices.keys()].map((each) => stateOf(each).answer)
      summary.hidden = !answers.some((answer) => answer?.shown !== undefined && answer.shown !== notice.version)
    },
  }
}

/** A folded group is information only. Its heading says how many purposes there are. */
function group(title: string, count: number, isFolded: boolean, content: readonly Child[]): HTMLElement {
  const id = newId()
  const heading = element('h3', { id }, title, ' ', element('span', { class: 'count' }, `(${count})`))
  return isFolded
    ? element(
        'details',
        { class: 'group' },
        element('summary', {}, heading),
        element('div', { class: 'stacked' }, content),
      )
    : element('section', { class: 'group stacked', 'aria-labelledby': id }, heading, content)
}

function refuseAllButton({ reader, consent, stateOf, decide }: PanelView, purposes: readonly Purpose[]): HTMLElement {
  const refuseAll = () => {
    const standing = purposes.filter(({ purposeId }) => consent.permits(purposeId) !== false)
    const decisions = Object.fromEntries(standing.map(({ purposeId }) => [purposeId, verbOfNo(stateOf(purposeId))]))
    if (standing.length > 0) decide(decisions, { act: 'button', control: 'refuse-all' })
  }
  return element('button', { type: 'button', class: 'answer quiet', click: refuseAll }, reader.words.refuseAllConsents)
}
