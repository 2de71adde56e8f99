/** Asks for an import, sends its files, and tries it: nothing is recorded before the reader has seen what would be. */
import { useState } from 'preact/hooks'
import { FileField } from '../components/file-field.tsx'
import { Problem } from '../components/problem.tsx'
import { useFormats, useWords } from '../shell/language.ts'
import { useSession } from '../shell/ledger.ts'
import { useWork } from '../shell/use-work.ts'
import {
  draftOf,
  emptyFields,
  type ImportFields,
  isSystem,
  readMapping,
  readPurposes,
  readVersions,
} from './import-fields.ts'
import { SourceFields } from './source-fields.tsx'
import { uploadFile } from './upload-file.ts'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

export function NewImportForm({ onMade }: { readonly onMade: (importId: string) => void }) {
  const words = useWords(english, swedish)
  const formats = useFormats()
  const { ledger } = useSession()
  const [fields, setFields] = useState<ImportFields>(emptyFields)
  const [files, setFiles] = useState<readonly File[]>([])
  // Kept for another attempt, so that an attempt without an answer asks for one import only.
  const [importId, setImportId] = useState<string>(() => crypto.randomUUID())
  const [isTried, setIsTried] = useState(false)
  const [sent, setSent] = useState(0)
  const [work, start] = useWork<void>()
  const total = files.reduce((sum, { size }) => sum + size, 0)
  const { faulty } = readPurposes(fields.purposes)
  const { faulty: faultyVersion } = readVersions(fields.policyId === '' ? '' : fields.versions)
  const faults = {
    system: isSystem(fields.system) ? undefined : words('needsSystem'),
    site: /^[a-z0-9-]{1,40}$/.test(fields.site) ? undefined : words('needsSite'),
    purposes: faulty === undefined ? undefined : words('faultyLine', { line: faulty }),
    versions: faultyVersion === undefined ? undefined : words('faultyLine', { line: faultyVersion }),
    mapping: fields.format !== 'mapping' || readMapping(fields.mapping) ? undefined : words('faultyMapping'),
    files: files.length > 0 ? undefined : words('needsFiles'),
  }
  const add = (more: readonly File[]) =>
    setFiles([...files.filter(({ name }) => !more.some((each) => each.name === name)), ...more])
  const submit = (event: Event) => {
    event.preventDefault()
    setIsTried(true)
    if (Object.values(faults).some((fault) => fault !== undefined)) return
    start(async () => {
      const { files: asked } = await ledger.makeImport(draftOf(fields, importId, files))
      let before = 0
      for (const file of files) {
        const done = before
        const url = asked.find(({ name }) => name === file.name)?.upload?.url
        if (url !== undefined) await uploadFile(url, file, (bytes) => setSent(done + bytes))
        before += file.size
      }
      await ledger.startImport(importId, { dryRun: true })
      onMade(importId)
      setImportId(crypto.randomUUID())
      setFields(emptyFields)
      setFiles([])
      setSent(0)
      setIsTried(false)
    })
  }
  return (
    <form class="card" autocomplete="off" noValidate onSubmit={submit}>
      <h2>{words('newImport')}</h2>
      <SourceFields
        fields={fields}
        faults={isTried ? faults : {}}
        onChange={(changed) => setFields({ ...fields, ...changed })}
      />
      <FileField
        {...{ label: words('files'), hint: words('filesHint'), action: words('chooseFile'), several: true }}
        error={isTried ? faults.files : undefined}
        onFiles={add}
      />
      {files.length > 0 && (
        <ul>
          {files.map((file) => (
            <li key={file.name}>
              <bdi>{file.name}</bdi>, {formats.bytes(file.size)}{' '}
              <button
                type="button"
                class="link"
                aria-label={words('removeFile', { name: file.name })}
                onClick={() => setFiles(files.filter((each) => each !== file))}
              >
                {words('remove')}
              </button>
            </li>
          ))}
        </ul>
      )}
      <label class="choice">
        <input
          type="checkbox"
          checked={fields.notify}
          onChange={() => setFields({ ...fields, notify: !fields.notify })}
        />
        {words('notifyToo')}
      </label>
      {work.state === 'running' ? (
        <p class="progress">
          <label for="sent">{words('sending')}</label>
          <progress id="sent" max={Math.max(1, total)} value={sent} />
        </p>
      ) : (
        <button type="submit">{words('try')}</button>
      )}
      {work.state === 'failed' && <Problem error={work.error} />}
    </form>
  )
}
