/** Files that an import waits for: each is sent from here to the address that the import has for it. */
import { useState } from 'preact/hooks'
import type { Import } from '../../../shared/server/wire.ts'
import { FileField } from '../components/file-field.tsx'
import { Problem } from '../components/problem.tsx'
import { useFormats, useWords } from '../shell/language.ts'
import { useSession } from '../shell/ledger.ts'
import { useWork } from '../shell/use-work.ts'
import { uploadFile } from './upload-file.ts'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

export interface MissingFilesProps {
  readonly shown: Import
  readonly onChanged: (answer: Import) => void
}

export function MissingFiles({ shown, onChanged }: MissingFilesProps) {
  const words = useWords(english, swedish)
  const formats = useFormats()
  const { ledger } = useSession()
  const [sent, setSent] = useState(0)
  const [wrong, setWrong] = useState<string>()
  const [work, start] = useWork<void>()
  const missing = shown.files.filter(({ upload }) => upload)
  if (missing.length === 0) return <p>{words('allThere')}</p>
  const total = missing.reduce((sum, { bytes }) => sum + bytes, 0)
  const take = (files: readonly File[]) => {
    const known = files.flatMap((file) => {
      const wanted = missing.find(({ name, bytes }) => name === file.name && bytes === file.size)
      return wanted?.upload ? [{ file, url: wanted.upload.url }] : []
    })
    setWrong(known.length < files.length ? words('otherFile') : undefined)
    if (known.length === 0) return
    start(async () => {
      let before = 0
      for (const { file, url } of known) {
        const done = before
        await uploadFile(url, file, (bytes) => setSent(done + bytes))
        before += file.size
      }
      setSent(0)
      onChanged(await ledger.getImport(shown.importId))
    })
  }
  return (
    <>
      <ul>
        {missing.map(({ name, bytes }) => (
          <li key={name}>
            <bdi>{name}</bdi>, {formats.bytes(bytes)}
          </li>
        ))}
      </ul>
      {work.state === 'running' ? (
        <p class="progress">
          <label for="upload-progress">{words('sending')}</label>
          <progress id="upload-progress" max={total} value={sent} />
          <span>{words('percent', { percent: Math.floor((sent / total) * 100) })}</span>
        </p>
      ) : (
        <FileField
          {...{ label: words('missingFiles'), hint: words('missingHint'), action: words('chooseFile'), several: true }}
          error={wrong}
          onFiles={take}
        />
      )}
      {work.state === 'failed' && <Problem error={work.error} />}
    </>
  )
}
