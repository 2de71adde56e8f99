/** The signals that came with a decision of the person, in words: the browser's opt-out signal, and what Google's tags were told. */
import type { HistoryEvent } from '../../../shared/client/own-record.ts'
import { element } from '../element.ts'
import { listOf } from '../reader.ts'
import type { RecordView } from './record-view.ts'

/** Empty for an event without signals. */
export function signalLines({ reader, words, titleOf }: RecordView, { how: { signals } }: HistoryEvent): HTMLElement[] {
  const { gpc, gpcShown, consentMode = {}, consentModePurposes = {} } = signals ?? {}
  const nameOf = (purposeId: string) => {
    const title = titleOf({ purposeId })
    return title instanceof Node ? (title.textContent ?? '') : String(title)
  }
  const told = Object.entries(consentMode).map(([type, state]) => {
    const purposes = consentModePurposes[type] ?? []
    return words.consentModeType(type, state === 'granted', listOf(reader, purposes.map(nameOf)))
  })
  const said = [gpc && words.gpcOn, gpcShown && words.gpcShown, told.length > 0 && words.consentMode(told.join('; '))]
  return said.flatMap((line) => (line ? [element('p', { class: 'aside' }, line)] : []))
}
