/** The ledger's answer to an erasure. It names no person, so it may be kept with the case. */
import type { Erasure } from '../../../shared/server/wire.ts'
import { DoneNotice } from '../confirmation/done-notice.tsx'
import { useFormats, useWords } from '../shell/language.ts'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

type Held = NonNullable<Erasure['held']>[number]

export function ErasureAnswer({ erasure }: { readonly erasure: Erasure }) {
  const words = useWords(english, swedish)
  const formats = useFormats()
  const { outcome, erasedAt, events, held = [] } = erasure
  const at = formats.instant(erasedAt)
  const standing = ({ ground, until, holdId }: Held) =>
    words('holdStands', {
      ground: ground === undefined ? words('secretGround') : words(`hold-${ground}`),
      until: until === undefined ? words('untilReleased') : words('untilDate', { at: formats.instant(until) }),
      id: holdId ?? '–',
    })
  return (
    <>
      <DoneNotice kind={outcome === 'erased' ? 'good' : 'warning'} title={words(`outcome-${outcome}`)}>
        <p>{words(`next-${outcome}`, { at, events })}</p>
        {held.length > 0 && (
          <ul>
            {held.map((hold) => (
              <li key={hold.holdId ?? hold.until ?? 'hold'}>{standing(hold)}</li>
            ))}
          </ul>
        )}
      </DoneNotice>
      {outcome !== 'held' && <Rest erasure={erasure} />}
    </>
  )
}

/** What still exists of what was erased. */
function Rest({ erasure: { copies, pending } }: { readonly erasure: Erasure }) {
  const words = useWords(english, swedish)
  const formats = useFormats()
  return (
    <dl class="facts">
      <div>
        <dt>{words('pendingTerm')}</dt>
        <dd>
          {words(`pending-${pending.in}`)}{' '}
          {pending.until !== undefined && words('pendingUntil', { at: formats.instant(pending.until) })}
        </dd>
      </div>
      {copies.map(({ copy, count }) => (
        <div key={copy}>
          <dt>{words(`copy-${copy}`)}</dt>
          <dd>{words(`copyMeans-${copy}`, { count: count ?? 0 })}</dd>
        </div>
      ))}
    </dl>
  )
}
