/** Two charts about one topic, each with a table of the same numbers and a file of it: day by day, and by how people were asked. */
import { useMemo } from 'preact/hooks'
import { DataTable } from '../components/data-table.tsx'
import { csvOf } from '../files/csv.ts'
import { fileNamePart, saveFile } from '../files/save-file.ts'
import { useFormats, useWords } from '../shell/language.ts'
import { useSession } from '../shell/ledger.ts'
import { BarChart } from './bar-chart.tsx'
import { everyDay, measures, type Overview, type Row, topicOfRow } from './overview-data.ts'
import { english } from './words-en.ts'
import { swedish } from './words-sv.ts'

interface Line {
  readonly label: string
  readonly row: Row
}

export function StatisticsView({ overview, topic }: { readonly overview: Overview; readonly topic: string }) {
  const words = useWords(english, swedish)
  const formats = useFormats()
  const days = useMemo(
    () => everyDay(overview, topic).map((row) => ({ label: formats.day(`${row.day}T12:00:00Z`), row })),
    [overview, topic, formats],
  )
  const compared = useMemo(
    () =>
      overview.compared
        .filter((row) => topicOfRow(row) === topic)
        .map((row) => ({ label: row[overview.by] ?? words('other'), row })),
    [overview, topic, words],
  )
  return (
    <>
      <Section id="by-day" title={words('byDay')} first={words('day')} lines={days} newestFirst />
      <Section id="compared" title={words(`by-${overview.by}`)} first={words(overview.by)} lines={compared} />
    </>
  )
}

function Section(props: {
  readonly id: string
  readonly title: string
  readonly first: string
  readonly lines: readonly Line[]
  readonly newestFirst?: boolean
}) {
  const { id, title, first, lines, newestFirst = false } = props
  const words = useWords(english, swedish)
  const formats = useFormats()
  const { controller } = useSession()
  const columns = [first, ...measures.map((measure) => words(measure)), words('withheld')]
  const bars = useMemo(
    () => lines.map(({ label, row }) => ({ label, given: row.given, refused: row.refused })),
    [lines],
  )
  const left = (row: Row) => row.withheld?.map((measure) => words(measure)).join(', ')
  const save = () => {
    const rows = lines.map(({ label, row }) => [
      row.day ?? label,
      ...measures.map((measure) => row[measure]),
      left(row),
    ])
    saveFile(`${fileNamePart(controller)}-statistics-${id}.csv`, csvOf(columns, rows), 'text/csv')
  }
  const shown = newestFirst ? lines.toReversed() : lines
  const sum = (measure: 'given' | 'refused') => lines.reduce((total, { row }) => total + row[measure], 0)
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      <p class="sentence">{words('sumIs', { given: sum('given'), refused: sum('refused') })}</p>
      <div class="growth">
        <BarChart
          name={words('chartIs', { count: lines.length, given: sum('given'), refused: sum('refused') })}
          bars={bars}
        />
        <DataTable
          caption={title}
          columns={columns}
          rows={shown.map(({ label, row }) => [
            label,
            ...measures.map((measure) => formats.number(row[measure])),
            left(row),
          ])}
          empty={words('noRows')}
        />
      </div>
      <p>
        <button type="button" class="quiet" onClick={save} aria-label={words('saveNamed', { title })}>
          {words('saveTable')}
        </button>
      </p>
    </section>
  )
}
