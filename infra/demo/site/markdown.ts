/**
 * The policy texts as HTML: as much of Markdown as they use (headings, paragraphs, lists, tables; strong, emphasis, code). Every
 * character of a text is escaped; a text brings no markup of its own.
 */
import { type Html, html, type Piece } from '../../../functions/public/html.ts'

/** `level` is that of the text's own title on the page. */
export function markdown(text: string, level: 2 | 3 = 2): Html {
  return html`${text
    .trim()
    .split(/\n{2,}/)
    .map((block) => blockOf(block, level))}`
}

function blockOf(block: string, level: number): Html {
  const [, marks = '', title = ''] = /^(#+) (.*)$/.exec(block) ?? []
  if (marks !== '') return heading(Math.min(6, level + marks.length - 1), inline(title))
  const lines = block.split('\n')
  if (lines.every((line) => line.startsWith('- ')))
    return html`<ul>${lines.map((line) => html`<li>${inline(line.slice(2))}</li>`)}</ul>`
  if (lines.every((line) => line.startsWith('|'))) return table(lines)
  return html`<p>${inline(lines.join(' '))}</p>`
}

function heading(level: number, title: Piece): Html {
  if (level <= 2) return html`<h2>${title}</h2>`
  if (level === 3) return html`<h3>${title}</h3>`
  return level === 4 ? html`<h4>${title}</h4>` : html`<h5>${title}</h5>`
}

/** Wide tables scroll by themselves, also with the keyboard. */
function table(lines: readonly string[]): Html {
  const cellsOf = (line: string) =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => inline(cell.trim()))
  const [head = '', , ...rows] = lines
  return html`<div class="scrolls" tabindex="0" role="group"><table>
<thead><tr>${cellsOf(head).map((cell) => html`<th scope="col">${cell}</th>`)}</tr></thead>
<tbody>${rows.map((row) => html`<tr>${cellsOf(row).map((cell) => html`<td>${cell}</td>`)}</tr>`)}</tbody>
</table></div>`
}

function inline(text: string): Html {
  const pieces = text.split(/(\*\*[^*]+\*\*|\*[^*]+\*|`[^`]+`)/)
  return html`${pieces.map((piece) => {
    if (/^\*\*.+\*\*$/.test(piece)) return html`<strong>${piece.slice(2, -2)}</strong>`
    if (/^\*.+\*$/.test(piece)) return html`<em>${piece.slice(1, -1)}</em>`
    return /^`.+`$/.test(piece) ? html`<code>${piece.slice(1, -1)}</code>` : piece
  })}`
}
