/** Exports: events or statuses as files, with a manifest that shows whether a row is missing or was changed. */
import { useCallback, useEffect, useState } from 'preact/hooks'
import type { Export } from '../../../shared/server/wire.ts'
import { DataTable } from '../components/data-table.tsx'
import { Outcome } from '../components/outcome.tsx'
import { useFormats, useWords } from '../shell/language.ts'
import { useSession } from '../shell/ledger.ts'
import { useWork } from '../shell/use-work.ts'
import { allExports } from './all-exports.ts'
import { NewExportForm } from './new-export-form.tsx'
import { OpenedExport } from './opened-export.tsx'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

export function ExportsPage() {
  const words = useWords(english, swedish)
  const { ledger } = useSession()
  const [work, start] = useWork<readonly Export[]>()
  const [opened, setOpened] = useState<string>()
  // The opened export is asked for again and again, and is newer than the list.
  const [latest, setLatest] = useState<Export>()
  const begin = useCallback(() => start(() => allExports(ledger)), [ledger, start])
  useEffect(begin, [begin])
  return (
    <>
      <p class="lead">{words('introduction')}</p>
      {opened !== undefined && (
        <OpenedExport
          key={opened}
          exportId={opened}
          onShown={setLatest}
          onClose={() => {
            setOpened(undefined)
            begin()
          }}
        />
      )}
      <Outcome work={work} retry={begin}>
        {(exports) => (
          <ExportTable
            exports={exports.map((each) => (each.exportId === latest?.exportId ? latest : each))}
            onOpen={setOpened}
          />
        )}
      </Outcome>
      <NewExportForm
        onMade={(exportId) => {
          setOpened(exportId)
          begin()
        }}
      />
    </>
  )
}

interface ExportTableProps {
  readonly exports: readonly Export[]
  readonly onOpen: (exportId: string) => void
}

function ExportTable({ exports, onOpen }: ExportTableProps) {
  const words = useWords(english, swedish)
  const formats = useFormats()
  return (
    <DataTable
      caption={words('exports', { count: exports.length })}
      columns={[words('content'), words('state'), words('rows'), words('asked'), words('actions')]}
      rows={exports.map(({ exportId, what, format, identifiers, state, rows, requestedAt, requestedBy }) => [
        <>
          {words('contentOf', {
            what: words(what === 'events' ? 'events' : 'statuses'),
            format: words(`format-${format}`),
          })}
          <span class="aside line">{words(`identifiers-${identifiers}`)}</span>
        </>,
        words(`state-${state}`),
        formats.number(rows),
        words('askedBy', {
          at: formats.instant(requestedAt),
          by: requestedBy.subject ?? requestedBy.client ?? '–',
        }),
        <button
          key="open"
          type="button"
          class="link"
          aria-label={words('openOf', { at: formats.instant(requestedAt) })}
          onClick={() => onOpen(exportId)}
        >
          {words('open')}
        </button>,
      ])}
      empty={words('noExports')}
    />
  )
}
