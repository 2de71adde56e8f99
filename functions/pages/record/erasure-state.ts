/** What became of a request to be erased, in words. */
import type { ErasureRequest } from '../../../shared/client/own-record.ts'
import { type Child, element } from '../element.ts'
import { dateOf } from '../reader.ts'
import type { RecordView } from './record-view.ts'

export type ErasureView = Pick<RecordView, 'reader' | 'words' | 'supervisoryAuthority'>

export function erasureState(
  { reader, words, supervisoryAuthority }: ErasureView,
  { state, requestedAt, answerBy, held = [], refusal }: ErasureRequest,
): Child[] {
  const asked = dateOf(reader, requestedAt)
  const { eraseStates } = words
  const line = (text: string) => element('p', {}, text)
  if (state === 'refused')
    return [
      line(eraseStates.refused(asked, dateOf(reader, refusal?.refusedAt ?? requestedAt))),
      refusal && line(words.refusalGrounds[refusal.ground] ?? refusal.ground),
      line(words.complain(supervisoryAuthority)),
    ]
  if (state === 'granted') return [line(eraseStates.granted(asked))]
  if (state === 'open') return [line(eraseStates.open(asked, dateOf(reader, answerBy)))]
  const reasons = held.map(({ ground, until }) => {
    const reason = words.heldGrounds[ground ?? ''] ?? words.heldOtherwise
    return line(until === undefined ? reason : `${reason} ${words.heldUntil(dateOf(reader, until))}`)
  })
  return [line(eraseStates.held(asked)), ...reasons]
}
