/** Offers the numbers of a chart as a file for spreadsheets. Made from what is shown, so it has what the page has and nothing more. */
import type { CsvCell } from '../../../shared/csv.ts'
import { csvOf } from '../files/csv.ts'
import { fileNamePart, saveFile } from '../files/save-file.ts'
import { useWords } from '../shell/language.ts'
import { useSession } from '../shell/ledger.ts'
import type { Period } from './period.ts'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

export interface SaveRowsProps {
  /** What the file is about, for its name: ids and words of the API. */
  readonly about: readonly string[]
  readonly period?: Period
  /** Title of the chart, for those who hear the button alone. */
  readonly title: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly CsvCell[])[]
}

export function SaveRows({ about, period, title, columns, rows }: SaveRowsProps) {
  const words = useWords(english, swedish)
  const { controller } = useSession()
  const days = period ? [period.from, period.to] : []
  const name = [controller, 'statistics', ...about, ...days].map(fileNamePart).join('-')
  return (
    <p>
      <button
        type="button"
        class="quiet"
        aria-label={words('saveNamed', { title })}
        onClick={() => saveFile(`${name}.csv`, csvOf(columns, rows), 'text/csv')}
      >
        {words('save')}
      </button>
    </p>
  )
}
