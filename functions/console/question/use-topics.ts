/** The controller's topics for a page. They are fetched once for each session, since pages that share a question share them. */
import { useCallback, useEffect } from 'preact/hooks'
import type { ServerLedger } from '../../../shared/server/server-ledger.ts'
import { useSession } from '../shell/ledger.ts'
import { useWork, type Work } from '../shell/use-work.ts'
import { fetchTopics, type Topics } from './topics.ts'

/** Keyed by the session's client, so that another session fetches its own. A failure is not kept. */
const fetched = new WeakMap<ServerLedger, Promise<Topics>>()

/** Lets the next page fetch them anew, after something was published. */
export function forgetTopics(ledger: ServerLedger): void {
  fetched.delete(ledger)
}

export function useTopics(): readonly [Work<Topics>, () => void] {
  const { ledger } = useSession()
  const [work, start] = useWork<Topics>()
  const begin = useCallback(() => {
    start(() => {
      const known = fetched.get(ledger) ?? fetchTopics(ledger)
      fetched.set(ledger, known)
      known.catch(() => fetched.delete(ledger))
      return known
    })
  }, [ledger, start])
  useEffect(begin, [begin])
  return [work, begin]
}
