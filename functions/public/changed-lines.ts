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
/** A line that kept less than this share of its characters is shown as one that went and one that came: word by word nobody could read it. */
const leastKept = 1 / 3

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

/** Lines without words are left out; what is a heading by its marks is marked as one. Other marks are left out or replaced by words' own. */
function linesOf(difference: readonly TextDifference[]): Line[] {
  const lines: TextDifference[][] = [[]]
  for (const { kind, text } of difference)
    for (const [i, piece] of text.split('\n').entries()) {
      if (i > 0) lines.push([])
      if (piece !== '') lines.at(-1)?.push({ kind, text: piece })
    }
  return lines.flatMap((parts): Line[] => {
    const whole = parts.map(({ text }) => text).join('')
    if (notWords.test(whole)) return []
    const isRow = whole.trimStart().startsWith('|')
    const marks = /^#{1,6} /.exec(whole)?.[0] ?? ''
    const shown = parts.map(({ kind, text }, i) => ({
      kind,
      text: withoutMarks(i === 0 && text.startsWith(marks) ? text.slice(marks.length) : text, isRow),
    }))
    return [{ isHeading: marks !== '', parts: readable(shown.filter(({ text }) => text !== '')) }]
  })
}

function readable(parts: readonly TextDifference[]): readonly TextDifference[] {
  const textOf = (...kinds: TextDifference['kind'][]) =>
    parts
      .filter(({ kind }) => kinds.includes(kind))
      .map(({ text }) => text)
      .join('')
  const [before, after] = [textOf('same', 'removed'), textOf('same', 'added')]
  const isMixed = textOf('removed') !== '' && textOf('added') !== ''
  if (!isMixed || textOf('same').length >= Math.max(before.length, after.length) * leastKept) return parts
  return [
    { kind: 'removed', text: before },
    { kind: 'same', text: ' ' },
    { kind: 'added', text: after },
  ]
}

/** Empty lines, rules, and the lines between a table's head and its rows. */
const notWords = /^[\s|:=*_-]*$/

function withoutMarks(text: string, isRow: boolean): string {
  const words = text.replaceAll(/[*`]/g, '')
  return isRow
    ? words
        .replace(/^\s*\|\s?/, '')
        .replace(/\s?\|\s*$/, '')
        .replaceAll(/\s*\|\s*/g, ' · ')
    : words
}
