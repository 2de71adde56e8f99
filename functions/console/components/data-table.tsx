/** A table with a caption that scrolls sideways in its own region where it does not fit, so that the page never does. */
import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'

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

export function DataTable({ caption, columns, rows, empty, current }: DataTableProps) {
  const id = useId()
  if (rows.length === 0) return <p class="empty">{empty}</p>
  return (
    // The region can be scrolled with the keyboard, so it takes the focus.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region has to be reachable by keyboard (WCAG 2.1.1)
    <section class="scroll" aria-labelledby={id} tabIndex={0}>
      <table>
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
          {rows.map(([first, ...others], index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity of their own and are replaced as a whole
            <tr key={index} {...(index === current && { 'aria-current': true as const, tabIndex: -1 })}>
              <th scope="row">{first}</th>
              {others.map((cell, column) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: the column is the identity of a cell
                <td key={column}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
