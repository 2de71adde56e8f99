/** Accepting or declining terms in the preference centre, where the version in force has not been accepted. */
import type { Notice } from '../../../shared/client/client.ts'
import { element, newId } from '../element.ts'
import type { Reader } from '../reader.ts'
import type { Decide } from './purpose-choice.ts'
import type { TopicState } from './topic-state.ts'

export interface Acceptance {
  readonly element: HTMLElement
  update(state: TopicState): void
}

export function acceptance({ words }: Reader, { policyId, version }: Notice, decide: Decide): Acceptance {
  const title = newId()
  const state = element('p', { class: 'state', tabindex: -1 })
  const target = `policy/${policyId}`
  let last: TopicState = { permitted: undefined }

  /** A press that repeats the current decision records nothing. */
  const press = (verb: 'accepted' | 'declined') => {
    if (verb === 'declined' && last.permitted === false) return
    decide({ [target]: verb }, { act: 'button', control: 'single' })
    // An accepted version leaves nothing to press.
    if (answers.hidden) state.focus()
  }
  const accept = element(
    'button',
    { type: 'button', class: 'answer', click: () => press('accepted') },
    words.accept(version),
  )
  const decline = element('button', { type: 'button', class: 'answer', click: () => press('declined') }, words.decline)
  const answers = element('div', { class: 'answers' }, decline, accept)

  return {
    element: element(
      'section',
      { class: 'acceptance stacked', 'aria-labelledby': title },
      element('h3', { id: title }, words.acceptance),
      state,
      answers,
    ),
    update(now) {
      last = now
      const { answer, permitted, underWay } = now
      const isAccepted =
        underWay === undefined ? answer?.status === 'Accepted' && answer.current !== false : permitted === true
      answers.hidden = isAccepted
      state.className = underWay === 'refused' ? 'state no' : isAccepted ? 'state decided' : 'state'
      state.textContent = stateText(now)
    },
  }

  function stateText({ answer, permitted, underWay, refusal }: TopicState): string {
    const { statuses, notRecorded, sending, acceptedOutdated } = words
    if (underWay === 'refused') return `${notRecorded} ${refusal ?? ''}`
    if (underWay === 'sending') return `${statuses[permitted ? 'Accepted' : 'Declined']} ${sending}`
    if (answer?.status === 'Accepted' && answer.current === false && answer.shown !== undefined)
      return acceptedOutdated(answer.shown)
    return statuses[answer?.status ?? 'Unknown'] ?? ''
  }
}
