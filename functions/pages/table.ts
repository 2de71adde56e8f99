/**
 * A table that fits a phone: on narrow screens each row is a block, with the column's name before each cell (styles/details.css). Roles are
 * explicit because browsers drop table semantics when CSS changes the layout.
 */
import { type Child, element } from './element.ts'

/** Leaves out columns without any content. */
export function table(
  caption: string | undefined,
  columns: readonly string[],
  rows: readonly (readonly Child[])[],
): HTMLTableElement {
  const kept = columns.map((_, i) => i).filter((i) => rows.some((row) => row[i]))
  return element(
    'table',
    { role: 'table' },
    caption !== undefined && element('caption', {}, caption),
    element(
      'thead',
      { role: 'rowgroup' },
      element(
        'tr',
        { role: 'row' },
        kept.map((i) => element('th', { scope: 'col', role: 'columnheader' }, columns[i] ?? '')),
      ),
    ),
    element(
      'tbody',
      { role: 'rowgroup' },
      rows.map((row) =>
        element(
          'tr',
          { role: 'row' },
          kept.map((i) => element('td', { role: 'cell', 'data-column': columns[i] ?? '' }, row[i] || '–')),
        ),
      ),
    ),
  )
}
