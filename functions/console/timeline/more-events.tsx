/** Says that a history is not whole yet, and loads what is missing: the next page, or all pages one after another. */
import { Notice } from '../components/notice.tsx'
import { Problem } from '../components/problem.tsx'
import { useFormats, useWords } from '../shell/language.ts'
import type { Work } from '../shell/use-work.ts'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

export interface MoreEventsProps {
  readonly loaded: number
  readonly total: number
  readonly pageSize: number
  readonly work: Work<unknown>
  readonly onNext: () => void
  readonly onAll: () => void
}

export function MoreEvents({ loaded, total, pageSize, work, onNext, onAll }: MoreEventsProps) {
  const words = useWords(english, swedish)
  const formats = useFormats()
  const isBusy = work.state === 'running'
  return (
    <Notice kind="warning" title={words('partial', { loaded: formats.number(loaded), total: formats.number(total) })}>
      <p>{words('partialNote')}</p>
      <p>
        <button type="button" class="quiet" aria-disabled={isBusy} onClick={() => !isBusy && onNext()}>
          {words('loadNext', { count: Math.min(pageSize, total - loaded) })}
        </button>{' '}
        {total - loaded > pageSize && (
          <button type="button" class="quiet" aria-disabled={isBusy} onClick={() => !isBusy && onAll()}>
            {words('loadAll')}
          </button>
        )}
      </p>
      <p role="status">{isBusy && words('loadingMore')}</p>
      {work.state === 'failed' && <Problem error={work.error} />}
    </Notice>
  )
}
