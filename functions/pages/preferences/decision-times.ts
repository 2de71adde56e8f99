/** From when decisions count, by the event that made them: read from the person's newest receipts, which have it. */
import type { Consent } from '../../../shared/client/client.ts'

export interface DecisionTimes {
  /** RFC 3339; `undefined` when none of the newest receipts is that event's. */
  of(eventId: string): Promise<string | undefined>
}

/** Receipts are fetched at the first question, and again for an event that they do not have. */
export function decisionTimes(consent: Pick<Consent, 'receipts'>): DecisionTimes {
  let fetched: Promise<ReadonlyMap<string, string>> | undefined

  async function fetchTimes(): Promise<ReadonlyMap<string, string>> {
    const receipts = (await consent.receipts()) ?? []
    return new Map(receipts.map(({ eventId, times }) => [eventId, times.effectiveAt]))
  }

  return {
    async of(eventId) {
      const before = fetched
      const known = (await before)?.get(eventId)
      if (known !== undefined) return known
      if (fetched === before) fetched = fetchTimes()
      return (await fetched)?.get(eventId)
    },
  }
}
