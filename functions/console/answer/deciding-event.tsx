/** The event that decided: when, where and how it was made, and how the person was known. */
import type { Timeline } from '../../../shared/server/wire.ts'
import { useFormats } from '../shell/language.ts'

export function DecidingEvent({ event }: { readonly event: Timeline['events'][number] }) {
  const formats = useFormats()
  const how = ['channel', 'surface', 'act', 'control'].flatMap((name) => {
    const value: unknown = event.how[name]
    return typeof value === 'string' ? [value] : []
  })
  return (
    <>
      {formats.instant(event.times.effectiveAt)}, {event.site}
      {how.length > 0 && ` (${how.join(', ')})`}
      <br />
      <code>{event.eventId}</code>
    </>
  )
}
