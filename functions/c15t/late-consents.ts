/**
 * A c15t client keeps what it could not send, and sends it on some later page, when the person may have changed their mind: it posts
 * the later no first, and the earlier yes two seconds behind. It does not say when it sends, so what is late counts from its arrival,
 * and the yes would stand. So a yes that arrives late is looked at beside what is recorded: a no that was given after it stays.
 */

import type { ClientEvent } from '../../shared/consent/client-event.ts'
import { maxSkewMs } from '../../shared/consent/effective-time.ts'
import { noVerbs, type RecordedEvent } from '../../shared/consent/event.ts'
import type { CategoryNames } from './names.ts'

/** Whether an event arrives so late that it counts from its arrival, and says yes to anything. */
export function isLateConsent({ occurredAt, decisions }: ClientEvent, now: number): boolean {
  return Math.abs(now - Date.parse(occurredAt)) > maxSkewMs && decisions.some(({ verb }) => verb === 'given')
}

/** Each yes that a no overtook becomes what it still says: that it was put to the person, and what they chose then. */
export function withoutRefusedConsents(
  event: ClientEvent,
  recorded: readonly Pick<RecordedEvent, 'times' | 'decisions'>[],
  { purposes }: CategoryNames,
): ClientEvent {
  const refusedLater = new Set(
    recorded
      .filter(({ times }) => times.occurredAt >= event.occurredAt)
      .flatMap(({ decisions }) => decisions.filter(({ verb }) => noVerbs.has(verb)).map(({ purposeId }) => purposeId)),
  )
  const isOvertaken = (d: ClientEvent['decisions'][number]) => d.verb === 'given' && refusedLater.has(d.purposeId)
  const overtaken = new Set(event.decisions.filter(isOvertaken).map(({ purposeId }) => purposeId))
  if (overtaken.size === 0) return event
  const said = [...purposes].filter(([, purposeId]) => overtaken.has(purposeId)).map(([category]) => [category, true])
  return {
    ...event,
    decisions: event.decisions.map((d) => (isOvertaken(d) ? { ...d, verb: 'requested' } : d)),
    signals: { ...event.signals, categories: { ...event.signals?.categories, ...Object.fromEntries(said) } },
  }
}
