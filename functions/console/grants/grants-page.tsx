/** Grants: who may read what about people, until when. A grant is made and revoked here; both are leaves of the log. */
import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import type { Grant } from '../../../shared/server/wire.ts'
import { Notice } from '../components/notice.tsx'
import { Outcome } from '../components/outcome.tsx'
import { useWords } from '../shell/language.ts'
import { useSession } from '../shell/ledger.ts'
import { addressOf } from '../shell/route.ts'
import { useWork } from '../shell/use-work.ts'
import { GrantForm } from './grant-form.tsx'
import { fetchGrants } from './grant-list.ts'
import { GrantTable } from './grant-table.tsx'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

export function GrantsPage() {
  const words = useWords(english, swedish)
  const { ledger } = useSession()
  const [work, start] = useWork<readonly Grant[]>()
  const [done, setDone] = useState('')
  const heading = useRef<HTMLHeadingElement>(null)
  const begin = useCallback(() => start(() => fetchGrants(ledger)), [start, ledger])
  useEffect(begin, [begin])
  const changed = (said: string) => {
    setDone(said)
    begin()
    // The button that was pressed is gone with the row's new state.
    heading.current?.focus()
  }
  return (
    <>
      <p class="lead">{words('introduction')}</p>
      {done !== '' && <Notice kind="good">{done}</Notice>}
      <h2 ref={heading} tabIndex={-1}>
        {words('grants')}
      </h2>
      <Outcome work={work} retry={begin}>
        {(grants) => <GrantTable grants={grants} onRevoked={({ name }) => changed(words('revokedNow', { name }))} />}
      </Outcome>
      <h2>{words('make')}</h2>
      <GrantForm onMade={({ name }) => changed(words('madeNow', { name }))} />
      <p class="next">
        <a href={addressOf('reads')}>{words('seeReads')}</a>
      </p>
    </>
  )
}
