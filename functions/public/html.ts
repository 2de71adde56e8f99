/** A template tag for HTML: inserted values are escaped, unless they are `Html` already. */
import { escapeHtml } from '../../shared/consent/escape-html.ts'

export class Html {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

/** `undefined` and `false` are written as nothing; a list is written as its members in order. */
export type Piece = Html | string | number | false | undefined | readonly Piece[]

export function html(strings: TemplateStringsArray, ...pieces: readonly Piece[]): Html {
  return new Html(strings.reduce((text, string, i) => text + written(pieces[i - 1]) + string))
}

function written(piece: Piece): string {
  if (piece instanceof Html) return piece.text
  if (Array.isArray(piece)) return piece.map(written).join('')
  return piece === undefined || piece === false ? '' : escapeHtml(String(piece))
}
