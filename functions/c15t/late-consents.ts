/**
 * Keeps a late consent from overriding a later refusal. A c15t client stores what it could not send and sends it with a later page, two
 * seconds after a newer decision. It does not state when it sends, so a late event counts from its arrival, and the old consent would
 * replace the newer refusal. A consent that arrives late is therefore compared with the recorded events: a refusal given after it stands.
 */

import type { ClientEvent } from '../../shared/consent/client-event.ts'
import { maxSkewMs } from '../../shared/consent/effective-time.ts'
import { noVerbs, type RecordedEvent } from '../../shared/consent/event.ts'
import type { CategoryNames } from './names.ts'

/** Whether an event contains a consent and arrives so late that it counts from its arrival. `now` is in milliseconds since 1970. */
export function isLateConsent({ occurredAt, decisions }: ClientEvent, now: number): boolean {
  return Math.abs(now - Date.parse(occurredAt)) > maxSkewMs && decisions.some(({ verb }) => verb === 'given')
}

/** Turns each consent that a later refusal replaced into `requested`, and keeps the original choice in the signals. */
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
  const isRefusedLater = (d: ClientEvent['decisions'][number]) => d.verb === 'given' && refusedLater.has(d.purposeId)
  const replaced = new Set(event.decisions.filter(isRefusedLater).map(({ purposeId }) => purposeId))
  if (replaced.size === 0) return event
  const said = [...purposes].filter(([, purposeId]) => replaced.has(purposeId)).map(([category]) => [category, true])
  return {
    ...event,
    decisions: event.decisions.map((d) => (isRefusedLater(d) ? { ...d, verb: 'requested' } : d)),
    signals: { ...event.signals, categories: { ...event.signals?.categories, ...Object.fromEntries(said) } },
  }
}
