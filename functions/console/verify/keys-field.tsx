/** Where the reader gives the keys that they trust: pasted, from a file, or fetched from this ledger, which is said to show less. */
import { useState } from 'preact/hooks'
import { Field } from '../components/field.tsx'
import { FileField } from '../components/file-field.tsx'
import { Notice } from '../components/notice.tsx'
import { useWords } from '../shell/language.ts'
import { useWork } from '../shell/use-work.ts'
import type { TrustedKeys } from './found.ts'
import { fetchKeys } from './keys-of-ledger.ts'
import { maxKeysCharacters } from './max-sizes.ts'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

export interface KeysFieldProps {
  readonly keys: TrustedKeys
  readonly error: string | undefined
  readonly onKeys: (keys: TrustedKeys) => void
  /** The controller whose log the reader's file is of; rejects when the file cannot be read. */
  readonly controllerOfFile: () => Promise<string | undefined>
}

export function KeysField({ keys, error, onKeys, controllerOfFile }: KeysFieldProps) {
  const words = useWords(english, swedish)
  const [problem, setProblem] = useState<string>()
  const [fetching, start] = useWork<void>()
  const give = (given: TrustedKeys) => {
    setProblem(undefined)
    onKeys(given)
  }
  const fromLedger = () =>
    start(async () => {
      const controller = await controllerOfFile().catch(() => undefined)
      if (controller === undefined) return setProblem(words('noLogInFile'))
      const answer = await fetchKeys(controller)
      if ('text' in answer) give({ text: answer.text, source: 'ledger' })
      else setProblem(words(answer.problem, { controller }))
    })
  const fromFile = async ([file, ...more]: readonly File[]) => {
    if (file === undefined || more.length > 0) return setProblem(words('oneAtATime'))
    if (file.size > maxKeysCharacters) return setProblem(words('keysTooLarge'))
    const text = await file.text().catch(() => undefined)
    if (text === undefined) setProblem(words('failed', { reason: file.name }))
    else give({ text, source: 'given' })
  }
  return (
    <div class="keys">
      <Field label={words('keys')} hint={words('keysHint')} error={problem ?? error}>
        {(control) => (
          <textarea
            {...control}
            class="keys-text"
            rows={4}
            maxLength={maxKeysCharacters}
            spellcheck={false}
            autocomplete="off"
            value={keys.text}
            onInput={(event) => give({ text: event.currentTarget.value, source: 'given' })}
          />
        )}
      </Field>
      {keys.source === 'ledger' && (
        <Notice kind="warning" title={words('ownKeysTitle')}>
          <p>{words('ownKeys')}</p>
        </Notice>
      )}
      <div class="row top-aligned">
        <FileField
          label={words('keysFile')}
          hint={words('keysFileHint')}
          action={words('chooseFile')}
          onFiles={fromFile}
        />
        <div class="file-field ledger-keys">
          <p class="label">{words('fetchKeys')}</p>
          <p class="hint">{words('fetchKeysNote')}</p>
          <button type="button" class="quiet" disabled={fetching.state === 'running'} onClick={fromLedger}>
            {words('fetchKeysAction')}
          </button>
        </div>
      </div>
    </div>
  )
}
