/**
 * A table with a caption. Where it does not fit it scrolls sideways in its own region, so that the page never does; on a phone a table with
 * many columns has one block for each row instead, with the name of the column above each cell. Of thousands of rows it shows the first, and
 * more on a press: a browser takes seconds to lay them all out, on each change of the page anew.
 */
import type { ComponentChildren } from 'preact'
import { useId, useRef, useState } from 'preact/hooks'
import { useWords } from '../shell/language.ts'
import { english } from '../shell/words-en.ts'
import { swedish } from '../shell/words-sv.ts'

export interface DataTableProps {
  readonly caption: string
  readonly columns: readonly string[]
  /** Cells in the order of the columns; the first names the row. */
  readonly rows: readonly (readonly ComponentChildren[])[]
  /** Shown when there is no row. */
  readonly empty: string
  /** Place of the row that the reader looked for: it is marked, and can be given the focus. */
  readonly current?: number
}

/** More columns than this are too narrow to read on a phone. */
const mostOnPhone = 3

const rowsAtOnce = 200

export function DataTable({ caption, columns, rows, empty, current = -1 }: DataTableProps) {
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
        <table class={columns.length > mostOnPhone ? 'stacking' : undefined}>
          <caption id={id}>{caption}</caption>
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column} scope="col">
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, shown).map(([first, ...others], index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity of their own and are replaced as a whole
              <tr key={index} {...(index === current && { 'aria-current': true as const, tabIndex: -1 })}>
                <th scope="row">{first}</th>
                {others.map((cell, column) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: the column is the identity of a cell
                  <td key={column} data-column={columns[column + 1]}>
                    {cell}
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
