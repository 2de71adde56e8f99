/** The file and the keys, and what was found. A result belongs to what was given, so it goes when either changes. */
import { useEffect, useRef, useState } from 'preact/hooks'
import { FileField } from '../components/file-field.tsx'
import { Notice } from '../components/notice.tsx'
import { useFormats, useWords } from '../shell/language.ts'
import { useWork } from '../shell/use-work.ts'
import { kindWords } from './file-facts.tsx'
import { FileFound } from './file-found.tsx'
import type { Examined, TrustedKeys } from './found.ts'
import { takeHandedOver } from './handed-over.ts'
import { KeysField } from './keys-field.tsx'
import { maxFileBytes } from './max-sizes.ts'
import { SampleFound } from './sample-found.tsx'
import { useDroppedFiles } from './use-dropped-files.ts'
import { useSentence } from './use-sentence.ts'
import { Stopped, type Verifier } from './verifier.ts'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

export function VerifyForm({ verifier }: { readonly verifier: Verifier }) {
  const words = useWords(english, swedish)
  const formats = useFormats()
  const sentenceOf = useSentence()
  const [file, setFile] = useState<File | undefined>(takeHandedOver)
  const [keys, setKeys] = useState<TrustedKeys>({ text: '', source: 'given' })
  const [fileError, setFileError] = useState<string>()
  const [keysError, setKeysError] = useState<string>()
  const [work, start] = useWork<Examined>()

  const give = ([given, ...more]: readonly File[]) => {
    if (given === undefined || more.length > 0) return setFileError(words('oneAtATime'))
    setFile(given)
    const sizes = { size: formats.bytes(given.size), limit: maxFileBytes / 2 ** 20 }
    setFileError(given.size > maxFileBytes ? words('tooLarge', sizes) : undefined)
  }
  useDroppedFiles(give)

  const verify = (event: Event) => {
    event.preventDefault()
    const isTooLarge = file !== undefined && file.size > maxFileBytes
    if (file === undefined) setFileError(words('noFile'))
    if (keys.text.trim() === '') setKeysError(words('noKeys'))
    if (file === undefined || isTooLarge || keys.text.trim() === '') return
    start(async () => {
      const now = new Date().toISOString()
      const found = await verifier.examine({ file, keys: keys.text, now })
      if (found.kind === 'keys-refused') setKeysError(words('keysRefused', { reason: sentenceOf(found.reason) }))
      return { file, keys, verifiedAt: now, found }
    })
  }

  const isRunning = work.state === 'running'
  const examined =
    work.state === 'done' && work.value.file === file && work.value.keys === keys ? work.value : undefined
  return (
    <>
      <form class="card" onSubmit={verify} noValidate>
        <p>{words('ready')}</p>
        <FileField
          label={words('file')}
          hint={words('fileHint', { limit: maxFileBytes / 2 ** 20 })}
          action={words('chooseFile')}
          chosen={file}
          error={fileError}
          onFiles={give}
        />
        <KeysField
          keys={keys}
          error={keysError}
          onKeys={(given) => {
            setKeys(given)
            setKeysError(undefined)
          }}
          controllerOfFile={async () => file && verifier.controllerOf(file)}
        />
        <div class="next">
          <button type="submit" disabled={isRunning}>
            {words('verify')}
          </button>
          {isRunning && (
            <button type="button" class="quiet" onClick={verifier.stop}>
              {words('stop')}
            </button>
          )}
        </div>
      </form>
      <p class="busy" role="status">
        {isRunning && words('verifying')}
      </p>
      {work.state === 'failed' && (
        <Notice kind={work.error instanceof Stopped ? 'info' : 'bad'}>
          <p>{work.error instanceof Stopped ? words('stopped') : words('failed', { reason: String(work.error) })}</p>
        </Notice>
      )}
      {examined && examined.found.kind !== 'keys-refused' && <Result key={examined.verifiedAt} examined={examined} />}
    </>
  )
}

/** The focus goes to its heading, so that a keyboard or a screen reader goes on from there. */
function Result({ examined }: { readonly examined: Examined }) {
  const words = useWords(english, swedish)
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])
  const { found } = examined
  if (found.kind === 'keys-refused') return null
  const kind = found.kind === 'sample' ? 'consent-sample@1' : found.verification.kind
  return (
    <section class="found">
      <h2 ref={heading} tabIndex={-1}>
        {words('resultOf', { kind: kindWords(words, kind) })}
      </h2>
      {found.kind === 'sample' ? (
        <SampleFound examined={examined} sha256={found.sha256} sample={found.sample} />
      ) : (
        <FileFound examined={examined} sha256={found.sha256} verification={found.verification} proof={found.proof} />
      )}
    </section>
  )
}
