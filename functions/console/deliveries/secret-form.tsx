/** Makes a new secret. The one before it signs as well for a while, so that the receiver can change over without losing a message. */
import { useState } from 'preact/hooks'
import type { MadeEndpoint } from '../../../shared/server/wire.ts'
import { Facts } from '../components/facts.tsx'
import { Field } from '../components/field.tsx'
import { Problem } from '../components/problem.tsx'
import { useFormats, useWords } from '../shell/language.ts'
import { useSession } from '../shell/ledger.ts'
import { useWork } from '../shell/use-work.ts'
import type { Endpoint } from './standing.ts'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

const overlaps = [24, 72, 168, 0] as const

export interface SecretFormProps {
  readonly endpoint: Endpoint
  readonly onDone: (endpoint: MadeEndpoint) => void
}

export function SecretForm({ endpoint, onDone }: SecretFormProps) {
  const words = useWords(english, swedish)
  const formats = useFormats()
  const { ledger } = useSession()
  const [overlapHours, setOverlapHours] = useState(24)
  const [work, start] = useWork<void>()
  const rotate = (event: Event) => {
    event.preventDefault()
    start(async () =>
      onDone(await ledger.rotateSecret(endpoint.endpoint, { change: endpoint.change + 1, overlapHours })),
    )
  }
  return (
    <>
      <Facts
        rows={[
          [words('publicKey'), <code key="key">{endpoint.publicKey}</code>],
          [words('secretsNow'), formats.number(endpoint.secrets)],
        ]}
      />
      <form onSubmit={rotate}>
        <Field label={words('overlap')} hint={words('overlapHint')}>
          {(control) => (
            <select
              {...control}
              value={String(overlapHours)}
              onChange={(event) => setOverlapHours(Number(event.currentTarget.value))}
            >
              {overlaps.map((hours) => (
                <option key={hours} value={String(hours)}>
                  {words('overlapHours', { hours })}
                </option>
              ))}
            </select>
          )}
        </Field>
        <button type="submit" disabled={work.state === 'running'}>
          {words('rotate')}
        </button>
        {work.state === 'failed' && <Problem error={work.error} />}
      </form>
    </>
  )
}
