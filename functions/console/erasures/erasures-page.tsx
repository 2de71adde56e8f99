/** Erasures: what people asked for, with the day by which each has to have an answer, and the erasure of one identifier. */
import { useCallback, useEffect, useState } from 'preact/hooks'
import type { ErasureRequestOfPerson } from '../../../shared/server/wire.ts'
import { Outcome } from '../components/outcome.tsx'
import { DoneNotice } from '../confirmation/done-notice.tsx'
import { useWords } from '../shell/language.ts'
import { useSession } from '../shell/ledger.ts'
import { useWork } from '../shell/use-work.ts'
import { allRequests } from './all-requests.ts'
import { EraseForm } from './erase-form.tsx'
import { RequestsTable } from './requests-table.tsx'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

export function ErasuresPage() {
  const words = useWords(english, swedish)
  const { ledger } = useSession()
  const [work, start] = useWork<readonly ErasureRequestOfPerson[]>()
  const [decided, setDecided] = useState<ErasureRequestOfPerson>()
  const begin = useCallback(() => start(() => allRequests(ledger)), [ledger, start])
  useEffect(begin, [begin])
  const finish = (request: ErasureRequestOfPerson) => {
    setDecided(request)
    begin()
  }
  return (
    <>
      <h2>{words('requests')}</h2>
      <p>{words('requestsMean')}</p>
      {decided && (
        <DoneNotice
          key={`${decided.requestId} ${decided.state}`}
          title={words(decided.state === 'refused' ? 'refused' : 'granted')}
        >
          <p>{words(decided.state === 'refused' ? 'refusedNext' : 'grantedNext')}</p>
        </DoneNotice>
      )}
      <Outcome work={work} retry={begin}>
        {(requests) => <RequestsTable requests={requests} onDecided={finish} />}
      </Outcome>
      <h2>{words('erase')}</h2>
      <EraseForm />
    </>
  )
}
