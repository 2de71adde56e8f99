/** A consent that keeps what is recorded with it, for tests of what adapters make of what they hear. */
import type { ConsentError, Decisions, How } from '../../../../shared/client/client.ts'

export interface Kept {
  readonly decisions: Decisions
  readonly how: How
}

export function keepingConsent(choices: Record<string, boolean> = {}) {
  const kept: Kept[] = []
  const errors: ConsentError[] = []
  return {
    kept,
    errors,
    onError: (error: ConsentError) => errors.push(error),
    consent: {
      record(decisions: Decisions, how: How = {}) {
        kept.push({ decisions, how })
        return { eventId: `${kept.length}`, receipt: Promise.resolve(undefined) }
      },
      permits: (target: string) => choices[target],
    },
  }
}

/** Like `localStorage`, for one test. */
export function memoryStorage() {
  const items = new Map<string, string>()
  return {
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => void items.set(key, value),
    removeItem: (key: string) => void items.delete(key),
  }
}
