/** Asks for a redelivery. Its number is the next of the endpoint, and is kept for another attempt, so that an attempt without an answer asks once. */
import { useState } from 'preact/hooks'
import type { Redelivery, RedeliveryDraft } from '../../../shared/server/wire.ts'
import { useSession } from '../shell/ledger.ts'
import { useWork, type Work } from '../shell/use-work.ts'
import type { Endpoint } from './standing.ts'

type Asked = RedeliveryDraft extends infer Each ? (Each extends unknown ? Omit<Each, 'redelivery'> : never) : never

export interface AskingRedelivery {
  readonly work: Work<Redelivery>
  readonly ask: (what: Asked) => void
}

export function useRedelivery({ endpoint, lastRedelivery }: Endpoint): AskingRedelivery {
  const { ledger } = useSession()
  const [number, setNumber] = useState(lastRedelivery + 1)
  const [work, start] = useWork<Redelivery>()
  const ask = (what: Asked) =>
    start(async () => {
      const asked = await ledger.askRedelivery(endpoint, { ...what, redelivery: number })
      setNumber(number + 1)
      return asked
    })
  return { work, ask }
}
