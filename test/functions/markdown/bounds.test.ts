/** Hostile texts: those whose parsing would take long are shown as they were written, and the work for all others grows with their length. */
import { describe, expect, it } from 'vitest'
import { isWithinBounds } from '../../../functions/markdown/bounds.ts'
import { footnoteWords } from '../../../functions/markdown/footnote-words.ts'
import { markdownTree } from '../../../functions/markdown/markdown-tree.ts'
import { policyTextHtml } from '../../../functions/markdown/policy-text-html.ts'
import { growth } from '../../support/growth.ts'

const options = { topLevel: 2, idPrefix: 't-', words: footnoteWords.en }
const times = (text: string, count: number) => text.repeat(count)
const lines = (count: number, line: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => line(i)).join('\n')

describe('beyond the bounds, a text is shown as it was written:', () => {
  it.each<[string, string]>([
    ['ten thousand nested quotes', times('>', 10_000)],
    ['ten thousand nested quotes with spaces', times('> ', 10_000)],
    ['ten thousand nested items', `${times('- ', 10_000)}a`],
    ['ten thousand nested numbers', `${times('1. ', 10_000)}a`],
    ['a list that goes ever deeper', lines(700, (i) => `${' '.repeat(2 * i)}- a`)],
    ['ten thousand brackets that open', times('[', 10_000)],
    ['ten thousand brackets', times('[', 5_000) + times(']', 5_000)],
    ['ten thousand runs of emphasis', times('*a ', 10_000)],
    ['ten thousand runs that only close', times('a* ', 10_000)],
    ['emphasis in emphasis', `${times('*', 5_000)}a${times('*', 5_000)}`],
    ['ten thousand runs of code that does not end', lines(200, (i) => '`'.repeat(i))],
    ['underlined headings without a blank line', times('a\n=\n', 5_000)],
    ['ten thousand definitions', lines(10_000, (i) => `[${i}]: a\n`)],
    ['ten thousand footnotes', lines(10_000, (i) => `a[^${i}]\n\n[^${i}]: b\n`)],
    ['a hundred thousand lines', times('a\n\n', 50_000)],
    ['ten thousand lines after a quote', `${'> '.repeat(12)}a\n${times('a\n', 10_000)}`],
    ['a table of three thousand columns', lines(22, (i) => times(i === 1 ? '|-' : '|a', 3_000))],
    ['tables of a hundred columns', lines(120, () => `${times('|a', 100)}|\n${times('|-', 100)}|\n`)],
    ['more than a text may have', times('a ', 300_000)],
  ])('%s', (_, text) => {
    expect(isWithinBounds(text)).toBe(false)
    expect(markdownTree(text, options)).toEqual([{ name: 'p', attributes: { class: 'plain' }, children: [text] }])
  })
})

describe('within the bounds', () => {
  it.each<[string, string]>([
    [
      'a table of five hundred cookies',
      `|a|b|\n|-|-|\n${lines(500, (i) => `| \`_c${i}\` | [x](https://a.example/) |`)}`,
    ],
    [
      'a table of five hundred cookies in seven columns',
      `${times('|a', 7)}|\n${times('|-', 7)}|\n${lines(500, () => `${times('|x', 7)}|`)}`,
    ],
    ['a list of four hundred items', lines(400, (i) => `- **${i}** [x](https://a.example/)`)],
    ['two thousand paragraphs', times('It is *so*, see [x](https://a.example/).\n\n', 1_000)],
    ['a line as a rule', `a\n\n${times('*', 200)}\n\n${times('=', 200)}`],
    ['quotes and lists, six deep', '> - > - > - a'],
  ])('is %s', (_, text) => {
    expect(isWithinBounds(text)).toBe(true)
  })

  it('a wide table with many empty rows does not become a hundred times as long', () => {
    const text = `${times('|a', 2_000)}|\n${times('|-', 2_000)}|\n${times('|x\n', 1_000)}`
    expect(policyTextHtml({ text, mediaType: 'text/markdown' }, options).length).toBeLessThan(20 * text.length)
  })

  it('what lies deep is shown as it was written', () => {
    const shown = policyTextHtml(
      { text: `${times('*', 401)}deep${times('*', 401)}`, mediaType: 'text/markdown' },
      options,
    )
    expect(shown.split('<strong>').length).toBeLessThan(45)
    expect(shown).toContain('*deep*')
  })

  /** As much of each as is within the bounds. */
  const shapes: readonly (readonly [string, (size: number) => string])[] = [
    ['paragraphs', (size) => times('a\n\n', size)],
    ['lines', (size) => times('a\n', size)],
    ['headings', (size) => times('# a\n', size)],
    ['items', (size) => times('- a\n', size)],
    ['rows', (size) => `a|b\n-|-\n${times('x|y\n', size)}`],
    ['quotes', (size) => times(`${'> '.repeat(12)}a\n`, size)],
    ['bare addresses', (size) => times('www.a ', size)],
    ['entities', (size) => times('&amp;', size)],
    ['words', (size) => times('word ', size * 5)],
  ]
  it.each(shapes)('the work for %s grows with their number', (_, make) => {
    expect(isWithinBounds(make(1_400))).toBe(true)
    // 8 for linear work, 64 for quadratic.
    expect(growth(175, 1_400, (size) => markdownTree(make(size), options))).toBeLessThan(32)
  })
})

describe('whether within the bounds or not, the work for a text', () => {
  const repeated =
    (text: string, before = '', after = '') =>
    (size: number) =>
      before + text.repeat(Math.ceil(size / text.length)) + after
  const numbered = (line: (i: number) => string) => (size: number) => lines(size / 100, line)
  it.each<[string, (size: number) => string]>([
    ['of many short paragraphs', repeated('a\n\n')],
    ['of many paragraphs', numbered((i) => `${'word '.repeat(19)}${i}\n`)],
    ['of many headings', numbered((i) => `# ${i}`)],
    ['of a heading that is empty space', repeated(' ', '# ', 'x')],
    ['of a heading that is all marks', repeated('#', '# x', ' x')],
    ['of an item that is empty space', repeated(' ', '-', 'x\ry')],
    ['of a list that goes ever deeper', (size) => lines(Math.sqrt(size), (i) => `${' '.repeat(i)}- x`)],
    ['of a quote in a quote in a quote', repeated('>')],
    ['of rules that are none', repeated('- ', '', 'x')],
    ['of a table without a delimiter', repeated(' ', 'a|b\n', 'x')],
    ['of delimiters that are none', repeated('-|', 'a|b\n', 'x')],
    ['of a delimiter with a gap', repeated(' ', 'a|b\n-', 'x')],
    ['of brackets that open', repeated('[')],
    ['of labels without addresses', repeated('[a]')],
    ['of addresses that do not end', repeated('[a](')],
    ['of emphasis that does not end', repeated('*a ')],
    ['of strong that does not end', repeated('x', '**')],
    ['of underscores', repeated('_a ')],
    ['of code that does not end', repeated('`` ')],
    ['of stars', repeated('*')],
  ])('%s grows with its length', (_, make) => {
    // 20 for linear work, 400 for quadratic.
    expect(growth(20_000, 400_000, (size) => markdownTree(make(size), options))).toBeLessThan(120)
  })
})
