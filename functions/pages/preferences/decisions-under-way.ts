/** Decisions of this page that the ledger has not recorded: on their way, or refused. */
import type { WatchedClient } from '../watched-client.ts'

export type UnderWay = 'sending' | 'refused'

export interface DecisionsUnderWay {
  add(eventId: string, targets: readonly string[]): void
  /** `undefined` for a target on which nothing is under way: what the ledger answers applies. */
  of(target: string): UnderWay | undefined
  /** Code with which the ledger refused the decision on a target. */
  refusalOf(target: string): string | undefined
  /** The refused targets, by that code. */
  refusals(): ReadonlyMap<string, readonly string[]>
  /** Forgets what the ledger has recorded. Returns whether there was something to forget. */
  settle(): boolean
}

export function decisionsUnderWay({ consent, refused }: Pick<WatchedClient, 'consent' | 'refused'>): DecisionsUnderWay {
  /** The latest event of this page on each target. */
  const latest = new Map<string, string>()
  const isRefused = (eventId: string) => refused.has(eventId)

  return {
    add(eventId, targets) {
      for (const target of targets) latest.set(target, eventId)
    },
    of(target) {
      const eventId = latest.get(target)
      if (eventId === undefined) return undefined
      return isRefused(eventId) ? 'refused' : 'sending'
    },
    refusalOf: (target) => refused.get(latest.get(target) ?? ''),
    refusals() {
      const byCode = new Map<string, string[]>()
      for (const [target, eventId] of latest) {
        const code = refused.get(eventId)
        if (code !== undefined) byCode.set(code, [...(byCode.get(code) ?? []), target])
      }
      return byCode
    },
    settle() {
      // Refused events wait too, and a dropped one does not. Where more wait than were refused, some are on their way.
      const kept = [...refused.values()].filter((code) => code !== 'dropped').length
      const waiting = consent.pending()
      if (waiting > kept) return false
      const recorded = [...latest].filter(([, eventId]) => waiting === 0 || !isRefused(eventId))
      for (const [target] of recorded) latest.delete(target)
      return recorded.length > 0
    },
  }
}
