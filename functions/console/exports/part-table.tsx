/** The files of an export, page by page, each with its rows, size and hash. */
import { useState } from 'preact/hooks'
import type { Export } from '../../../shared/server/wire.ts'
import { DataTable } from '../components/data-table.tsx'
import { Problem } from '../components/problem.tsx'
import { useFormats, useWords } from '../shell/language.ts'
import { useSession } from '../shell/ledger.ts'
import { useWork } from '../shell/use-work.ts'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

type Part = NonNullable<Export['parts']>[number]

interface Later {
  readonly parts: readonly Part[]
  readonly nextPart?: string | undefined
}

export function PartTable({ shown }: { readonly shown: Export }) {
  const words = useWords(english, swedish)
  const formats = useFormats()
  const { ledger } = useSession()
  const [later, setLater] = useState<Later>()
  const [work, start] = useWork<void>()
  const parts = [...(shown.parts ?? []), ...(later?.parts ?? [])]
  const next = later === undefined ? shown.nextPart : later.nextPart
  const more = (afterPart: string) =>
    start(async () => {
      const page = await ledger.getExport(shown.exportId, { afterPart })
      setLater({ parts: [...(later?.parts ?? []), ...(page.parts ?? [])], nextPart: page.nextPart })
    })
  return (
    <>
      <DataTable
        caption={words('parts', { count: parts.length })}
        columns={[words('file'), words('rows'), words('size'), words('hash')]}
        rows={parts.map(({ name, rows, bytes, sha256, download }) => [
          download ? (
            <a key="file" href={download.url} download={name.split('/').at(-1)}>
              {name}
            </a>
          ) : (
            name
          ),
          formats.number(rows),
          formats.bytes(bytes),
          <code key="hash">{sha256}</code>,
        ])}
        empty=""
      />
      {next !== undefined && (
        <p>
          <button type="button" class="quiet" disabled={work.state === 'running'} onClick={() => more(next)}>
            {words('moreParts')}
          </button>
        </p>
      )}
      {work.state === 'failed' && <Problem error={work.error} />}
    </>
  )
}
