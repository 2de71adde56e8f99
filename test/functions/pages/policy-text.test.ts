/** Policy texts of the console: what Markdown becomes, and that no text makes a page work longer than its length asks for. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { wholeText } from '../../../functions/pages/policy-text.ts'
import type { Reader } from '../../../functions/pages/reader.ts'
import { growth } from '../../support/growth.ts'

/** As much of an element as the console asks of one. */
class FakeNode {
  readonly name: string
  readonly children: (FakeNode | string)[] = []
  constructor(name: string) {
    this.name = name
  }
  append(...children: (FakeNode | string)[]) {
    this.children.push(...children)
  }
  setAttribute() {}
}

beforeAll(() => {
  vi.stubGlobal('Node', FakeNode)
  vi.stubGlobal('document', { createElement: (name: string) => new FakeNode(name) })
})
afterAll(() => void vi.unstubAllGlobals())

const reader = { words: { language: 'en', text: 'The text' } } as Reader

/** The blocks of a text, each as `name(children)`. */
function blocksOf(text: string): string {
  const written = (node: FakeNode | string): string =>
    typeof node === 'string' ? node : `${node.name}(${node.children.map(written).join('')})`
  const shown = wholeText(reader, { locale: 'en', mediaType: 'text/markdown', sha256: '', text })
  return written(shown as unknown as FakeNode)
    .replace(/^details\(summary\(The text\)div\(div\(/, '')
    .slice(0, -3)
}

describe('Markdown', () => {
  it.each([
    ['a heading', '# Title', 'h3(Title)'],
    ['a closed heading', '##  Title ## ', 'h4(Title ##)'],
    ['a heading closed at its end', '## Title ##', 'h4(Title)'],
    ['no heading', '#Title', 'p(#Title)'],
    ['a table', 'a|b\n:-|-:\n1|2', 'div(table(thead(tr(th(a)th(b)))tbody(tr(td(1)td(2)))))'],
    ['no table', 'a|b\n:-|-:x\n', 'p(a|b :-|-:x)'],
    ['a rule', 'a\n\n- - -\n', 'p(a)hr()'],
    ['lists in a list', '- a\n  - b\n  - c\n- d', 'ul(li(aul(li(b)li(c)))li(d))'],
    ['a quote in a quote', '> a\n> > b', 'blockquote(p(a)blockquote(p(b)))'],
    ['a link', 'see [us](https://a.example/b_(c) now', 'p(see a(us) now)'],
    ['a link after a bracket', 'see [1 [us](https://a.example)', 'p(see [1 a(us))'],
    ['no link', '[us](javascript:alert)', 'p([us](javascript:alert))'],
    ['emphasis', '**a *b*** `c*d*` _e_ f_g_h', 'p(strong(a *b)* code(c*d*) em(e) f_g_h)'],
  ])('shows %s', (_, text, shown) => {
    expect(blocksOf(text)).toBe(shown)
  })

  it('that is nested beyond reason is shown as it was written', () => {
    const shown = blocksOf(`${'>'.repeat(50_000)} deep`)
    expect(shown.split('blockquote(').length - 1).toBeLessThan(20)
    expect(shown).toContain('>>> deep')
  })
})

const lines = (line: (i: number) => string) => (size: number) =>
  Array.from({ length: size / 100 }, (_, i) => line(i)).join('\n')
const times =
  (text: string, before = '', after = '') =>
  (size: number) =>
    before + text.repeat(Math.ceil(size / text.length)) + after

describe('the work for a text', () => {
  it.each<[string, (size: number) => string]>([
    ['of many short paragraphs', times('a\n\n')],
    ['of many paragraphs', lines((i) => `${'word '.repeat(19)}${i}\n`)],
    ['of many headings', lines((i) => `# ${i}`)],
    ['of a heading that is empty space', times(' ', '# ', 'x')],
    ['of a heading that is all marks', times('#', '# x', ' x')],
    ['of an item that is empty space', times(' ', '-', 'x\ry')],
    ['of a list that goes ever deeper', (size) => lines((i) => `${' '.repeat(i)}- x`)(Math.sqrt(size) * 100)],
    ['of a quote in a quote in a quote', times('>')],
    ['of rules that are none', times('- ', '', 'x')],
    ['of a table without a delimiter', times(' ', 'a|b\n', 'x')],
    ['of delimiters that are none', times('-|', 'a|b\n', 'x')],
    ['of a delimiter with a gap', times(' ', 'a|b\n-', 'x')],
    ['of brackets that open', times('[')],
    ['of labels without addresses', times('[a]')],
    ['of addresses that do not end', times('[a](')],
    ['of emphasis that does not end', times('*a ')],
    ['of strong that does not end', times('x', '**')],
    ['of underscores', times('_a ')],
    ['of code that does not end', times('`` ')],
    ['of stars', times('*')],
  ])('%s grows with its length', (_, make) => {
    // 20 for linear work, 400 for quadratic.
    expect(growth(20_000, 400_000, (size) => blocksOf(make(size)))).toBeLessThan(120)
  })
})
