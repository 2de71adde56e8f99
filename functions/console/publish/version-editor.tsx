/**
 * The editor of a draft: what it is, its texts, its purposes, what changes by it, and its publication. It is validated while one types, by the
 * schema and the rules that the ledger has. A fault is shown beside a field that was touched, and all of them before publishing.
 */
import { useEffect, useState } from 'preact/hooks'
import { type PolicyHistory, versionDraft } from '../../../shared/consent/policy.ts'
import { Notice } from '../components/notice.tsx'
import type { Fault } from '../schema-form/fault.ts'
import { changedAt, FormContext, isTouched, type Path, type Touch, touchOf } from '../schema-form/form-state.ts'
import { loadChecks } from '../schema-form/load-checks.ts'
import { RecordFields } from '../schema-form/schema-field.tsx'
import { useFaultWords } from '../schema-form/use-fault-words.ts'
import { useWords } from '../shell/language.ts'
import { useKept } from '../shell/use-kept.ts'
import { useSettled } from '../shell/use-settled.ts'
import { ChangesView } from './changes-view.tsx'
import type { Draft } from './draft.ts'
import { DraftFiles } from './draft-files.tsx'
import { versionBefore, withNeededChanges } from './needed-changes.ts'
import { PublishForm } from './publish-form.tsx'
import type { PublishedAct } from './published.tsx'
import { PurposesEditor } from './purposes-editor.tsx'
import { TextsEditor } from './texts-editor.tsx'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

export interface VersionEditorProps {
  readonly initial: Draft
  readonly history: PolicyHistory
  /** The controller's other policies, to whom purposes may belong. */
  readonly others: readonly PolicyHistory[]
  /** @returns whether the tab could keep it */
  readonly keep: (draft: Draft) => boolean
  readonly onDone: (act: PublishedAct) => void
}

export function VersionEditor({ initial, history, others, keep, onDone }: VersionEditorProps) {
  const words = useWords(english, swedish)
  const faultWords = useFaultWords()
  const [draft, setDraft] = useState(initial)
  const [touched, setTouched] = useState<readonly Touch[]>([])
  const [showsAll, setShowsAll] = useState(false)
  const settled = useSettled(draft)
  const checked = useChecked(settled, history, others)
  const faults = checked?.faults ?? []
  const [now] = useState(() => new Date().toISOString())
  const before = versionBefore(draft, history, now)

  const keeping = useKept(draft, keep)
  const finish = (act: PublishedAct) => {
    keeping.finish()
    onDone(act)
  }

  const change = (path: Path, value: unknown) => {
    const touch = touchOf(path, value)
    const isKnown = (known: readonly Touch[]) =>
      known.some(({ pointer, isWhole }) => pointer === touch.pointer && isWhole === touch.isWhole)
    setTouched((known) => (isKnown(known) ? known : [...known, touch]))
    // A draft holds what was typed; `check-draft.ts` says whether it has the form that its type states.
    setDraft((last) => {
      const next = changedAt(last, path, value) as Draft
      return withNeededChanges(next, versionBefore(next, history, now))
    })
  }
  const isShown = ({ pointer }: Fault) => showsAll || isTouched(touched, pointer)
  const faultAt = (pointer: string) => {
    const found = faults.find((fault) => fault.pointer === pointer && isShown(fault))
    return found && faultWords(found)
  }
  const locales = draft.texts.map(({ locale }) => locale)
  const { members } = versionDraft
  return (
    <FormContext.Provider value={{ locales, faultAt, change }}>
      <div class="editor">
        {!keeping.isKept && <Notice kind="warning">{words('notKept')}</Notice>}
        <section class="card">
          <h3>{words('aboutVersion')}</h3>
          {history.versions.length === 0 && <RecordFields members={members} path={[]} value={draft} only={['kind']} />}
          <RecordFields members={members} path={[]} value={draft} only={['version', 'title', 'summary', 'scope']} />
          <div class="row">
            <RecordFields members={members} path={[]} value={draft} only={['level', 'ground']} />
          </div>
          <details>
            <summary>{words('terms')}</summary>
            <RecordFields members={members} path={[]} value={draft} only={['evidenceRetention', 'contextRetention']} />
          </details>
        </section>
        <TextsEditor texts={draft.texts} />
        <PurposesEditor purposes={draft.purposes} before={before} faults={faults.filter(isShown)} />
        <ChangesView draft={settled} before={before} history={history} now={now} />
        <PublishForm
          draft={draft}
          history={history}
          isChecked={checked?.draft === draft}
          faults={faults}
          onShowFaults={() => setShowsAll(true)}
          onDone={finish}
        />
        <DraftFiles draft={draft} />
      </div>
    </FormContext.Provider>
  )
}

interface Checked {
  readonly draft: Draft
  readonly faults: readonly Fault[]
}

/** The newest draft that was validated; undefined before the first. */
function useChecked(draft: Draft, history: PolicyHistory, others: readonly PolicyHistory[]): Checked | undefined {
  const [checked, setChecked] = useState<Checked>()
  useEffect(() => {
    let isNewest = true
    loadChecks(() => import('./check-draft.ts')).then(({ checkDraft }) => {
      if (isNewest) setChecked({ draft, faults: checkDraft(draft, history, others, new Date().toISOString()) })
    })
    return () => {
      isNewest = false
    }
  }, [draft, history, others])
  return checked
}
