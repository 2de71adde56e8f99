/** One import: its files, how far it is, what it would record or has recorded, what it rejected and why, and what can be done next. */
import { useCallback, useEffect, useState } from 'preact/hooks'
import type { Import } from '../../../shared/server/wire.ts'
import { DataTable } from '../components/data-table.tsx'
import { Facts } from '../components/facts.tsx'
import { Notice } from '../components/notice.tsx'
import { Problem } from '../components/problem.tsx'
import { OpenedSection } from '../confirmation/opened-section.tsx'
import { useFormats, useWords } from '../shell/language.ts'
import { useSession } from '../shell/ledger.ts'
import { useFollowed } from '../shell/use-followed.ts'
import { useWork } from '../shell/use-work.ts'
import { MissingFiles } from './missing-files.tsx'
import { PreviewTable } from './preview-table.tsx'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

const isUnderWay = ({ state }: Pick<Import, 'state'>) => state === 'queued' || state === 'running'

export interface OpenedImportProps {
  readonly importId: string
  readonly onShown: (answer: Import) => void
  readonly onClose: () => void
}

export function OpenedImport({ importId, onShown, onClose }: OpenedImportProps) {
  const words = useWords(english, swedish)
  const { ledger } = useSession()
  const ask = useCallback(() => ledger.getImport(importId), [ledger, importId])
  const { shown, error, show } = useFollowed(ask, isUnderWay)
  useEffect(() => {
    if (shown) onShown(shown)
  }, [shown, onShown])
  return (
    <OpenedSection title={words('importOf', { id: importId.slice(0, 8) })}>
      {error !== undefined && <Problem error={error} />}
      {shown === undefined && error === undefined && (
        <p class="busy" role="status">
          {words('loading')}
        </p>
      )}
      {shown && <Progress shown={shown} />}
      {shown?.state === 'awaiting-files' && <MissingFiles shown={shown} onChanged={show} />}
      {shown && <Found shown={shown} />}
      {shown && <Acts shown={shown} onChanged={show} />}
      <p>
        <button type="button" class="quiet" onClick={onClose}>
          {words('close')}
        </button>
      </p>
    </OpenedSection>
  )
}

function Progress({ shown }: { readonly shown: Import }) {
  const words = useWords(english, swedish)
  const formats = useFormats()
  const { system, site, format, state, dryRun, counters, progress, failure, notify } = shown
  return (
    <>
      {state === 'failed' && (
        <Notice kind="bad" title={words('state-failed')}>
          {failure !== undefined && <p lang="en">{failure}</p>}
        </Notice>
      )}
      {state === 'checked' && (
        <Notice title={words('state-checked')}>
          <p>{words('checkedNext')}</p>
        </Notice>
      )}
      {state === 'done' && <Notice kind="good" title={words('state-done')} />}
      {isUnderWay(shown) && (
        <p class="progress">
          <label for="import-progress">{words(dryRun ? 'trying' : 'recording')}</label>
          <progress id="import-progress" max={1} value={progress} />
          <span>{words('percent', { percent: Math.floor(progress * 100) })}</span>
        </p>
      )}
      <Facts
        rows={[
          [words('tool'), words('toolAndFormat', { system, format: words(`format-${format}`) })],
          [words('site'), <code key="site">{site}</code>],
          [words('state'), words(`state-${state}`)],
          [words('read'), formats.number(counters.records)],
          [words(dryRun ? 'wouldBeRecorded' : 'isRecorded'), formats.number(counters.accepted)],
          [words('skipped'), formats.number(counters.skipped)],
          [words('isRejected'), formats.number(counters.rejected)],
          [words('notify'), words(notify ? 'notifies' : 'notifiesNot')],
        ]}
      />
    </>
  )
}

/** A reason of a newer ledger has no words here, and is shown as it is. */
function reasonWords(words: (name: keyof typeof english) => string, reason: string): string {
  const name = `reason-${reason}`
  const isWord = (text: string): text is keyof typeof english => Object.hasOwn(english, text)
  return isWord(name) ? words(name) : reason
}

function Found({ shown: { errors, report, preview } }: { readonly shown: Import }) {
  const words = useWords(english, swedish)
  const formats = useFormats()
  const reasons = Object.entries(errors).sort(([, a], [, b]) => b - a)
  return (
    <>
      {preview && <PreviewTable url={preview.url} />}
      {reasons.length > 0 && (
        <DataTable
          caption={words('rejectedBecause')}
          columns={[words('reason'), words('count')]}
          rows={reasons.map(([reason, count]) => [reasonWords(words, reason), formats.number(count)])}
          empty=""
        />
      )}
      {report && (
        <p>
          <a href={report.url} download>
            {words('report')}
          </a>
        </p>
      )}
    </>
  )
}

interface ActsProps {
  readonly shown: Import
  readonly onChanged: (answer: Import) => void
}

/** The next step is the first button: to try, and after that to record. */
function Acts({ shown, onChanged }: ActsProps) {
  const words = useWords(english, swedish)
  const { ledger } = useSession()
  const [work, start] = useWork<void>()
  const [isAsked, setIsAsked] = useState(false)
  const { importId, state, files } = shown
  const isReady = state === 'checked' || (state === 'awaiting-files' && files.every(({ upload }) => !upload))
  const isOpen = isReady || state === 'awaiting-files' || isUnderWay(shown)
  const begin = (dryRun: boolean) => start(async () => onChanged(await ledger.startImport(importId, { dryRun })))
  const cancel = () => start(async () => onChanged(await ledger.cancelImport(importId)))
  if (!isOpen) return null
  const isBusy = work.state === 'running'
  return (
    <>
      <p class="buttons">
        {state === 'checked' && (
          <button type="button" disabled={isBusy} onClick={() => begin(false)}>
            {words('record', { count: shown.counters.accepted })}
          </button>
        )}
        {isReady && (
          <button
            type="button"
            class={state === 'checked' ? 'quiet' : ''}
            disabled={isBusy}
            onClick={() => begin(true)}
          >
            {words(state === 'checked' ? 'tryAgain' : 'try')}
          </button>
        )}
        {!isAsked && (
          <button type="button" class="quiet" onClick={() => setIsAsked(true)}>
            {words('cancel')}
          </button>
        )}
      </p>
      {isAsked && (
        <div role="alert">
          <p>{words('cancelSure')}</p>
          <p class="buttons">
            <button type="button" disabled={isBusy} onClick={cancel}>
              {words('cancelYes')}
            </button>
            <button type="button" class="quiet" onClick={() => setIsAsked(false)}>
              {words('cancelNo')}
            </button>
          </p>
        </div>
      )}
      {work.state === 'failed' && <Problem error={work.error} />}
    </>
  )
}
