/** The form of a new presentation, validated while one types, with the banner as people will see it. */
import { useCallback, useEffect, useState } from 'preact/hooks'
import { localText } from '../../../shared/consent/language.ts'
import { type PolicyVersion, type Presentation, presentationDraft } from '../../../shared/consent/policy.ts'
import type { PresentationDraft } from '../../../shared/consent/publication.ts'
import { Notice } from '../components/notice.tsx'
import { Problem } from '../components/problem.tsx'
import { TypedConfirmation } from '../confirmation/typed-confirmation.tsx'
import type { Fault } from '../schema-form/fault.ts'
import { changedAt, FormContext, isTouched, type Path, type Touch, touchOf } from '../schema-form/form-state.ts'
import { loadChecks } from '../schema-form/load-checks.ts'
import { RecordFields } from '../schema-form/schema-field.tsx'
import { useFaultWords } from '../schema-form/use-fault-words.ts'
import { useLanguage, useWords } from '../shell/language.ts'
import { useSession } from '../shell/ledger.ts'
import { useKept } from '../shell/use-kept.ts'
import { useSettled } from '../shell/use-settled.ts'
import { useWork } from '../shell/use-work.ts'
import { BannerView } from './banner-view.tsx'
import { forgetPresentation, keepPresentation, keptPresentation } from './kept-presentation.ts'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

export interface PresentationEditorProps {
  readonly version: PolicyVersion
  /** Ids of the policy's presentations. */
  readonly taken: readonly string[]
  readonly onDone: (presentation: Presentation) => void
}

export function PresentationEditor({ version, taken, onDone }: PresentationEditorProps) {
  const words = useWords(english, swedish)
  const language = useLanguage()
  const faultWords = useFaultWords()
  const { controller, ledger } = useSession()
  const [begun, setBegun] = useState(() => ({
    first: firstDraft(version),
    kept: keptPresentation(controller, version.policyId),
  }))
  const [draft, setDraft] = useState(begun.kept ?? begun.first)
  const [touched, setTouched] = useState<readonly Touch[]>([])
  const [isReviewed, setIsReviewed] = useState(false)
  const [work, start] = useWork<void>()
  const settled = useSettled(draft)
  const checked = useChecked(settled, version, taken)
  const faults = checked?.draft === draft ? checked.faults : []
  const isReady = isReviewed && checked?.draft === draft && faults.length === 0

  const change = (path: Path, value: unknown) => {
    setTouched([...touched, touchOf(path, value)])
    // A draft holds what was typed; the check says whether it has the form that its type states.
    setDraft((last) => changedAt(last, path, value) as PresentationDraft)
  }
  const isShown = ({ pointer }: Fault) => isReviewed || isTouched(touched, pointer)
  const faultAt = (pointer: string) => {
    const found = (checked?.faults ?? []).find((fault) => fault.pointer === pointer && isShown(fault))
    return found && faultWords(found)
  }
  const { policyId, ...body } = draft
  const keep = useCallback(
    (written: PresentationDraft) => {
      if (written !== begun.first) return keepPresentation(controller, written)
      forgetPresentation(controller, policyId)
      return true
    },
    [controller, policyId, begun],
  )
  const keeping = useKept(draft, keep)
  const publish = () =>
    start(async () => {
      const presentation = await ledger.publishPresentation(policyId, body)
      keeping.finish()
      forgetPresentation(controller, policyId)
      onDone(presentation)
    })
  const beginAnew = () => {
    setBegun({ ...begun, kept: undefined })
    setDraft(begun.first)
    setTouched([])
    setIsReviewed(false)
  }
  const choices = {
    purposeId: version.purposes.map(({ purposeId, title }) => ({
      value: purposeId,
      name: localText(title, language) || purposeId,
    })),
  }
  const locales = version.texts.map(({ locale }) => locale)
  return (
    <FormContext.Provider value={{ locales, faultAt, change, choices }}>
      <h2>{words('newPresentation')}</h2>
      {!keeping.isKept && <Notice kind="warning">{words('notKept')}</Notice>}
      {begun.kept && (
        <Notice>
          <p>
            {words('continued')}{' '}
            <button type="button" class="link" onClick={beginAnew}>
              {words('beginAnew')}
            </button>
          </p>
        </Notice>
      )}
      <section class="card">
        <RecordFields members={presentationDraft.members} path={[]} value={draft} />
      </section>
      <BannerView draft={settled} version={version} />
      <section class="card guarded">
        <h3>{words('publish')}</h3>
        {isReady ? (
          <TypedConfirmation
            name={draft.presentationId}
            action={words('publish')}
            isBusy={work.state === 'running'}
            onConfirm={publish}
          >
            <p>{words('publishMeans')}</p>
          </TypedConfirmation>
        ) : (
          <>
            {isReviewed && faults.length > 0 && (
              <p class="field-error" role="alert">
                {words('faults', { count: faults.length })}
              </p>
            )}
            <button type="button" onClick={() => setIsReviewed(true)}>
              {words('review')}
            </button>
          </>
        )}
        {work.state === 'failed' && <Problem error={work.error} />}
      </section>
    </FormContext.Provider>
  )
}

/** Asks for every consent of the version that a button for several may ask for. */
function firstDraft({ policyId, purposes, texts }: PolicyVersion): PresentationDraft {
  const asked = purposes.filter(({ legalBasis, explicit }) => legalBasis === 'consent' && !explicit)
  const refuse: Readonly<Record<string, string>> = { sv: 'Neka alla', en: 'Refuse all' }
  const labels = texts.flatMap(({ locale }) => {
    const label = refuse[locale.slice(0, 2)]
    return label === undefined ? [] : [[locale, label]]
  })
  return {
    policyId,
    presentationId: '',
    wording: {},
    controls: asked.map(({ purposeId, title }) => ({ purposeId, label: title, initially: 'off' })),
    refusal: { label: Object.fromEntries(labels), layer: 1 },
  }
}

interface Checked {
  readonly draft: PresentationDraft
  readonly faults: readonly Fault[]
}

function useChecked(draft: PresentationDraft, version: PolicyVersion, taken: readonly string[]): Checked | undefined {
  const [checked, setChecked] = useState<Checked>()
  useEffect(() => {
    let isNewest = true
    loadChecks(() => import('./check-presentation.ts')).then(({ checkPresentation }) => {
      if (isNewest) setChecked({ draft, faults: checkPresentation(draft, version, taken) })
    })
    return () => {
      isNewest = false
    }
  }, [draft, version, taken])
  return checked
}
