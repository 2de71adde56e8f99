/** The difference of two texts by lines, with long unchanged parts set apart, so that a reader sees what changed and where. */
import type { TextDifference } from '../../shared/consent/text-difference.ts'

export interface Line {
  readonly isHeading: boolean
  /** Without the marks of a heading. */
  readonly parts: readonly TextDifference[]
}

/** Unchanged lines that are shown before and after a change. */
const context = 1
/** Fewer unchanged lines than this are shown. */
const minFolded = 3

export function changedLines(difference: readonly TextDifference[]): (Line | { readonly folded: readonly Line[] })[] {
  const lines = linesOf(difference)
  const shown: (Line | { readonly folded: readonly Line[] })[] = []
  let unchanged: Line[] = []
  const end = (isLast: boolean) => {
    const first = shown.length === 0 ? 0 : context
    const last = isLast ? 0 : context
    const middle = unchanged.slice(first, unchanged.length - last)
    if (middle.length < minFolded) shown.push(...unchanged)
    else
      shown.push(
        ...unchanged.slice(0, first),
        { folded: middle },
        ...unchanged.slice(unchanged.length - last || unchanged.length),
      )
    unchanged = []
  }
  for (const line of lines) {
    if (line.parts.every(({ kind }) => kind === 'same')) unchanged.push(line)
    else {
      end(false)
      shown.push(line)
    }
  }
  end(true)
  return shown
}

/** Lines without words are left out; what is bold by a heading's marks is marked instead. */
function linesOf(difference: readonly TextDifference[]): Line[] {
  const lines: TextDifference[][] = [[]]
  for (const { kind, text } of difference)
    for (const [i, piece] of text.split('\n').entries()) {
      if (i > 0) lines.push([])
      if (piece !== '') lines.at(-1)?.push({ kind, text: piece })
    }
  return lines.flatMap((parts): Line[] => {
    const [first, ...rest] = parts
    if (first === undefined || parts.every(({ text }) => text.trim() === '')) return []
    const marks = /^#{1,6} /.exec(first.text)?.[0]
    if (marks === undefined) return [{ isHeading: false, parts }]
    const words = first.text.slice(marks.length)
    return [{ isHeading: true, parts: [...(words === '' ? [] : [{ ...first, text: words }]), ...rest] }]
  })
}
