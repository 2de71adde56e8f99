/** One export: how far it is, where each entry of the log went, its manifest, and its files. */
import { useCallback, useEffect } from 'preact/hooks'
import type { Export } from '../../../shared/server/wire.ts'
import { Facts } from '../components/facts.tsx'
import { Notice } from '../components/notice.tsx'
import { Problem } from '../components/problem.tsx'
import { OpenedSection } from '../confirmation/opened-section.tsx'
import { useFormats, useWords } from '../shell/language.ts'
import { useSession } from '../shell/ledger.ts'
import { useFollowed } from '../shell/use-followed.ts'
import { useWork } from '../shell/use-work.ts'
import { CopyButton } from '../sites/copy-button.tsx'
import { PartTable } from './part-table.tsx'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

export interface OpenedExportProps {
  readonly exportId: string
  readonly onShown: (answer: Export) => void
  readonly onClose: () => void
}

const isUnderWay = ({ state }: Pick<Export, 'state'>) => state === 'queued' || state === 'running'

const leafCounts = [
  'exported',
  'filtered',
  'elsewhere',
  'erased',
  'lapsed',
  'unreadable',
  'unreachable',
  'other',
] as const

export function OpenedExport({ exportId, onShown, onClose }: OpenedExportProps) {
  const words = useWords(english, swedish)
  const { ledger } = useSession()
  const ask = useCallback(() => ledger.getExport(exportId), [ledger, exportId])
  const { shown, error, show } = useFollowed(ask, isUnderWay)
  const [cancelling, startCancelling] = useWork<void>()
  useEffect(() => {
    if (shown) onShown(shown)
  }, [shown, onShown])
  return (
    <OpenedSection title={words('exportOf', { id: exportId.slice(0, 8) })}>
      {error !== undefined && <Problem error={error} />}
      {shown === undefined && error === undefined && (
        <p class="busy" role="status">
          {words('loading')}
        </p>
      )}
      {shown && <Progress shown={shown} />}
      {shown?.state === 'done' && <Manifest shown={shown} />}
      {shown?.parts !== undefined && shown.parts.length > 0 && <PartTable shown={shown} />}
      {cancelling.state === 'failed' && <Problem error={cancelling.error} />}
      <p class="buttons">
        {shown && isUnderWay(shown) && (
          <button
            type="button"
            disabled={cancelling.state === 'running'}
            onClick={() => startCancelling(async () => show(await ledger.cancelExport(exportId)))}
          >
            {words('cancel')}
          </button>
        )}
        <button type="button" class="quiet" onClick={onClose}>
          {words('close')}
        </button>
      </p>
    </OpenedSection>
  )
}

function Progress({ shown }: { readonly shown: Export }) {
  const words = useWords(english, swedish)
  const formats = useFormats()
  const { state, progress, failure, rows, leaves, log } = shown
  return (
    <>
      {state === 'failed' && (
        <Notice kind="bad" title={words('state-failed')}>
          {failure !== undefined && <p lang="en">{failure}</p>}
        </Notice>
      )}
      {state === 'done' && <Notice kind="good" title={words('state-done')} />}
      {isUnderWay(shown) && (
        <p class="progress">
          <label for="export-progress">{words(`state-${state}`)}</label>
          <progress id="export-progress" max={1} value={progress} />
          <span>{words('percent', { percent: Math.floor(progress * 100) })}</span>
        </p>
      )}
      <Facts
        rows={[
          [words('state'), words(`state-${state}`)],
          [words('rows'), formats.number(rows)],
          [words('log'), words('logRange', { count: log.to - log.from })],
        ]}
      />
      <details>
        <summary>{words('leaves')}</summary>
        <Facts rows={leafCounts.map((name) => [words(`leaves-${name}`), formats.number(leaves[name])])} />
      </details>
    </>
  )
}

function Manifest({ shown: { manifest, manifestSha256 } }: { readonly shown: Export }) {
  const words = useWords(english, swedish)
  return (
    <>
      <p>{words('manifestMeans')}</p>
      <Facts
        rows={[
          [
            words('manifest'),
            manifest && (
              <a key="file" href={manifest.url} download>
                {words('download')}
              </a>
            ),
          ],
          [
            words('manifestHash'),
            manifestSha256 && (
              <>
                <code>{manifestSha256}</code> <CopyButton text={manifestSha256} name={words('manifestHash')} />
              </>
            ),
          ],
        ]}
      />
    </>
  )
}
