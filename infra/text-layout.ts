/** Tables as plain text and as Markdown, and wrapped lines. Columns of numbers are aligned to the right; colours take no room. */
import { stripVTControlCharacters } from 'node:util'

type Rows = readonly (readonly string[])[]

/** Lines with two spaces between columns. */
export function textTable(head: readonly string[], rows: Rows): string {
  return alignColumns([head, ...rows], (i) => isNumeric(rows, i))
    .map((cells) => cells.join('  ').trimEnd())
    .join('\n')
}

export function markdownTable(head: readonly string[], rows: Rows): string {
  const [first = [], ...others] = alignColumns([head, ...rows], (i) => isNumeric(rows, i))
  const rule = first.map((cell, i) => `${'-'.repeat(cell.length + 1)}${isNumeric(rows, i) ? ':' : '-'}`)
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(first), `|${rule.join('|')}|`, ...others.map(line)].join('\n')
}

/** Pads each cell to the width of the widest one of its column. */
export function alignColumns(rows: Rows, isRight: (column: number) => boolean = () => false): string[][] {
  const columns = Math.max(0, ...rows.map((row) => row.length))
  const widths = Array.from({ length: columns }, (_, i) => Math.max(...rows.map((row) => textWidth(row[i] ?? ''))))
  return rows.map((row) =>
    widths.map((width, i) => {
      const cell = row[i] ?? ''
      const padding = ' '.repeat(width - textWidth(cell))
      return isRight(i) ? padding + cell : cell + padding
    }),
  )
}

/** Lines of at most `columns`, broken at spaces; a line that fits keeps its spaces. */
export function wrapText(text: string, columns: number): string[] {
  if (textWidth(text) <= columns) return [text]
  const lines: string[] = []
  for (const word of text.split(' ').filter(Boolean)) {
    const longer = `${lines.at(-1)} ${word}`
    if (lines.length > 0 && textWidth(longer) <= columns) lines[lines.length - 1] = longer
    else lines.push(word)
  }
  return lines
}

/** Characters as they show. */
export function textWidth(text: string): number {
  return stripVTControlCharacters(text).length
}

function isNumeric(rows: Rows, column: number): boolean {
  return rows.every((row) => /^[\d.]*$/.test(row[column] ?? ''))
}
