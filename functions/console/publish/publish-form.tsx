/** Publishes the draft: when it comes into force, what is still wrong, and a typed confirmation, because a published version never changes. */
import { useState } from 'preact/hooks'
import { localText } from '../../../shared/consent/language.ts'
import type { PolicyHistory } from '../../../shared/consent/policy.ts'
import { Field } from '../components/field.tsx'
import { Notice } from '../components/notice.tsx'
import { Problem } from '../components/problem.tsx'
import { TypedConfirmation } from '../confirmation/typed-confirmation.tsx'
import { instantOf, localTime } from '../question/instant-field.tsx'
import type { Fault } from '../schema-form/fault.ts'
import { pathOf, useForm } from '../schema-form/form-state.ts'
import { useLabels } from '../schema-form/labels.ts'
import { useFaultWords } from '../schema-form/use-fault-words.ts'
import { useFormats, useLanguage, useWords } from '../shell/language.ts'
import { useSession } from '../shell/ledger.ts'
import { useWork } from '../shell/use-work.ts'
import { type Draft, forgetDraft } from './draft.ts'
import { focusOn } from './focus-on.ts'
import type { PublishedAct } from './published.tsx'
import { publishedSince } from './published-since.ts'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

export interface PublishFormProps {
  readonly draft: Draft
  /** The versions that the author could compare with. */
  readonly history: PolicyHistory
  /** Whether the faults are of this draft and not of the one before the last key. */
  readonly isChecked: boolean
  readonly faults: readonly Fault[]
  readonly onShowFaults: () => void
  readonly onDone: (act: PublishedAct) => void
}

export function PublishForm({ draft, history, isChecked, faults, onShowFaults, onDone }: PublishFormProps) {
  const words = useWords(english, swedish)
  const formats = useFormats()
  const { controller, ledger } = useSession()
  const [work, start] = useWork<void>()
  const [newerVersions, setNewerVersions] = useState<readonly string[]>([])
  const [isReviewed, setIsReviewed] = useState(false)
  const { policyId, ...body } = draft
  const publish = () =>
    start(async () => {
      const known = history.versions.length > 0
      const newer = known ? publishedSince(history, await ledger.listVersions(policyId), draft) : []
      setNewerVersions(newer)
      if (newer.length > 0) return
      const version = await ledger.publishVersion(policyId, body)
      forgetDraft(controller, policyId)
      onDone({ policyId, version })
    })
  const review = () => {
    onShowFaults()
    setIsReviewed(true)
  }
  const isReady = isReviewed && isChecked && faults.length === 0
  return (
    <section class="card guarded">
      <h3>{words('publishTitle')}</h3>
      <Schedule effectiveFrom={draft.effectiveFrom} />
      {isReviewed && isChecked && faults.length > 0 && <FaultList draft={draft} faults={faults} />}
      {isReady ? (
        <TypedConfirmation
          name={policyId}
          action={words('publishAction', { version: draft.version })}
          isBusy={work.state === 'running'}
          onConfirm={publish}
        >
          <p>{words('publishMeans')}</p>
        </TypedConfirmation>
      ) : (
        <button type="button" onClick={review} disabled={!isChecked}>
          {words('review')}
        </button>
      )}
      {newerVersions.length > 0 && (
        <Notice kind="bad" title={words('newerPublished', { versions: formats.list(newerVersions) })}>
          <p>{words('newerPublishedNext')}</p>
        </Notice>
      )}
      {work.state === 'failed' && <Problem error={work.error} />}
    </section>
  )
}

function Schedule({ effectiveFrom }: { readonly effectiveFrom: string | undefined }) {
  const words = useWords(english, swedish)
  const formats = useFormats()
  const { change, faultAt } = useForm()
  const set = (instant: string | undefined) => change(['effectiveFrom'], instant)
  /** The next day at midnight, in the reader's time. */
  const tomorrow = () => {
    const day = new Date()
    day.setHours(24, 0, 0, 0)
    return day.toISOString()
  }
  return (
    <fieldset>
      <legend>{words('when')}</legend>
      <label class="choice">
        <input type="radio" name="when" checked={effectiveFrom === undefined} onChange={() => set(undefined)} />
        {words('atOnce')}
      </label>
      <label class="choice">
        <input type="radio" name="when" checked={effectiveFrom !== undefined} onChange={() => set(tomorrow())} />
        {words('onDate')}
      </label>
      {effectiveFrom !== undefined && (
        <Field label={words('date')} hint={formats.instant(effectiveFrom)} error={faultAt('/effectiveFrom')}>
          {(control) => (
            <input
              {...control}
              name="/effectiveFrom"
              type="datetime-local"
              step={1}
              value={localTime(effectiveFrom)}
              onChange={(event) => set(instantOf(event.currentTarget.value) ?? effectiveFrom)}
            />
          )}
        </Field>
      )}
    </fieldset>
  )
}

function FaultList({ draft, faults }: { readonly draft: Draft; readonly faults: readonly Fault[] }) {
  const words = useWords(english, swedish)
  const placeOf = usePlaces(draft)
  const faultWords = useFaultWords()
  return (
    <Notice kind="bad" title={words('faults', { count: faults.length })}>
      <ul>
        {faults.map((fault) => (
          <li key={`${fault.pointer} ${fault.rule}`}>
            <button type="button" class="link" onClick={() => focusOn(fault.pointer)}>
              {placeOf(fault.pointer)}
            </button>{' '}
            {faultWords(fault)}
          </li>
        ))}
      </ul>
    </Notice>
  )
}

/** Names the field of a pointer as the form does, after the purpose or language that it belongs to. */
function usePlaces(draft: Draft): (pointer: string) => string {
  const words = useWords(english, swedish)
  const language = useLanguage()
  const { label } = useLabels()
  return (pointer) => {
    const [list, index, ...rest] = pathOf(pointer)
    const member = rest.findLast((part) => !/^\d+$/.test(String(part)) && label(String(part)) !== part) ?? list ?? ''
    const own = label(String(member))
    const purpose = list === 'purposes' ? draft.purposes[Number(index)] : undefined
    const changed = list === 'changes' ? draft.changes[Number(index)]?.purposeId : undefined
    const title = purpose ?? draft.purposes.find(({ purposeId }) => purposeId === changed)
    if (title) return `${localText(title.title, language) || title.purposeId || words('newPurpose')}: ${own}`
    return list === 'texts' && index !== undefined ? `${own} (${draft.texts[Number(index)]?.locale ?? ''})` : own
  }
}
