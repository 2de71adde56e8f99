/** Deliveries to one endpoint, page by page: those that wait for an attempt, or those that ended. Each can be sent again. */
import { useCallback, useEffect, useState } from 'preact/hooks'
import type { Deliveries } from '../../../shared/server/wire.ts'
import { ChoiceField } from '../components/choice-field.tsx'
import { DataTable } from '../components/data-table.tsx'
import { Notice } from '../components/notice.tsx'
import { Outcome } from '../components/outcome.tsx'
import { Problem } from '../components/problem.tsx'
import { useFormats, useWords } from '../shell/language.ts'
import { useSession } from '../shell/ledger.ts'
import { useWork } from '../shell/use-work.ts'
import type { Endpoint } from './standing.ts'
import { useRedelivery } from './use-redelivery.ts'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

type Delivery = Deliveries['deliveries'][number]

const lists = ['waiting', 'ended'] as const

export function DeliveryList({ endpoint }: { readonly endpoint: Endpoint }) {
  const words = useWords(english, swedish)
  const { ledger } = useSession()
  const { endpoint: name } = endpoint
  const [list, setList] = useState<(typeof lists)[number]>(endpoint.deliveries.waiting > 0 ? 'waiting' : 'ended')
  const [work, start] = useWork<Deliveries>()
  const [more, startMore] = useWork<void>()
  const again = useRedelivery(endpoint)
  const begin = useCallback(() => start(() => ledger.listDeliveries(name, { list })), [ledger, start, name, list])
  useEffect(begin, [begin])
  const loadMore = (shown: Deliveries) =>
    startMore(async () => {
      const page = await ledger.listDeliveries(name, { list, ...(shown.next !== undefined && { after: shown.next }) })
      start(async () => ({ ...page, deliveries: [...shown.deliveries, ...page.deliveries] }))
    })
  return (
    <>
      <ChoiceField
        label={words('list')}
        choices={lists}
        value={list}
        textOf={(each) => words(`list-${each}`)}
        onChoice={setList}
      />
      {again.work.state === 'done' && <Notice kind="good">{words('askedAgain')}</Notice>}
      {again.work.state === 'failed' && <Problem error={again.work.error} />}
      <Outcome work={work} retry={begin}>
        {(shown) => (
          <>
            <DeliveryTable
              deliveries={shown.deliveries}
              empty={words(`no-${list}`)}
              onAgain={({ deliveryId }) => again.ask({ deliveryId })}
            />
            {shown.next !== undefined && (
              <p>
                <button type="button" class="quiet" disabled={more.state === 'running'} onClick={() => loadMore(shown)}>
                  {words('more')}
                </button>
              </p>
            )}
            {more.state === 'failed' && <Problem error={more.error} />}
          </>
        )}
      </Outcome>
    </>
  )
}

interface DeliveryTableProps {
  readonly deliveries: readonly Delivery[]
  readonly empty: string
  readonly onAgain: (delivery: Delivery) => void
}

function DeliveryTable({ deliveries, empty, onAgain }: DeliveryTableProps) {
  const words = useWords(english, swedish)
  const formats = useFormats()
  const when = ({ nextAttemptAt, endedAt }: Delivery) => {
    if (endedAt !== undefined) return formats.instant(endedAt)
    return nextAttemptAt === undefined ? undefined : words('nextAttempt', { at: formats.instant(nextAttemptAt) })
  }
  const row = (delivery: Delivery) => [
    <>
      {words('leaf', { leaf: delivery.leaf })}
      {delivery.sequence !== undefined && (
        <span class="aside line">{words('sequence', { sequence: delivery.sequence })}</span>
      )}
      {delivery.redelivery > 0 && <span class="aside line">{words('isAgain')}</span>}
    </>,
    <>
      <span class={delivery.state === 'dead' ? 'standing failing' : undefined}>{words(`state-${delivery.state}`)}</span>
      {delivery.isCompleted === true && <span class="aside line">{words('completed')}</span>}
    </>,
    words('attempts', { count: delivery.attempts }),
    when(delivery),
    answerOf(delivery, words('httpStatus', { status: delivery.lastStatus ?? 0 })),
    delivery.state === 'dead' || delivery.state === 'delivered' ? (
      <button
        key="again"
        type="button"
        class="link"
        aria-label={words('againOf', { leaf: delivery.leaf })}
        onClick={() => onAgain(delivery)}
      >
        {words('again')}
      </button>
    ) : undefined,
  ]
  return (
    <DataTable
      caption={words('deliveries', { count: deliveries.length })}
      columns={[
        ...[words('message'), words('state'), words('tried')],
        ...[words('when'), words('answer'), words('actions')],
      ]}
      rows={deliveries.map(row)}
      empty={empty}
    />
  )
}

/** The receiver's last answer: its status, or why there was none. */
function answerOf({ lastStatus, lastError }: Delivery, said: string) {
  if (lastStatus !== undefined) return said
  return lastError === undefined ? undefined : <code>{lastError}</code>
}
