/**
 * The controller's topics for a page. Pages that share a question share them for some minutes, after which somebody else may have published; a
 * page that publishes fetches its own.
 */
import { useCallback, useEffect } from 'preact/hooks'
import type { ServerLedger } from '../../../shared/server/server-ledger.ts'
import { useSession } from '../shell/ledger.ts'
import { useWork, type Work } from '../shell/use-work.ts'
import { fetchTopics, type Topics } from './topics.ts'

/** Keyed by the session's client, so that another session fetches its own. A failure is not kept. */
const fetched = new WeakMap<ServerLedger, Fetched>()

interface Fetched {
  readonly topics: Promise<Topics>
  /** Milliseconds since 1970. */
  readonly at: number
}

const sharedMs = 300_000

/** Lets the next page fetch them anew, after something was published. */
export function forgetTopics(ledger: ServerLedger): void {
  fetched.delete(ledger)
}

/** @param maxAgeMs of topics that another page fetched */
export function useTopics(maxAgeMs = sharedMs): readonly [Work<Topics>, () => void] {
  const { ledger } = useSession()
  const [work, start] = useWork<Topics>()
  const begin = useCallback(() => {
    start(() => {
      const known = fetched.get(ledger)
      if (known !== undefined && Date.now() - known.at < maxAgeMs) return known.topics
      const topics = fetchTopics(ledger)
      fetched.set(ledger, { topics, at: Date.now() })
      topics.catch(() => fetched.delete(ledger))
      return topics
    })
  }, [ledger, start, maxAgeMs])
  useEffect(begin, [begin])
  return [work, begin]
}
