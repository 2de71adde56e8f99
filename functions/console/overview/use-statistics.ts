/** Asks the statistics one question, and keeps showing the last answer while the next one is on its way. */
import { useCallback, useEffect, useRef } from 'preact/hooks'
import type { Statistics, StatisticsQuery } from '../../../shared/server/wire.ts'
import { useSession } from '../shell/ledger.ts'
import { useWork, type Work } from '../shell/use-work.ts'

export interface Asked {
  /** The last answer, while the next question is under way. */
  readonly work: Work<Statistics>
  readonly isAsking: boolean
  readonly again: () => void
}

/** @param query `undefined`: there is nothing to ask yet */
export function useStatistics(query: StatisticsQuery | undefined): Asked {
  const { ledger } = useSession()
  const [work, start] = useWork<Statistics>()
  const last = useRef<Work<Statistics>>(work)
  if (work.state === 'done' || work.state === 'failed') last.current = work
  // Equal questions are one, however often the page is drawn.
  const asked = query && JSON.stringify(query)
  const again = useCallback(() => {
    if (asked !== undefined) start(() => ledger.getStatistics(JSON.parse(asked)))
  }, [ledger, start, asked])
  useEffect(again, [again])
  const isAsking = work.state === 'running'
  return { work: isAsking && last.current.state === 'done' ? last.current : work, isAsking, again }
}
