/** The versions of a policy, newest first. One that is not yet in force can be retracted. */
import { useState } from 'preact/hooks'
import { localText } from '../../../shared/consent/language.ts'
import { inForce, type PolicyHistory, type PolicyVersion } from '../../../shared/consent/policy.ts'
import { retractionLeadMs } from '../../../shared/consent/publication.ts'
import { DataTable } from '../components/data-table.tsx'
import { Field } from '../components/field.tsx'
import { Problem } from '../components/problem.tsx'
import { OpenedSection } from '../confirmation/opened-section.tsx'
import { TypedConfirmation } from '../confirmation/typed-confirmation.tsx'
import { useFormats, useLanguage, useWords } from '../shell/language.ts'
import { useSession } from '../shell/ledger.ts'
import { useWork } from '../shell/use-work.ts'
import { type PublishedAct, publicAddressOf } from './published.tsx'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

export interface VersionsTableProps {
  readonly history: PolicyHistory
  readonly onDone: (act: PublishedAct) => void
}

export function VersionsTable({ history, onDone }: VersionsTableProps) {
  const words = useWords(english, swedish)
  const formats = useFormats()
  const language = useLanguage()
  const { controller } = useSession()
  const [retracting, setRetracting] = useState<PolicyVersion>()
  const now = new Date().toISOString()
  const current = inForce(history, now)
  const isRetracted = (version: PolicyVersion) => history.retractions.some((each) => each.version === version.version)
  const stateOf = (version: PolicyVersion) =>
    isRetracted(version)
      ? words('stateRetracted')
      : version === current
        ? words('stateInForce')
        : words(version.notBefore > now ? 'stateScheduled' : 'stateEarlier')
  const row = (version: PolicyVersion) => {
    const canRetract = !isRetracted(version) && Date.parse(version.notBefore) - retractionLeadMs > Date.now()
    return [
      <a key="read" href={publicAddressOf(controller, version)}>
        {version.version}
      </a>,
      stateOf(version),
      formats.instant(version.notBefore),
      localText(version.summary, language),
      canRetract ? (
        <button
          key="retract"
          type="button"
          class="link"
          aria-label={words('retractTitle', { version: version.version })}
          onClick={() => setRetracting(version)}
        >
          {words('retract')}
        </button>
      ) : (
        ''
      ),
    ]
  }
  return (
    <>
      <DataTable
        caption={words('versions')}
        columns={[words('version'), words('state'), words('from'), words('summary'), words('actions')]}
        rows={history.versions.toSorted((a, b) => (a.notBefore < b.notBefore ? 1 : -1)).map(row)}
        empty={words('noVersions')}
      />
      {retracting && (
        <RetractForm
          key={retracting.version}
          version={retracting}
          onCancel={() => setRetracting(undefined)}
          onDone={onDone}
        />
      )}
    </>
  )
}

interface RetractFormProps {
  readonly version: PolicyVersion
  readonly onCancel: () => void
  readonly onDone: (act: PublishedAct) => void
}

function RetractForm({ version: { policyId, version }, onCancel, onDone }: RetractFormProps) {
  const words = useWords(english, swedish)
  const { ledger } = useSession()
  const [reason, setReason] = useState('')
  const [work, start] = useWork<void>()
  const retract = () =>
    start(async () => {
      onDone({ policyId, retraction: await ledger.retractVersion(policyId, { version, reason: reason.trim() }) })
    })
  return (
    <OpenedSection title={words('retractTitle', { version })}>
      <p>{words('retractMeans')}</p>
      <TypedConfirmation
        name={policyId}
        action={words('retract')}
        isBusy={work.state === 'running'}
        onConfirm={retract}
        onCancel={onCancel}
      >
        <Field label={words('reason')} hint={words('reasonPublic')}>
          {(control) => (
            <input
              {...control}
              required
              maxLength={500}
              value={reason}
              onInput={(event) => setReason(event.currentTarget.value)}
            />
          )}
        </Field>
      </TypedConfirmation>
      {work.state === 'failed' && <Problem error={work.error} />}
    </OpenedSection>
  )
}
