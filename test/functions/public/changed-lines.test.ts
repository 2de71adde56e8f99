/** A difference by lines: what changed with its surroundings, the rest folded, no marks of Markdown. */
import { expect, it } from 'vitest'
import { changedLines, type Line } from '../../../functions/public/changed-lines.ts'
import { textDifference } from '../../../shared/consent/text-difference.ts'

/** One line a string: `+` and `-` around what is new and gone, `#` before a heading, the number of folded lines in brackets. */
const shown = (before: string, after: string) =>
  changedLines(textDifference(before, after, 'words')).map((part) =>
    'folded' in part ? `[${part.folded.length}]` : written(part),
  )

const written = ({ isHeading, parts }: Line) =>
  (isHeading ? '# ' : '') +
  parts.map(({ kind, text }) => (kind === 'same' ? text : kind === 'added' ? `+${text}+` : `-${text}-`)).join('')

const lines = (count: number, from = 0) => Array.from({ length: count }, (_, i) => `line ${from + i}`).join('\n\n')

it('shows a changed line with one before and after, and folds the rest', () => {
  const text = (word: string) => `${lines(5)}\n\nThe ${word} word.\n\n${lines(5, 5)}\n`
  expect(shown(text('old'), text('new'))).toEqual(['[4]', 'line 4', 'The -old-+new+ word.', 'line 5', '[4]'])
})

it('folds nothing that is short', () => {
  expect(shown('a\n\nb\n\nc\n\nd', 'a\n\nb\n\nc\n\ne')).toEqual(['a', 'b', 'c', '-d- +e+'])
})

it('has headings and cells of tables without their marks, and no empty lines', () => {
  const before = '## 1. **Who**\n\n| `a` | b |\n|---|---|\n\n---\n'
  expect(shown(before, before.replace('Who', 'What'))).toEqual(['# 1. -Who-+What+', 'a · b'])
})

it('shows a line that kept few of its words as a whole that went and one that came', () => {
  const before = 'The data is stored in Sweden, by our hosting provider, which works on our behalf.'
  const after = 'Lupin Analytics in Germany measures visits and may not use the data for anything of its own.'
  expect(shown(before, after)).toEqual([`-${before}- +${after}+`])
})

it('of the same text is that text, folded', () => {
  expect(shown(lines(6), lines(6))).toEqual(['[6]'])
})
