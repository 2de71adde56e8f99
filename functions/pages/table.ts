/**
 * A table that fits its place: in a narrow one each row is a block, with the column's name before each cell (styles/details.css). Roles are
 * explicit because browsers drop table semantics when CSS changes the layout.
 */
import { type Child, element } from './element.ts'

/** Where a name such as `lj_prefs_app` or `px.vindflojel.example` may be broken. Other words stay whole wherever the table has room. */
const breaks = /(?<=[\p{L}\p{N}][_\-./@:])(?=[\p{L}\p{N}])/u

/** Leaves out columns without any content. */
export function table(
  caption: string | undefined,
  columns: readonly string[],
  rows: readonly (readonly Child[])[],
): HTMLElement {
  const kept = columns.map((_, i) => i).filter((i) => rows.some((row) => row[i]))
  const made = element(
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
          kept.map((i) => element('td', { role: 'cell', 'data-column': columns[i] ?? '' }, breakable(row[i] || '–'))),
        ),
      ),
    ),
  )
  return element('div', { class: 'fits' }, made)
}

/** One element, because the cell of a narrow table is a grid. */
function breakable(child: Child): Child {
  if (typeof child !== 'string') return child
  const parts = child.split(breaks)
  return parts.length === 1
    ? child
    : element(
        'span',
        {},
        parts.flatMap((part, i) => (i === 0 ? part : [element('wbr'), part])),
      )
}
