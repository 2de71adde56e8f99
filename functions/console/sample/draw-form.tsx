/** The three things that a sample is drawn from, in the order in which they have to be fixed: checkpoint, seed, count. */
import { useState } from 'preact/hooks'
import { encodeBase64 } from '../../../shared/tlog/encoding.ts'
import { maxSample } from '../../../shared/tlog/sample.ts'
import { isoOf, readSignedCheckpoint } from '../../../shared/verify/signed-checkpoint.ts'
import { Field } from '../components/field.tsx'
import { fileNamePart, saveFile } from '../files/save-file.ts'
import type { OpenedLog } from '../log/opened-log.ts'
import { SavedNoteField, signedNoteOf } from '../log/saved-note-field.tsx'
import { useFormats, useWords } from '../shell/language.ts'
import { useSession } from '../shell/ledger.ts'
import { useWork } from '../shell/use-work.ts'
import { askForSample, newSeed } from './drawn-sample.ts'
import { ImportFindings } from './import-findings.tsx'
import type { Audit } from './kept-audit.ts'
import { SampleProblem } from './sample-problem.tsx'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

export interface DrawFormProps {
  readonly log: OpenedLog
  readonly onAudit: (audit: Audit) => void
}

const seedForm = '([0-9a-f]{2}){16,64}'

export function DrawForm({ log, onAudit }: DrawFormProps) {
  const words = useWords(english, swedish)
  const formats = useFormats()
  const { ledger } = useSession()
  const { newest, policy, controller } = log
  const [isSaved, setIsSaved] = useState(false)
  const [note, setNote] = useState('')
  const [seed, setSeed] = useState('')
  const [count, setCount] = useState(String(Math.min(25, Math.max(1, newest.size))))
  const [work, start] = useWork<void>()
  const draw = () =>
    start(async () => {
      const checkpoint = isSaved ? await readSignedCheckpoint(signedNoteOf(note), policy, newest.origin) : newest
      const inputs = { checkpoint, seed: seed.trim(), count: Number(count) }
      onAudit({ sample: await askForSample(ledger, policy, inputs), findings: new Map() })
    })
  if (newest.size === 0) return <p class="empty">{words('emptyLog')}</p>
  return (
    <>
      <form
        class="card"
        autocomplete="off"
        onSubmit={(event) => {
          event.preventDefault()
          draw()
        }}
      >
        <fieldset>
          <legend>{words('checkpoint')}</legend>
          <p class="hint">{words('checkpointHint')}</p>
          <label class="choice">
            <input type="radio" name="checkpoint" checked={!isSaved} onChange={() => setIsSaved(false)} />
            <span>
              {words('newest', {
                size: newest.size,
                time: newest.seconds === undefined ? words('noTime') : formats.instant(isoOf(newest.seconds)),
              })}
            </span>
          </label>
          <label class="choice">
            <input type="radio" name="checkpoint" checked={isSaved} onChange={() => setIsSaved(true)} />
            <span>{words('saved')}</span>
          </label>
        </fieldset>
        {isSaved ? (
          <SavedNoteField note={note} onChange={setNote} />
        ) : (
          <p>
            {words('root')} <code>{encodeBase64(newest.root)}</code>
            <br />
            <button
              type="button"
              class="link"
              onClick={() =>
                saveFile(`${fileNamePart(controller)}-checkpoint-${newest.size}.txt`, newest.note, 'text/plain')
              }
            >
              {words('saveCheckpoint')}
            </button>
          </p>
        )}
        <Field label={words('seed')} hint={words('seedHint')}>
          {(control) => (
            <input
              {...control}
              required
              pattern={seedForm}
              title={words('seedForm')}
              maxLength={128}
              spellcheck={false}
              class="code"
              value={seed}
              onInput={(event) => setSeed(event.currentTarget.value)}
            />
          )}
        </Field>
        <p>
          <button type="button" class="quiet" onClick={() => setSeed(newSeed())}>
            {words('makeSeed')}
          </button>
        </p>
        <Field label={words('count')} hint={words('countHint', { most: maxSample })}>
          {(control) => (
            <input
              {...control}
              type="number"
              required
              min={1}
              max={Math.min(maxSample, isSaved ? maxSample : newest.size)}
              value={count}
              onInput={(event) => setCount(event.currentTarget.value)}
            />
          )}
        </Field>
        <button type="submit" disabled={work.state === 'running'}>
          {words('draw')}
        </button>
        <p class="aside">{words('isRecorded')}</p>
      </form>
      {work.state === 'failed' && <SampleProblem error={work.error} retry={draw} />}
      <ImportFindings log={log} onAudit={onAudit} />
    </>
  )
}
