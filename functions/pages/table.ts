/**
 * A table that a phone can show: there each row is a block, with the column's name before each cell (styles/details.css). The roles are said
 * because browsers take them away from a table that is laid out otherwise.
 */
import { type Child, element } from './element.ts'

/** A column in which nothing stands is left out. The page names a table that has no caption by what stands before it. */
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
