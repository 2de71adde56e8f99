/** One policy in the preference centre: its title and summary, its purposes with their choices, the decision on it, and its whole text. */
import type { Consent, Notice } from '../../../shared/client/client.ts'
import { element } from '../element.ts'
import { wholeText } from '../policy-text.ts'
import { dateOf, localisedText, type Reader } from '../reader.ts'
import { type Decide, type PurposeChoice, type PurposeState, purposeChoice, verbOfNo } from './purpose-choice.ts'

export interface PolicyPanel {
  readonly element: HTMLElement
  update(): void
}

/** `target` is a purposeId, or `policy/<policyId>`. */
export type StateOf = (target: string) => PurposeState

export function policyPanel(
  reader: Reader,
  consent: Consent,
  notice: Notice,
  standingOf: StateOf,
  decide: Decide,
): PolicyPanel {
  const { words } = reader
  const choices = new Map<string, PurposeChoice>(
    // Purposes that rest on consent come first.
    [...notice.purposes]
      .sort((a, b) => Number(b.legalBasis === 'consent') - Number(a.legalBasis === 'consent'))
      .map((purpose) => [purpose.purposeId, purposeChoice(reader, purpose, notice, decide)]),
  )
  const consents = notice.purposes.filter((purpose) => purpose.legalBasis === 'consent')
  const ownState = element('p', { class: 'state' })
  const refuseAll = () => {
    const standing = consents.filter(({ purposeId }) => consent.permits(purposeId) !== false)
    const decisions = Object.fromEntries(standing.map(({ purposeId }) => [purposeId, verbOfNo(standingOf(purposeId))]))
    if (standing.length > 0) decide(decisions, { act: 'button', control: 'refuse-all' })
  }
  return {
    element: element(
      'div',
      { class: 'stacked' },
      element('h2', {}, localisedText(reader, notice.title)),
      element('p', { class: 'aside' }, words.version(notice.version, dateOf(reader, notice.notBefore))),
      element('p', {}, localisedText(reader, notice.summary)),
      ownState,
      consents.length > 1 &&
        element('button', { type: 'button', class: 'answer quiet', click: refuseAll }, words.refuseAllConsents),
      choices.size === 0 && element('p', { class: 'aside' }, words.nothingToChoose),
      [...choices.values()].map((choice) => choice.element),
      wholeText(reader, notice.text),
    ),
    update() {
      for (const [purposeId, choice] of choices) choice.update(standingOf(purposeId))
      const status = standingOf(`policy/${notice.policyId}`).answer?.status ?? 'Unknown'
      ownState.hidden = status === 'Unknown'
      ownState.textContent = ownState.hidden ? '' : (words.statuses[status] ?? status)
    },
  }
}
