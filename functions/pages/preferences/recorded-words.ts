/** What the ledger has recorded on a purpose or policy, in sentences with dates and titles instead of identifiers. */
import type { Notice } from '../../../shared/client/client.ts'
import { element } from '../element.ts'
import { dateOf, type Reader, textFor } from '../reader.ts'
import type { DecisionTimes } from './decision-times.ts'
import type { TopicState } from './topic-state.ts'

export interface RecordedWords {
  readonly element: HTMLElement
  show(state: TopicState): Promise<void>
}

/** Empty until the ledger has a decision. The date of the decision is fetched when it is shown. */
export function recordedWords(
  reader: Reader,
  { title, version, notBefore }: Pick<Notice, 'title' | 'version' | 'notBefore'>,
  times: DecisionTimes,
): RecordedWords {
  const { words } = reader
  const said = element('span')
  const shown = element('p', { hidden: true }, element('strong', {}, words.recordedTitle), ': ', said)
  const [policy] = textFor(reader, title)
  let latest: string | undefined

  return {
    element: shown,
    async show({ answer, underWay }) {
      latest = underWay === undefined ? answer?.decidedBy : undefined
      shown.hidden = latest === undefined
      if (answer === undefined || latest === undefined) return
      const asked = latest
      const at = await times.of(asked)
      // Another decision may have been made in the meantime.
      if (asked !== latest) return
      const isOlder = answer.shown !== undefined && answer.shown !== version
      said.textContent = [
        words.statuses[answer.status] ?? answer.status,
        decided(answer.shown, at),
        words.reasons[answer.reason],
        isOlder && words.newerVersion(version, dateOf(reader, notBefore)),
      ]
        .filter(Boolean)
        .join(' ')
    },
  }

  function decided(versionShown: string | undefined, at: string | undefined): string | undefined {
    const date = at && dateOf(reader, at)
    if (versionShown === undefined) return date && words.decidedOn(date)
    return date ? words.decidedOnText(date, policy, versionShown) : words.decidedText(policy, versionShown)
  }
}
