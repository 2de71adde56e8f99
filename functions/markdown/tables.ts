/**
 * A table of a text. It scrolls by itself where it is wider than the page, also with the keyboard, and is named after its columns. Where the
 * first column has no title, its cells are the titles of the rows.
 */
import type { Table, TableCell } from 'mdast'
import { wordsOf } from './headings.ts'
import { type MarkdownElement, type MarkdownNode, made } from './node.ts'

export function tableElement(
  { children: rows, align = [] }: Table,
  content: (cell: TableCell) => readonly MarkdownNode[],
): MarkdownElement {
  const [head, ...body] = rows
  const titles = head?.children ?? []
  const names = titles.map((cell) => wordsOf(cell).trim())
  const hasRowTitles = names.length > 1 && names[0] === ''
  const aligned = (column: number) => {
    const side = align?.[column]
    return side === 'right' || side === 'center' ? { class: side } : {}
  }
  const titleCells = titles.map((cell, column) =>
    names[column] === ''
      ? made('td', aligned(column))
      : made('th', { scope: 'col', ...aligned(column) }, content(cell)),
  )
  const bodyRows = body.map(({ children: cells }) =>
    made(
      'tr',
      {},
      // A short row stays short: cells that nobody wrote could be a hundred times as long as the text.
      cells.slice(0, titles.length).map((cell, column) => {
        const words = content(cell)
        if (column === 0 && hasRowTitles) return made('th', { scope: 'row', ...aligned(column) }, words)
        return made('td', aligned(column), words)
      }),
    ),
  )
  return made(
    'div',
    { class: 'scrolls', role: 'group', tabindex: '0', 'aria-label': names.filter(Boolean).join(', ') || '–' },
    made(
      'table',
      {},
      made('thead', {}, made('tr', {}, titleCells)),
      bodyRows.length > 0 ? made('tbody', {}, bodyRows) : [],
    ),
  )
}
