/** Imports: what another tool recorded is brought in. Each is tried first, and shows what it would record and what it would reject. */
import { useCallback, useEffect, useState } from 'preact/hooks'
import { DataTable } from '../components/data-table.tsx'
import { Outcome } from '../components/outcome.tsx'
import { useFormats, useWords } from '../shell/language.ts'
import { useSession } from '../shell/ledger.ts'
import { useWork } from '../shell/use-work.ts'
import { allImports, type ListedImport } from './all-imports.ts'
import { NewImportForm } from './new-import-form.tsx'
import { OpenedImport } from './opened-import.tsx'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

export function ImportsPage() {
  const words = useWords(english, swedish)
  const { ledger } = useSession()
  const [work, start] = useWork<readonly ListedImport[]>()
  const [opened, setOpened] = useState<string>()
  // The opened import is asked for again and again, and is newer than the list.
  const [latest, setLatest] = useState<ListedImport>()
  const begin = useCallback(() => start(() => allImports(ledger)), [ledger, start])
  useEffect(begin, [begin])
  return (
    <>
      <p class="lead">{words('introduction')}</p>
      {opened !== undefined && (
        <OpenedImport
          key={opened}
          importId={opened}
          onShown={setLatest}
          onClose={() => {
            setOpened(undefined)
            begin()
          }}
        />
      )}
      <Outcome work={work} retry={begin}>
        {(imports) => (
          <ImportTable
            imports={imports.map((each) => (each.importId === latest?.importId ? latest : each))}
            onOpen={setOpened}
          />
        )}
      </Outcome>
      <NewImportForm
        onMade={(importId) => {
          setOpened(importId)
          begin()
        }}
      />
    </>
  )
}

interface ImportTableProps {
  readonly imports: readonly ListedImport[]
  readonly onOpen: (importId: string) => void
}

function ImportTable({ imports, onOpen }: ImportTableProps) {
  const words = useWords(english, swedish)
  const formats = useFormats()
  return (
    <DataTable
      caption={words('imports', { count: imports.length })}
      columns={[words('tool'), words('state'), words('records'), words('asked'), words('actions')]}
      rows={imports.map(({ importId, system, site, format, state, dryRun, counters, requestedAt, requestedBy }) => [
        <>
          {system}
          <span class="aside line">{words('intoSite', { format: words(`format-${format}`), site })}</span>
        </>,
        words(`state-${state}`),
        counters.records === 0 ? undefined : (
          <>
            {words(dryRun ? 'wouldAccept' : 'accepted', { count: counters.accepted })}
            {counters.rejected > 0 && <span class="aside line">{words('rejected', { count: counters.rejected })}</span>}
          </>
        ),
        words('askedBy', {
          at: formats.instant(requestedAt),
          by: requestedBy.subject ?? requestedBy.client ?? '–',
        }),
        <button
          key="open"
          type="button"
          class="link"
          aria-label={words('openOf', { system, at: formats.instant(requestedAt) })}
          onClick={() => onOpen(importId)}
        >
          {words('open')}
        </button>,
      ])}
      empty={words('noImports')}
    />
  )
}
