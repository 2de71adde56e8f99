/** People's requests to be erased, and the controller's answer to each. A request names nobody. */
import { useState } from 'preact/hooks'
import type { ErasureDecision, ErasureRequestOfPerson } from '../../../shared/server/wire.ts'
import { DataTable } from '../components/data-table.tsx'
import { Field } from '../components/field.tsx'
import { Problem } from '../components/problem.tsx'
import { OpenedSection } from '../confirmation/opened-section.tsx'
import { TypedConfirmation } from '../confirmation/typed-confirmation.tsx'
import { useFormats, useWords } from '../shell/language.ts'
import { useSession } from '../shell/ledger.ts'
import { useWork } from '../shell/use-work.ts'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

type RefusalGround = Extract<ErasureDecision, { decision: 'refused' }>['ground']

const refusalGrounds = [
  'legal-obligation',
  'legal-claims',
  'freedom-of-expression',
  'public-health',
  'archiving',
  'not-identified',
  'unfounded',
  'no-ground-to-erase',
] as const satisfies readonly RefusalGround[]

export interface RequestsTableProps {
  readonly requests: readonly ErasureRequestOfPerson[]
  readonly onDecided: (request: ErasureRequestOfPerson) => void
}

interface Chosen {
  readonly decision: ErasureDecision['decision']
  readonly requestId: string
}

export function RequestsTable({ requests, onDecided }: RequestsTableProps) {
  const words = useWords(english, swedish)
  const formats = useFormats()
  const [chosen, setChosen] = useState<Chosen>()
  const now = new Date().toISOString()
  const choice = (decision: Chosen['decision'], requestId: string) => (
    <button
      type="button"
      class="link"
      aria-label={`${words(`decide-${decision}`)}: ${shortOf(requestId)}`}
      onClick={() => setChosen({ decision, requestId })}
    >
      {words(`decide-${decision}`)}
    </button>
  )
  const stateOf = ({ state, answerBy, refusal }: ErasureRequestOfPerson) => {
    if (state === 'refused') return words('stateRefused', { ground: refusal ? words(`refuse-${refusal.ground}`) : '–' })
    return state === 'open' && answerBy < now ? words('stateLate') : words(`state-${state}`)
  }
  const row = (request: ErasureRequestOfPerson) => [
    <code key="id">{shortOf(request.requestId)}</code>,
    formats.day(request.requestedAt),
    formats.day(request.answerBy),
    stateOf(request),
    request.state === 'open' && (
      <p class="item-actions">
        {choice('granted', request.requestId)} {choice('refused', request.requestId)}
      </p>
    ),
  ]
  return (
    <>
      {chosen && (
        <DecisionForm
          key={`${chosen.decision} ${chosen.requestId}`}
          {...chosen}
          onDone={onDecided}
          onCancel={() => setChosen(undefined)}
        />
      )}
      <DataTable
        caption={words('requests')}
        columns={[words('request'), words('requestedAt'), words('answerBy'), words('state'), words('actions')]}
        rows={requests.map(row)}
        empty={words('noRequests')}
      />
    </>
  )
}

/** The beginning of a request's id, which tells it from the others. */
const shortOf = (requestId: string) => requestId.slice(0, 8)

interface DecisionFormProps extends Chosen {
  readonly onDone: (request: ErasureRequestOfPerson) => void
  readonly onCancel: () => void
}

function DecisionForm({ decision, requestId, onDone, onCancel }: DecisionFormProps) {
  const words = useWords(english, swedish)
  const { ledger } = useSession()
  const [ground, setGround] = useState<RefusalGround>('legal-obligation')
  const [work, start] = useWork<void>()
  const title = words(decision === 'granted' ? 'grantTitle' : 'refuseTitle', { request: shortOf(requestId) })
  const decide = () =>
    start(async () => {
      onDone(
        await ledger.decideErasure(decision === 'granted' ? { requestId, decision } : { requestId, decision, ground }),
      )
    })
  return (
    <OpenedSection title={title}>
      <p>{words(decision === 'granted' ? 'grantMeans' : 'refuseMeans')}</p>
      <TypedConfirmation
        name={shortOf(requestId)}
        action={words(`decide-${decision}`)}
        isBusy={work.state === 'running'}
        onConfirm={decide}
        onCancel={onCancel}
      >
        {decision === 'refused' && (
          <Field label={words('refusalGround')}>
            {(control) => (
              <select
                {...control}
                value={ground}
                onChange={(event) =>
                  setGround(refusalGrounds.find((each) => each === event.currentTarget.value) ?? 'legal-obligation')
                }
              >
                {refusalGrounds.map((each) => (
                  <option key={each} value={each}>
                    {words(`refuse-${each}`)}
                  </option>
                ))}
              </select>
            )}
          </Field>
        )}
      </TypedConfirmation>
      {work.state === 'failed' && <Problem error={work.error} />}
    </OpenedSection>
  )
}
