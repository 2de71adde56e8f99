/** Deliveries: the systems that are told what happened, how each stands, and what was sent, waits, or was given up. */
import { useCallback, useEffect, useState } from 'preact/hooks'
import type { MadeEndpoint } from '../../../shared/server/wire.ts'
import { Outcome } from '../components/outcome.tsx'
import { useWords } from '../shell/language.ts'
import { useSession } from '../shell/ledger.ts'
import { useWork } from '../shell/use-work.ts'
import { EndpointForm } from './endpoint-form.tsx'
import { EndpointTable } from './endpoint-table.tsx'
import { OpenedEndpoint, type Part } from './opened-endpoint.tsx'
import { SecretNotice } from './secret-notice.tsx'
import type { Endpoint } from './standing.ts'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

interface Opened {
  readonly endpoint: string
  readonly part: Part
}

export function DeliveriesPage() {
  const words = useWords(english, swedish)
  const { ledger } = useSession()
  const [work, start] = useWork<readonly Endpoint[]>()
  const [made, setMade] = useState<MadeEndpoint>()
  const begin = useCallback(() => start(async () => (await ledger.listEndpoints()).endpoints), [ledger, start])
  useEffect(begin, [begin])
  const changed = (endpoint: MadeEndpoint) => {
    setMade(endpoint)
    begin()
  }
  return (
    <>
      <p class="lead">{words('introduction')}</p>
      {made && <SecretNotice key={`${made.endpoint} ${made.change}`} made={made} />}
      <Outcome work={work} retry={begin}>
        {(endpoints) => <Endpoints endpoints={endpoints} onChanged={changed} onRefresh={begin} />}
      </Outcome>
      <section class="card">
        <h2>{words('newEndpoint')}</h2>
        <EndpointForm onDone={changed} />
      </section>
    </>
  )
}

interface EndpointsProps {
  readonly endpoints: readonly Endpoint[]
  readonly onChanged: (endpoint: MadeEndpoint) => void
  readonly onRefresh: () => void
}

function Endpoints({ endpoints, onChanged, onRefresh }: EndpointsProps) {
  const words = useWords(english, swedish)
  const [opened, setOpened] = useState<Opened>()
  const chosen = endpoints.find(({ endpoint }) => endpoint === opened?.endpoint)
  return (
    <>
      <EndpointTable endpoints={endpoints} onOpen={(endpoint, part) => setOpened({ endpoint, part })} />
      {endpoints.length > 0 && (
        <p class="next">
          <button type="button" class="quiet" onClick={onRefresh}>
            {words('refresh')}
          </button>
        </p>
      )}
      {chosen && opened && (
        <OpenedEndpoint
          key={`${opened.endpoint} ${opened.part}`}
          endpoint={chosen}
          part={opened.part}
          onChanged={onChanged}
          onClose={() => setOpened(undefined)}
        />
      )}
    </>
  )
}
