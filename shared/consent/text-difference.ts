/**
 * The difference between two texts, by lines or by words, with bounded work: anyone may request it, and finding the shortest difference
 * takes the square of its length. A difference over the bound is given more coarsely: by words only within replaced lines, then by
 * lines, then as everything between the first and the last line that differ. The same two texts always give the same difference.
 *
 * Texts are compared as `asRead` returns them, so that line ends and composed characters make no difference.
 */
import { type Change, diffLines, diffWordsWithSpace } from 'diff'
import { asRead } from './read-text.ts'

export interface TextDifference {
  readonly kind: 'same' | 'added' | 'removed'
  readonly text: string
}

/** Bound on the removed and added lines or words of one comparison. One of edit length d takes up to d (d + 1) / 2 steps. */
const maxEditLength = 500
/** Bound on the steps of all comparisons within replaced lines together. */
const maxSteps = stepsOf(maxEditLength)

/** The parts in their order: without the added ones they are `before` as it is read, without the removed ones `after`. */
export function textDifference(from: string, to: string, by: 'lines' | 'words'): TextDifference[] {
  const [before, after] = [asRead(from), asRead(to)]
  const words = by === 'words' ? diffWordsWithSpace(before, after, { maxEditLength }) : undefined
  return joined(words?.map(partOf) ?? byLines(before, after, by))
}

/** Leaves out the lines with which both texts begin or end, so that they do not count against the bound. */
function byLines(before: string, after: string, by: 'lines' | 'words'): TextDifference[] {
  const start = commonStart(before, after)
  const end = commonEnd(before.slice(start), after.slice(start))
  const [old = '', now = ''] = [before, after].map((text) => text.slice(start, text.length - end))
  const lines = diffLines(old, now, { maxEditLength })?.map(partOf)
  return [
    { kind: 'same', text: before.slice(0, start) },
    ...(lines === undefined ? replaced(old, now) : by === 'words' ? withWords(lines) : lines),
    { kind: 'same', text: before.slice(before.length - end) },
  ]
}

/** Replaced lines by their words, as long as there are steps left. */
function withWords(lines: readonly TextDifference[]): TextDifference[] {
  const parts: TextDifference[] = []
  let stepsLeft = maxSteps
  let removed = ''
  let added = ''
  const endHunk = () => {
    const most = Math.floor(Math.sqrt(2 * stepsLeft)) - 1
    const isReplaced = removed !== '' && added !== '' && most > 0
    const words = isReplaced ? diffWordsWithSpace(removed, added, { maxEditLength: most }) : undefined
    if (isReplaced) stepsLeft -= stepsOf(words === undefined ? most : editLength(words))
    parts.push(...(words?.map(partOf) ?? replaced(removed, added)))
    removed = added = ''
  }
  for (const part of lines) {
    if (part.kind === 'removed') removed += part.text
    else if (part.kind === 'added') added += part.text
    else {
      endHunk()
      parts.push(part)
    }
  }
  endHunk()
  return parts
}

function editLength(changes: readonly Change[]): number {
  return changes.reduce((sum, { added, removed, count }) => sum + (added || removed ? count : 0), 0)
}

function stepsOf(edits: number): number {
  return (edits * (edits + 1)) / 2
}

function partOf({ added, removed, value }: Change): TextDifference {
  return { kind: added ? 'added' : removed ? 'removed' : 'same', text: value }
}

function replaced(before: string, after: string): TextDifference[] {
  return [
    { kind: 'removed', text: before },
    { kind: 'added', text: after },
  ]
}

/** Without empty parts, and with neighbours of one kind as one part. */
function joined(parts: readonly TextDifference[]): TextDifference[] {
  const whole: { kind: TextDifference['kind']; text: string }[] = []
  for (const { kind, text } of parts) {
    const last = whole.at(-1)
    if (text === '') continue
    if (last?.kind === kind) last.text += text
    else whole.push({ kind, text })
  }
  return whole
}

/** Length of the whole lines with which both texts begin. */
function commonStart(a: string, b: string): number {
  const most = Math.min(a.length, b.length)
  let length = 0
  while (length < most && a.charCodeAt(length) === b.charCodeAt(length)) length += 1
  if (length === a.length && length === b.length) return length
  return a.slice(0, length).lastIndexOf('\n') + 1
}

/** Length of the whole lines with which both texts end. */
function commonEnd(a: string, b: string): number {
  const most = Math.min(a.length, b.length)
  let length = 0
  while (length < most && a.charCodeAt(a.length - 1 - length) === b.charCodeAt(b.length - 1 - length)) length += 1
  const isWhole = length === a.length ? b.at(-1 - length) === '\n' : length === b.length && a.at(-1 - length) === '\n'
  const firstBreak = a.slice(a.length - length).indexOf('\n')
  return isWhole ? length : firstBreak < 0 ? 0 : length - firstBreak - 1
}
