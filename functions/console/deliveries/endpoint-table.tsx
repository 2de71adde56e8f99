/** All endpoints, each with how it stands and what can be done with it. */
import { DataTable } from '../components/data-table.tsx'
import { useFormats, useWords } from '../shell/language.ts'
import { type Part, parts } from './opened-endpoint.tsx'
import { type Endpoint, standingOf } from './standing.ts'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

export interface EndpointTableProps {
  readonly endpoints: readonly Endpoint[]
  readonly onOpen: (endpoint: string, part: Part) => void
}

export function EndpointTable({ endpoints, onOpen }: EndpointTableProps) {
  const words = useWords(english, swedish)
  return (
    <DataTable
      caption={words('endpoints', { count: endpoints.length })}
      columns={[words('endpoint'), words('gets'), words('state'), words('messages'), words('actions')]}
      rows={endpoints.map((endpoint) => [
        <>
          <code>{endpoint.endpoint}</code>
          <br />
          <span class="aside address">{endpoint.url}</span>
        </>,
        <Gets key="gets" endpoint={endpoint} />,
        <State key="state" endpoint={endpoint} />,
        <Messages key="messages" endpoint={endpoint} />,
        <p key="actions" class="item-actions">
          {parts.map((part) => (
            <button
              key={part}
              type="button"
              class="link"
              aria-label={`${words(`open-${part}`)}: ${endpoint.endpoint}`}
              onClick={() => onOpen(endpoint.endpoint, part)}
            >
              {words(`open-${part}`)}
            </button>
          ))}
        </p>,
      ])}
      empty={words('noEndpoints')}
    />
  )
}

interface RowProps {
  readonly endpoint: Endpoint
}

function Gets({ endpoint: { types, purposes, payload } }: RowProps) {
  const words = useWords(english, swedish)
  const formats = useFormats()
  return (
    <>
      <details>
        <summary>{words('typesCount', { count: types.length })}</summary>
        <ul class="plain-list">
          {types.map((type) => (
            <li key={type}>{words(`type-${type}`)}</li>
          ))}
        </ul>
      </details>
      <span class="aside line">
        {purposes === undefined ? words('allPurposes') : words('onlyPurposes', { purposes: formats.list(purposes) })}
      </span>
      <span class="aside line">{words(`payload-${payload}`)}</span>
    </>
  )
}

function State({ endpoint }: RowProps) {
  const words = useWords(english, swedish)
  const formats = useFormats()
  const { deliveries, secrets } = endpoint
  const { failingSince, pausedUntil } = deliveries
  const standing = standingOf(endpoint)
  return (
    <>
      <strong class={`standing ${standing}`}>{words(`standing-${standing}`)}</strong>
      {failingSince !== undefined && (
        <span class="aside line">{words('failingSince', { at: formats.instant(failingSince) })}</span>
      )}
      {pausedUntil !== undefined && (
        <span class="aside line">{words('pausedUntil', { at: formats.instant(pausedUntil) })}</span>
      )}
      {secrets > 1 && <span class="aside line">{words('secretsSign', { count: secrets })}</span>}
    </>
  )
}

function Messages({ endpoint: { deliveries } }: RowProps) {
  const words = useWords(english, swedish)
  const { delivered, waiting, dead, next, logSize, lateCompletions } = deliveries
  const behind = Math.max(0, logSize - next)
  return (
    <ul class="plain-list">
      <li>{words('delivered', { count: delivered })}</li>
      {behind > 0 && <li>{words('behind', { count: behind })}</li>}
      {waiting > 0 && <li>{words('waiting', { count: waiting })}</li>}
      {dead > 0 && <li class="standing failing">{words('dead', { count: dead })}</li>}
      {lateCompletions > 0 && <li class="standing failing">{words('late', { count: lateCompletions })}</li>}
    </ul>
  )
}
