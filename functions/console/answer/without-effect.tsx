/** The recorded events that changed nothing, each with the reason. */
import type { StatusAnswer } from '../../../shared/consent/status-answer.ts'
import { useFormats, useWords } from '../shell/language.ts'
import { named } from './named.ts'
import type { RecordedEvent } from './sentence.ts'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

/** More are in the timeline. */
const most = 50

export interface WithoutEffectProps {
  readonly list: StatusAnswer['withoutEffect']
  readonly events: readonly Pick<RecordedEvent, 'eventId' | 'times'>[]
}

export function WithoutEffect({ list, events }: WithoutEffectProps) {
  const words = useWords(english, swedish)
  const formats = useFormats()
  if (list.length === 0) return null
  const timesById = new Map(events.map(({ eventId, times }) => [eventId, times]))
  return (
    <details>
      <summary>{words('withoutEffect', { count: list.length })}</summary>
      <p>{words('withoutEffectNote')}</p>
      <ul>
        {list.slice(0, most).map(({ eventId, verb, reason }) => {
          const times = timesById.get(eventId)
          return (
            <li key={`${eventId} ${verb}`}>
              {times && `${formats.instant(times.effectiveAt)}: `}
              {named(words, 'verb', verb)}. {named(words, 'reason', reason)}
            </li>
          )
        })}
      </ul>
      {list.length > most && <p>{words('withoutEffectMore', { count: list.length - most })}</p>}
    </details>
  )
}
