/** Asks for an export. It is a read: it is recorded who asked, before anything is exported. */
import { useState } from 'preact/hooks'
import { Problem } from '../components/problem.tsx'
import { useWords } from '../shell/language.ts'
import { useSession } from '../shell/ledger.ts'
import { useWork } from '../shell/use-work.ts'
import { draftOf, type ExportFields, emptyFields } from './export-fields.ts'
import { FileFields } from './file-fields.tsx'
import { FilterFields } from './filter-fields.tsx'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

export function NewExportForm({ onMade }: { readonly onMade: (exportId: string) => void }) {
  const words = useWords(english, swedish)
  const { ledger } = useSession()
  const [fields, setFields] = useState<ExportFields>(emptyFields)
  // Kept for another attempt, so that an attempt without an answer asks for one export only.
  const [exportId, setExportId] = useState<string>(() => crypto.randomUUID())
  const [work, start] = useWork<void>()
  const set = (changed: Partial<ExportFields>) => setFields({ ...fields, ...changed })
  const submit = (event: Event) => {
    event.preventDefault()
    start(async () => {
      await ledger.makeExport(draftOf(fields, exportId))
      onMade(exportId)
      setExportId(crypto.randomUUID())
    })
  }
  return (
    <form class="card" autocomplete="off" onSubmit={submit}>
      <h2>{words('newExport')}</h2>
      <fieldset>
        <legend>{words('content')}</legend>
        {(['statuses', 'events'] as const).map((each) => (
          <label key={each} class="choice">
            <input type="radio" name="what" checked={fields.what === each} onChange={() => set({ what: each })} />
            {words(`what-${each}`)}
          </label>
        ))}
      </fieldset>
      <FilterFields fields={fields} onChange={set} />
      <FileFields fields={fields} onChange={set} />
      <p class="aside">{words('isRecorded')}</p>
      <button type="submit" disabled={work.state === 'running'}>
        {words('make')}
      </button>
      {work.state === 'failed' && <Problem error={work.error} />}
    </form>
  )
}
