/** Presentations: what people see first of a policy, with the banner itself as the preview of a new one. */
import { useState } from 'preact/hooks'
import { localText } from '../../../shared/consent/language.ts'
import { inForce, type PolicyHistory, type Presentation } from '../../../shared/consent/policy.ts'
import { DataTable } from '../components/data-table.tsx'
import { Field } from '../components/field.tsx'
import { Outcome } from '../components/outcome.tsx'
import { DoneNotice } from '../confirmation/done-notice.tsx'
import type { Topics } from '../question/topics.ts'
import { forgetTopics, useTopics } from '../question/use-topics.ts'
import { useFormats, useLanguage, useWords } from '../shell/language.ts'
import { useSession } from '../shell/ledger.ts'
import { PresentationEditor } from './presentation-editor.tsx'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

export function PresentationsPage() {
  const { ledger } = useSession()
  const [topics, retry] = useTopics(0)
  const [published, setPublished] = useState<readonly Presentation[]>([])
  const done = (presentation: Presentation) => {
    setPublished([...published, presentation])
    forgetTopics(ledger)
  }
  return (
    <Outcome work={topics} retry={retry}>
      {(found) => <Presentations topics={found} published={published} onDone={done} />}
    </Outcome>
  )
}

interface PresentationsProps {
  readonly topics: Topics
  /** Published on this page, which the topics may lack. */
  readonly published: readonly Presentation[]
  readonly onDone: (presentation: Presentation) => void
}

function Presentations({ topics: { policies }, published, onDone }: PresentationsProps) {
  const words = useWords(english, swedish)
  const language = useLanguage()
  const [chosen, setChosen] = useState(policies[0]?.policyId)
  const history = policies.find(({ policyId }) => policyId === chosen)
  if (history === undefined) return <p class="empty">{words('noPolicies')}</p>
  const known = history.presentations.map(({ presentationId }) => presentationId)
  const fresh = published.filter((each) => each.policyId === chosen && !known.includes(each.presentationId))
  const all = [...history.presentations, ...fresh]
  const last = published.at(-1)
  return (
    <>
      <p>{words('introduction')}</p>
      <Field label={words('policy')}>
        {(control) => (
          <select {...control} value={chosen} onChange={(event) => setChosen(event.currentTarget.value)}>
            {policies.map(({ policyId, versions }) => (
              <option key={policyId} value={policyId}>
                {localText(versions.at(-1)?.title ?? {}, language) || policyId}
              </option>
            ))}
          </select>
        )}
      </Field>
      {last !== undefined && last.policyId === chosen && (
        <DoneNotice key={last.presentationId} title={words('published', { id: last.presentationId })}>
          <p>{words('publishedNext')}</p>
        </DoneNotice>
      )}
      <PublishedPresentations presentations={all} />
      <Editor key={`${chosen} ${all.length}`} history={history} all={all} onDone={onDone} />
    </>
  )
}

function PublishedPresentations({ presentations }: { readonly presentations: readonly Presentation[] }) {
  const words = useWords(english, swedish)
  const formats = useFormats()
  const language = useLanguage()
  const row = ({ presentationId, publishedAt, wording, controls, refusal }: Presentation) => [
    <code key="id">{presentationId}</code>,
    formats.day(publishedAt),
    localText(wording, language),
    controls.map(({ label }) => localText(label, language)).join(', '),
    words('layer', { layer: refusal.layer }),
  ]
  return (
    <DataTable
      caption={words('presentations')}
      columns={[words('id'), words('since'), words('wording'), words('controls'), words('refusal')]}
      rows={presentations.toSorted((a, b) => (a.publishedAt < b.publishedAt ? 1 : -1)).map(row)}
      empty={words('none')}
    />
  )
}

interface EditorProps {
  readonly history: PolicyHistory
  readonly all: readonly Presentation[]
  readonly onDone: (presentation: Presentation) => void
}

function Editor({ history, all, onDone }: EditorProps) {
  const words = useWords(english, swedish)
  const version = inForce(history, new Date().toISOString())
  if (version === undefined) return <p class="empty">{words('noVersion')}</p>
  return <PresentationEditor version={version} taken={all.map((each) => each.presentationId)} onDone={onDone} />
}
