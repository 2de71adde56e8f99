/**
 * A table with a caption. In a narrow window a table of many columns becomes a list: each row a block, each cell with the name of its column.
 * One of few columns scrolls sideways in its own region where it does not fit, so that the page never does. Of thousands of rows it shows the
 * first, and more on a press: a browser takes seconds to lay them all out, on each change of the page anew.
 */
import type { ComponentChildren } from 'preact'
import { useId, useRef, useState } from 'preact/hooks'
import { useWords } from '../shell/language.ts'
import { english } from '../shell/words-en.ts'
import { swedish } from '../shell/words-sv.ts'

export interface DataTableProps {
  readonly caption: string
  readonly columns: readonly string[]
  /** Cells in the order of the columns; the first names the row. `undefined`: nothing to say, which is a dash. */
  readonly rows: readonly (readonly ComponentChildren[])[]
  /** Shown when there is no row. */
  readonly empty: string
  /** Place of the row that the reader looked for: it is marked, and can be given the focus. */
  readonly current?: number
  /** Rows that are shown at first, and that each press adds. */
  readonly rowsAtOnce?: number
}

/** More columns than these do not fit in the width of a phone. */
const mostColumns = 3

/** Stated, because browsers take the role of a part of a table from an element that is laid out as a block. */
const roles = {
  table: 'table',
  rows: 'rowgroup',
  row: 'row',
  column: 'columnheader',
  first: 'rowheader',
  cell: 'cell',
} as const

export function DataTable({ caption, columns, rows, empty, current = -1, rowsAtOnce = 200 }: DataTableProps) {
  const words = useWords(english, swedish)
  const id = useId()
  const region = useRef<HTMLElement>(null)
  const [wanted, setWanted] = useState(rowsAtOnce)
  if (rows.length === 0) return <p class="empty">{empty}</p>
  const shown = Math.max(wanted, current + 1)
  const more = Math.min(rowsAtOnce, rows.length - shown)
  const showMore = () => {
    setWanted(shown + rowsAtOnce)
    // The button goes with the last rows, and the focus stays at the table.
    if (shown + more >= rows.length) region.current?.focus()
  }
  return (
    <>
      {/* The region can be scrolled with the keyboard, so it takes the focus. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region has to be reachable by keyboard (WCAG 2.1.1) */}
      <section ref={region} class="scroll" aria-labelledby={id} tabIndex={0}>
        <table class={columns.length > mostColumns ? 'stacks' : ''} role={roles.table}>
          <caption id={id}>{caption}</caption>
          <thead role={roles.rows}>
            <tr role={roles.row}>
              {columns.map((column) => (
                <th key={column} scope="col" role={roles.column}>
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody role={roles.rows}>
            {rows.slice(0, shown).map(([first, ...others], index) => (
              <tr
                // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity of their own and are replaced as a whole
                key={index}
                role={roles.row}
                {...(index === current && { 'aria-current': true as const, tabIndex: -1 })}
              >
                <th scope="row" role={roles.first}>
                  {first}
                </th>
                {others.map((cell, column) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: the column is the identity of a cell
                  <td key={column} role={roles.cell} data-column={columns[column + 1]} data-empty={cell === undefined}>
                    {cell ?? '–'}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {more > 0 && (
        <p>
          <button type="button" class="quiet" onClick={showMore}>
            {words('moreRows', { count: more, all: rows.length })}
          </button>
        </p>
      )}
    </>
  )
}
