/** The event that decided: when, how and where it was made. */
import { useFormats, useWords } from '../shell/language.ts'
import { howRecorded } from './how-recorded.ts'
import type { RecordedEvent } from './sentence.ts'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

/** What an answer shows of an event. */
export interface ShownEvent extends Pick<RecordedEvent, 'eventId' | 'site' | 'times'> {
  readonly how: object
  /** As recorded; read by `whoRecorded`. */
  readonly who?: unknown
}

export function DecidingEvent({ event }: { readonly event: ShownEvent }) {
  const words = useWords(english, swedish)
  const formats = useFormats()
  const how = howRecorded(event, words)
  return (
    <>
      {formats.instant(event.times.effectiveAt)}
      {how.length > 0 && `, ${how.join(', ')}`}
      <br />
      <span class="aside">{words('siteAndEvent', { site: event.site })}</span> <code>{event.eventId}</code>
    </>
  )
}
