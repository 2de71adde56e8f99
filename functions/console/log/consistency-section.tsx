/** Checks from the log's tiles that a later checkpoint only extends an earlier one, which may be one that the reader saved. */
import { useState } from 'preact/hooks'
import { encodeBase64 } from '../../../shared/tlog/encoding.ts'
import { isoOf, readSignedCheckpoint, type SignedCheckpoint } from '../../../shared/verify/signed-checkpoint.ts'
import { CheckSteps } from '../components/check-steps.tsx'
import { Field } from '../components/field.tsx'
import { Notice } from '../components/notice.tsx'
import { Outcome } from '../components/outcome.tsx'
import { useFormats, useWords } from '../shell/language.ts'
import { useWork } from '../shell/use-work.ts'
import { growthPoints, type TimedCheckpoint } from './growth.ts'
import { LogProblem } from './log-problem.tsx'
import type { OpenedLog } from './opened-log.ts'
import { SavedNoteField, signedNoteOf } from './saved-note-field.tsx'
import { ForkNotice, UnfinishedNotice } from './tree-check-notices.tsx'
import { type ConsistencyCheck, checkConsistency } from './tree-checks.ts'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

export interface ConsistencySectionProps {
  readonly log: OpenedLog
  /** Published ones to choose from. */
  readonly checkpoints: readonly TimedCheckpoint[]
}

/** More than that are no choice; a saved note can name any. */
const mostChoices = 40
const saved = 'saved'

interface Compared {
  readonly older: SignedCheckpoint
  readonly newer: SignedCheckpoint
  readonly check: ConsistencyCheck
}

export function ConsistencySection({ log, checkpoints }: ConsistencySectionProps) {
  const words = useWords(english, swedish)
  const formats = useFormats()
  const { newest, policy, source } = log
  const offered = new Set(growthPoints(checkpoints, mostChoices).map(({ size }) => size))
  const choices = checkpoints.filter(({ size }) => offered.has(size) && size > 0)
  const [chosen, setChosen] = useState('')
  const [note, setNote] = useState('')
  const [later, setLater] = useState('')
  const [work, start] = useWork<Compared>()
  const earlier = chosen === '' ? String(choices[0]?.size ?? saved) : chosen
  const bySize = (size: string) => choices.find((each) => String(each.size) === size)

  const compare = () =>
    start(async () => {
      const other =
        earlier === saved ? await readSignedCheckpoint(signedNoteOf(note), policy, newest.origin) : bySize(earlier)
      const upTo = bySize(later) ?? newest
      if (other === undefined) throw new Error('no checkpoint was chosen')
      const [older, newer] = other.size <= upTo.size ? [other, upTo] : [upTo, other]
      return { older, newer, check: await checkConsistency(source, older, newer) }
    })

  const option = (each: SignedCheckpoint) =>
    words('checkpointOption', {
      size: formats.number(each.size),
      time: each.seconds === undefined ? words('noTime') : formats.instant(isoOf(each.seconds)),
    })
  return (
    <section aria-labelledby="consistency">
      <h2 id="consistency">{words('consistency')}</h2>
      <p>{words('consistencyIs')}</p>
      <form
        class="card"
        onSubmit={(event) => {
          event.preventDefault()
          compare()
        }}
      >
        <div class="row">
          <Field label={words('earlier')}>
            {(control) => (
              <select {...control} value={earlier} onChange={(event) => setChosen(event.currentTarget.value)}>
                {choices.map((each) => (
                  <option key={each.size} value={String(each.size)}>
                    {option(each)}
                  </option>
                ))}
                <option value={saved}>{words('savedOne')}</option>
              </select>
            )}
          </Field>
          <Field label={words('later')}>
            {(control) => (
              <select {...control} value={later} onChange={(event) => setLater(event.currentTarget.value)}>
                <option value="">{words('theNewest', { checkpoint: option(newest) })}</option>
                {choices
                  .filter(({ size }) => size !== newest.size)
                  .toReversed()
                  .map((each) => (
                    <option key={each.size} value={String(each.size)}>
                      {option(each)}
                    </option>
                  ))}
              </select>
            )}
          </Field>
        </div>
        {earlier === saved && <SavedNoteField note={note} onChange={setNote} />}
        <button type="submit" disabled={work.state === 'running'}>
          {words('compare')}
        </button>
      </form>
      <div aria-live="polite">
        {work.state === 'failed' ? (
          <LogProblem error={work.error} retry={compare} />
        ) : (
          <Outcome work={work}>{(compared) => <ComparedView {...compared} />}</Outcome>
        )}
      </div>
    </section>
  )
}

function ComparedView({ older, newer, check }: Compared) {
  const words = useWords(english, swedish)
  const formats = useFormats()
  if (check.outcome === 'fork') return <ForkNotice older={older} newer={newer} />
  if (check.outcome !== 'consistent') return <UnfinishedNotice check={check} />
  const { proof, tiles } = check
  const sizes = { older: formats.number(older.size), newer: formats.number(newer.size) }
  return (
    <>
      <Notice kind="good" title={words('consistent', { count: newer.size - older.size })}>
        <p>{words('consistentNext', sizes)}</p>
      </Notice>
      {tiles.length > 0 && (
        <CheckSteps
          steps={[
            { outcome: 'ok', content: words('stepTiles', { count: tiles.length, paths: formats.list(tiles) }) },
            { outcome: 'ok', content: words('stepRoot', { size: sizes.newer }) },
            { outcome: 'ok', content: <ProofHashes hashes={proof.map(encodeBase64)} /> },
            { outcome: 'ok', content: words('stepOlder', { size: sizes.older }) },
          ]}
        />
      )}
    </>
  )
}

export function ProofHashes({ hashes }: { readonly hashes: readonly string[] }) {
  const words = useWords(english, swedish)
  return (
    <>
      {words('stepProof', { count: hashes.length })}
      {hashes.length > 0 && (
        <details>
          <summary>{words('hashes')}</summary>
          <ol class="plain">
            {hashes.map((hash) => (
              <li key={hash}>
                <code>{hash}</code>
              </li>
            ))}
          </ol>
        </details>
      )}
    </>
  )
}
