/** Legal holds: what must not be destroyed although its time has come or somebody asked for it. */
import { useCallback, useEffect, useState } from 'preact/hooks'
import type { Hold } from '../../../shared/server/wire.ts'
import { DataTable } from '../components/data-table.tsx'
import { Notice } from '../components/notice.tsx'
import { Outcome } from '../components/outcome.tsx'
import { Problem } from '../components/problem.tsx'
import { DoneNotice } from '../confirmation/done-notice.tsx'
import { OpenedSection } from '../confirmation/opened-section.tsx'
import { TypedConfirmation } from '../confirmation/typed-confirmation.tsx'
import { useFormats, useWords } from '../shell/language.ts'
import { useSession } from '../shell/ledger.ts'
import { useWork } from '../shell/use-work.ts'
import { allHolds, type EveryHold } from './all-holds.ts'
import { MakeHoldForm } from './make-hold-form.tsx'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

type Done = { readonly act: 'made' | 'released'; readonly hold: Hold }

export function HoldsPage() {
  const { ledger } = useSession()
  const words = useWords(english, swedish)
  const [work, start] = useWork<EveryHold>()
  const [done, setDone] = useState<Done>()
  const begin = useCallback(() => start(() => allHolds(ledger)), [ledger, start])
  useEffect(begin, [begin])
  const finish = (next: Done) => {
    setDone(next)
    begin()
  }
  return (
    <>
      <p>{words('introduction')}</p>
      {done && <Told key={`${done.act} ${done.hold.holdId}`} done={done} />}
      <Outcome work={work} retry={begin}>
        {(holds) => <Holds holds={holds} onReleased={(hold) => finish({ act: 'released', hold })} />}
      </Outcome>
      <MakeHoldForm onDone={(hold) => finish({ act: 'made', hold })} />
    </>
  )
}

function Told({ done: { act, hold } }: { readonly done: Done }) {
  const words = useWords(english, swedish)
  const formats = useFormats()
  return (
    <DoneNotice title={words(act)}>
      {act === 'made' ? (
        <>
          <p>
            {words('keepId')} <code>{hold.holdId}</code>
          </p>
          {hold.keepsAllFrom !== undefined && (
            <p>{words('keepsAllFrom', { at: formats.instant(hold.keepsAllFrom) })}</p>
          )}
        </>
      ) : (
        <p>{words('releasedNext')}</p>
      )}
    </DoneNotice>
  )
}

interface HoldsProps {
  readonly holds: EveryHold
  readonly onReleased: (hold: Hold) => void
}

function Holds({ holds: { holds, unreadable }, onReleased }: HoldsProps) {
  const words = useWords(english, swedish)
  const formats = useFormats()
  const [chosen, setChosen] = useState<string>()
  const covered = ({ covers }: Hold) => {
    if ('subject' in covers) return words('coversSubject')
    if ('purposeId' in covers) return words('coversPurpose', { purpose: covers.purposeId })
    return words('coversBefore', { at: formats.instant(covers.before) })
  }
  const stateOf = ({ stands, releasedAt, until }: Hold) => {
    if (releasedAt !== undefined) return words('stateReleased', { at: formats.instant(releasedAt) })
    if (!stands && until !== undefined) return words('stateEnded', { at: formats.instant(until) })
    return until === undefined ? words('stands') : words('standsUntil', { at: formats.instant(until) })
  }
  const release = (holdId: string) => (
    <button type="button" class="link" aria-label={`${words('release')}: ${holdId}`} onClick={() => setChosen(holdId)}>
      {words('release')}
    </button>
  )
  const row = (hold: Hold) => [
    <code key="id">{hold.holdId}</code>,
    words(`ground-${hold.ground}`),
    covered(hold),
    stateOf(hold),
    words('madeBy', { at: formats.instant(hold.madeAt), by: hold.madeBy.subject ?? hold.madeBy.client ?? '–' }),
    hold.stands && release(hold.holdId),
  ]
  return (
    <>
      {chosen !== undefined && (
        <ReleaseForm key={chosen} holdId={chosen} onDone={onReleased} onCancel={() => setChosen(undefined)} />
      )}
      {unreadable.length > 0 && (
        <Notice kind="warning" title={words('unreadable')}>
          <p>{words('unreadableNext')}</p>
          <ul>
            {unreadable.map((holdId) => (
              <li key={holdId}>
                <code>{holdId}</code> {release(holdId)}
              </li>
            ))}
          </ul>
        </Notice>
      )}
      <DataTable
        caption={words('holds')}
        columns={[words('id'), words('ground'), words('covers'), words('state'), words('madeAt'), words('actions')]}
        rows={holds.toSorted((a, b) => Number(b.stands) - Number(a.stands)).map(row)}
        empty={words('noHolds')}
      />
    </>
  )
}

interface ReleaseFormProps {
  readonly holdId: string
  readonly onDone: (hold: Hold) => void
  readonly onCancel: () => void
}

function ReleaseForm({ holdId, onDone, onCancel }: ReleaseFormProps) {
  const words = useWords(english, swedish)
  const { ledger } = useSession()
  const [work, start] = useWork<void>()
  return (
    <OpenedSection title={words('releaseTitle', { id: holdId })}>
      <p>{words('releaseMeans')}</p>
      <TypedConfirmation
        name={holdId.slice(0, 8)}
        action={words('release')}
        isBusy={work.state === 'running'}
        onConfirm={() => start(async () => onDone(await ledger.releaseHold(holdId)))}
        onCancel={onCancel}
      />
      {work.state === 'failed' && <Problem error={work.error} />}
    </OpenedSection>
  )
}
