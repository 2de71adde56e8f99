/** The desk of one policy: its versions, and the draft of the next. */
import { useCallback, useEffect, useMemo, useState } from 'preact/hooks'
import { localText } from '../../../shared/consent/language.ts'
import { inForce, type PolicyHistory, succession } from '../../../shared/consent/policy.ts'
import type { ServerLedger } from '../../../shared/server/server-ledger.ts'
import { FileField } from '../components/file-field.tsx'
import { Outcome } from '../components/outcome.tsx'
import type { Topics } from '../question/topics.ts'
import { useLanguage, useWords } from '../shell/language.ts'
import { useSession } from '../shell/ledger.ts'
import { addressOf } from '../shell/route.ts'
import { useWork } from '../shell/use-work.ts'
import { type Draft, draftAfter, emptyDraft, keepDraft, keptDraft, readDraft } from './draft.ts'
import { type PublishedAct, withAct } from './published.tsx'
import { VersionEditor } from './version-editor.tsx'
import { VersionsTable } from './versions-table.tsx'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

export interface PolicyDeskProps {
  readonly policyId: string
  readonly topics: Topics
  /** What was done last. */
  readonly act: PublishedAct | undefined
  readonly onDone: (act: PublishedAct) => void
}

export function PolicyDesk({ policyId, topics, act, onDone }: PolicyDeskProps) {
  const words = useWords(english, swedish)
  const language = useLanguage()
  const { controller, ledger } = useSession()
  const found = topics.policies.find((each) => each.policyId === policyId)
  const history = useMemo(() => withAct(found ?? nothingYet(policyId), act), [found, policyId, act])
  const others = useMemo(() => topics.policies.filter((each) => each !== found), [topics, found])
  const kept = keptDraft(controller, policyId)
  const [work, start] = useWork<Draft>()
  const [refusal, setRefusal] = useState<string>()
  const newest = inForce(history, new Date().toISOString()) ?? succession(history).at(-1)
  const title = localText(newest?.title ?? {}, language)
  const keep = useCallback((draft: Draft) => keepDraft(controller, draft), [controller])
  const begin = () => start(() => nextDraft(ledger, history))
  // A policy without versions has only the draft that the reader has just begun.
  const [begun] = useState(() => (found === undefined ? kept : undefined))
  useEffect(() => {
    if (begun) start(async () => begun)
  }, [begun, start])
  const open = async (file: File | undefined) => {
    const draft = file && readDraft(await file.text())
    const isOfPolicy = draft?.policyId === policyId
    setRefusal(
      file && !isOfPolicy ? words(draft ? 'otherFile' : 'noDraftFile', { name: file.name, policyId }) : undefined,
    )
    if (draft && isOfPolicy) start(async () => draft)
  }
  return (
    <>
      <p>
        <a href={addressOf('publish')}>← {words('allPolicies')}</a>
      </p>
      <h2>
        {title} <code>{policyId}</code>
      </h2>
      <VersionsTable history={history} onDone={onDone} />
      <h2>{words(history.versions.length === 0 ? 'initialVersion' : 'nextVersion')}</h2>
      <Outcome
        work={work}
        retry={begin}
        idle={
          <>
            <p class="buttons">
              {kept && (
                <button type="button" onClick={() => start(async () => kept)}>
                  {words('continueDraft', { version: kept.version })}
                </button>
              )}
              <button type="button" class={kept ? 'quiet' : undefined} onClick={begin}>
                {words(history.versions.length === 0 ? 'firstVersion' : 'copyVersion')}
              </button>
            </p>
            <FileField
              label={words('openFile')}
              hint={words('openFileHint')}
              action={words('chooseFile')}
              error={refusal}
              onFiles={([file]) => open(file)}
            />
          </>
        }
      >
        {(draft) => <VersionEditor initial={draft} history={history} others={others} keep={keep} onDone={onDone} />}
      </Outcome>
    </>
  )
}

const nothingYet = (policyId: string): PolicyHistory => ({ policyId, versions: [], retractions: [], presentations: [] })

/** A copy of the version in force, or else of the newest; an empty one for a policy without versions. */
async function nextDraft(ledger: ServerLedger, history: PolicyHistory): Promise<Draft> {
  const base = inForce(history, new Date().toISOString()) ?? succession(history).at(-1)
  if (base === undefined) return emptyDraft(history.policyId, 'other', ['sv-SE', 'en'])
  const texts = await Promise.all(base.texts.map(({ sha256 }) => ledger.getText(sha256)))
  return draftAfter(
    base,
    texts,
    history.versions.map(({ version }) => version),
  )
}
