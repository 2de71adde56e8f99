/** Tables and facts of the public pages. */
import { type Html, html, type Piece } from './html.ts'

/** A table that becomes a list of rows on a narrow page. Roles are explicit, because browsers drop them with the layout. */
export function table(columns: readonly string[], rows: readonly (readonly Piece[])[]): Html {
  const kept = columns.map((_, i) => i).filter((i) => rows.some((row) => isFilled(row[i])))
  return html`<table role="table" class="rows">
<thead role="rowgroup"><tr role="row">${kept.map((i) => html`<th scope="col" role="columnheader">${columns[i]}</th>`)}</tr></thead>
<tbody role="rowgroup">${rows.map(
    (row) =>
      html`<tr role="row">${kept.map(
        (i) => html`<td role="cell" data-column="${columns[i]}"><div>${isFilled(row[i]) ? row[i] : '–'}</div></td>`,
      )}</tr>
`,
  )}</tbody>
</table>`
}

function isFilled(piece: Piece): boolean {
  return piece !== undefined && piece !== false && piece !== '' && !(Array.isArray(piece) && piece.length === 0)
}

/** Terms and what is said of each; without what is not said. */
export function facts(rows: readonly (readonly [term: string, said: Piece])[]): Html {
  const said = rows.filter(([, piece]) => isFilled(piece))
  return html`<dl class="facts">${said.map(([term, piece]) => html`<div><dt>${term}</dt><dd>${piece}</dd></div>`)}</dl>`
}
