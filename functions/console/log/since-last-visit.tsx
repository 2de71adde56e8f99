/** What became of the checkpoint that this browser saw last: a log that only grew, or one that was rewritten. */
import { useState } from 'preact/hooks'
import { Notice } from '../components/notice.tsx'
import { useFormats, useWords } from '../shell/language.ts'
import type { OpenedLog } from './opened-log.ts'
import { rememberCheckpoint, type SinceLastVisit } from './remembered-checkpoint.ts'
import { ForkNotice, UnfinishedNotice } from './tree-check-notices.tsx'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

export interface SinceLastVisitProps {
  readonly since: SinceLastVisit
  readonly log: OpenedLog
}

export function SinceLastVisitNotice({ since, log }: SinceLastVisitProps) {
  const words = useWords(english, swedish)
  const formats = useFormats()
  const [isForgotten, setIsForgotten] = useState(false)
  const { newest } = log
  if (since.state === 'first' || isForgotten) return <Notice>{words('sinceFirst')}</Notice>
  if (since.state === 'other-keys')
    return (
      <Notice kind="warning" title={words('otherKeys')}>
        <p>{words('otherKeysNext')}</p>
        <button
          type="button"
          class="quiet"
          onClick={() => {
            rememberCheckpoint(newest)
            setIsForgotten(true)
          }}
        >
          {words('forget')}
        </button>
      </Notice>
    )
  const { before } = since
  if (since.state === 'put-back')
    return (
      <Notice kind="bad" title={words('putBack')}>
        <p>{words('putBackNext', { now: formats.number(newest.size), before: formats.number(before.size) })}</p>
      </Notice>
    )
  const { check } = since
  if (check.outcome === 'fork') return <ForkNotice older={before} newer={newest} />
  if (check.outcome !== 'consistent') return <UnfinishedNotice check={check} />
  return (
    <Notice kind="good">
      {words(before.size === newest.size ? 'sinceSame' : 'sinceGrown', { count: newest.size - before.size })}
    </Notice>
  )
}
