/** What Markdown becomes: the same structure from both renderers, without HTML or unsafe links, in bounded work. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { footnoteWords } from '../../../functions/markdown/footnote-words.ts'
import { renderPolicyText } from '../../../functions/markdown/policy-text-elements.ts'
import { policyTextHtml, titledPolicyTextHtml } from '../../../functions/markdown/policy-text-html.ts'
import { FakeElement, FakeText, htmlOf } from './fake-elements.ts'

beforeAll(() => {
  vi.stubGlobal('document', {
    createElement: (name: string) => new FakeElement(name),
    createTextNode: (text: string) => new FakeText(text),
  })
})
afterAll(() => void vi.unstubAllGlobals())

const options = { topLevel: 2, idPrefix: 't-', words: footnoteWords.en }
const asMarkdown = (text: string) => ({ text, mediaType: 'text/markdown' as const })
const html = (text: string) => policyTextHtml(asMarkdown(text), options)

/** What the other renderer makes, written as HTML by the double. */
function elements(text: string): string {
  const place = new FakeElement('div')
  // The cast is right, because the renderer uses only what the double has.
  renderPolicyText(place as unknown as HTMLElement, asMarkdown(text), options)
  return place.children.map(htmlOf).join('')
}

const link = (href: string, words = href) => `<a href="${href}" rel="noopener noreferrer">${words}</a>`
const table = (name: string, head: string, body: string) =>
  `<div class="scrolls" role="group" tabindex="0" aria-label="${name}"><table><thead><tr>${head}</tr></thead>${body}</table></div>`

const vectors: readonly (readonly [what: string, text: string, shown: string])[] = [
  ['a paragraph', 'one\ntwo', '<p>one\ntwo</p>'],
  ['a heading', '# Your rights', '<h2 id="t-your-rights">Your rights</h2>'],
  ['a closed heading', '## Title ##', '<h2 id="t-title">Title</h2>'],
  ['an underlined heading', 'Title\n=====', '<h2 id="t-title">Title</h2>'],
  ['no heading', '#Title', '<p>#Title</p>'],
  [
    'headings that skip a level',
    '# A\n\n### B\n\n### C\n\n## D',
    '<h2 id="t-a">A</h2><h3 id="t-b">B</h3><h3 id="t-c">C</h3><h3 id="t-d">D</h3>',
  ],
  ['headings of one name', '# A\n\n# A', '<h2 id="t-a">A</h2><h2 id="t-a-1">A</h2>'],
  ['a heading of another alphabet', '# Dina rättigheter!', '<h2 id="t-dina-rättigheter">Dina rättigheter!</h2>'],
  ['emphasis', '**a** *b* _c_ f_g_h', '<p><strong>a</strong> <em>b</em> <em>c</em> f_g_h</p>'],
  ['text that is struck', '~~a~~', '<p><del>a</del></p>'],
  ['code', '`a*b*`', '<p><code>a*b*</code></p>'],
  ['a block of code', '```js\n<a>\n```', '<pre><code>&lt;a&gt;</code></pre>'],
  ['a rule', 'a\n\n- - -', '<p>a</p><hr>'],
  ['a hard line break', 'a\\\nb', '<p>a<br>b</p>'],
  ['a list', '- a\n- b', '<ul><li>a</li><li>b</li></ul>'],
  ['a loose list', '- a\n\n- b', '<ul><li><p>a</p></li><li><p>b</p></li></ul>'],
  ['a list in a list', '1. a\n   - b\n2. c', '<ol><li>a<ul><li>b</li></ul></li><li>c</li></ol>'],
  ['a list that goes on', '4. a', '<ol start="4"><li>a</li></ol>'],
  ['a list of tasks', '- [x] a\n- [ ] b', '<ul><li>☑ a</li><li>☐ b</li></ul>'],
  ['a quote in a quote', '> a\n> > b', '<blockquote><p>a</p><blockquote><p>b</p></blockquote></blockquote>'],
  [
    'a table',
    'a|b\n:-:|-:\n1|2',
    table(
      'a, b',
      '<th scope="col" class="center">a</th><th scope="col" class="right">b</th>',
      '<tbody><tr><td class="center">1</td><td class="right">2</td></tr></tbody>',
    ),
  ],
  [
    'a table whose rows have titles',
    '||b|\n|-|-|\n|r|2|',
    table('b', '<td></td><th scope="col">b</th>', '<tbody><tr><th scope="row">r</th><td>2</td></tr></tbody>'),
  ],
  [
    'a new line in a cell',
    '|a|\n|-|\n|1<br>2<BR />3|',
    table('a', '<th scope="col">a</th>', '<tbody><tr><td>1<br>2<br>3</td></tr></tbody>'),
  ],
  [
    'a row that is too short or long',
    '|a|b|\n|-|-|\n|1|\n|1|2|3|',
    table(
      'a, b',
      '<th scope="col">a</th><th scope="col">b</th>',
      '<tbody><tr><td>1</td></tr><tr><td>1</td><td>2</td></tr></tbody>',
    ),
  ],
  ['a definition', '**Data**\n: all of it', '<p><strong>Data</strong>: all of it</p>'],
  ['a list by letters', 'to\na) us,\nb) you', '<p>to<br>a) us,<br>b) you</p>'],
  [
    'an anchor',
    '<a name="top"></a>A\n\n[up](#top) <a name="top"></a>',
    '<p><span id="t-top"></span>A</p><p><a href="#t-top">up</a> <span></span></p>',
  ],
  ['no table', 'a|b\n:-|-:x', '<p>a|b\n:-|-:x</p>'],
]

const links: readonly (readonly [what: string, text: string, shown: string])[] = [
  ['a link', '[us](https://a.example/b_(c)?d=1&e=2)', `<p>${link('https://a.example/b_(c)?d=1&amp;e=2', 'us')}</p>`],
  [
    'a link with a title',
    '[us](https://a.example/ "the &")',
    '<p><a href="https://a.example/" title="the &amp;" rel="noopener noreferrer">us</a></p>',
  ],
  ['an address in angle brackets', '<https://a.example/>', `<p>${link('https://a.example/')}</p>`],
  ['a bare address', 'see https://a.example/b. Or', `<p>see ${link('https://a.example/b')}. Or</p>`],
  ['a bare host', 'www.a.example', `<p>${link('http://www.a.example/', 'www.a.example')}</p>`],
  [
    'a bare mail address',
    'write to me@a.example, please',
    `<p>write to ${link('mailto:me@a.example', 'me@a.example')}, please</p>`,
  ],
  ['a telephone number', '[call](tel:+4670000000)', `<p>${link('tel:+4670000000', 'call')}</p>`],
  [
    'a reference',
    '[us][1] [US] [no]\n\n[1]: https://a.example/\n[us]: <mailto:us@a.example>',
    `<p>${link('https://a.example/', 'us')} ${link('mailto:us@a.example', 'US')} [no]</p>`,
  ],
  [
    'a section',
    '[r](#your-rights)\n\n# Your rights',
    '<p><a href="#t-your-rights">r</a></p><h2 id="t-your-rights">Your rights</h2>',
  ],
  [
    'a section by another program’s anchor',
    '[r](#who-we-are)\n\n# 1. Who we are',
    '<p><a href="#t-1-who-we-are">r</a></p><h2 id="t-1-who-we-are">1. Who we are</h2>',
  ],
  [
    'a section in an encoded address',
    '[r](#r%C3%A4tt)\n\n# Rätt',
    '<p><a href="#t-rätt">r</a></p><h2 id="t-rätt">Rätt</h2>',
  ],
  ['a section that is not there', '[r](#nothing)', '<p>r</p>'],
  ['a relative address', '[terms](/terms?a=1)', '<p>terms (/terms?a=1)</p>'],
  ['another host without a scheme', '[x](//a.example/b)', '<p>x (//a.example/b)</p>'],
  ['a script', '[run](javascript:alert%281%29)', '<p>run (javascript:alert%281%29)</p>'],
  ['a script in disguise', '[run](JaVa&#x53;cript:alert)', '<p>run (JaVaScript:alert)</p>'],
  ['data', '<data:text/html,hi>', '<p>data:text/html,hi</p>'],
  ['an image', '![logo](https://a.example/l.png)', `<p>${link('https://a.example/l.png', 'logo')}</p>`],
  [
    'an image in a link',
    '[![logo](https://b.example/)](https://a.example/)',
    `<p>${link('https://a.example/', 'logo')}</p>`,
  ],
]

const hostile: readonly (readonly [what: string, text: string, shown: string])[] = [
  ['an element', '<img src=x onerror="alert(1)">', '<p>&lt;img src=x onerror=&quot;alert(1)&quot;&gt;</p>'],
  ['a block of HTML', '<script>\nalert(1)\n</script>', '<p>&lt;script&gt;\nalert(1)\n&lt;/script&gt;</p>'],
  ['HTML with Markdown', '<div>**a**</div>', '<p>&lt;div&gt;<strong>a</strong>&lt;/div&gt;</p>'],
  ['a comment', '<!-- a -->', '<p>&lt;!-- a --&gt;</p>'],
  [
    'an attribute',
    '[a](https://a.example/"onclick=alert)',
    `<p>${link('https://a.example/%22onclick=alert', 'a')}</p>`,
  ],
  [
    'a title',
    "[a](https://a.example/ '\"><b>')",
    '<p><a href="https://a.example/" title="&quot;&gt;&lt;b&gt;" rel="noopener noreferrer">a</a></p>',
  ],
  ['a heading', '# "><img>', '<h2 id="t-img">&quot;&gt;&lt;img&gt;</h2>'],
  ['a heading without letters', '# !?', '<h2 id="t-section">!?</h2>'],
  ['characters that are escaped already', '&lt;b&gt; &amp;', '<p>&lt;b&gt; &amp;</p>'],
]

describe.each([
  ['shows', vectors],
  ['links', links],
  ['shows as text', hostile],
])('%s', (_, all) => {
  it.each(all)('%s', (__, text, shown) => {
    expect(html(text)).toBe(shown)
    expect(elements(text)).toBe(shown)
  })
})

describe('footnotes', () => {
  const text =
    'One[^b], two[^a] and one again[^b].\n\n[^a]: First *note*.\n\n[^b]: Second,[^c] see https://a.example/\n\n[^c]: Third.\n\n[^d]: Unused.'

  it('are numbered as they are referred to, and lead back to each place', () => {
    const shown = html(text)
    expect(elements(text)).toBe(shown)
    expect(shown).toContain('One<sup><a id="t-note-ref:1" href="#t-note:1">1</a></sup>')
    expect(shown).toContain('again<sup><a id="t-note-ref:1-2" href="#t-note:1">1</a></sup>')
    expect(shown).toContain('<section class="footnotes" aria-label="Footnotes"><ol><li id="t-note:1"><p>Second,')
    expect(shown).toMatch(
      /<li id="t-note:1">.*href="#t-note-ref:1" aria-label="Back to the text, note 1">.*href="#t-note-ref:1-2"/,
    )
    expect(shown.match(/<li id=/g)).toHaveLength(3)
    expect(shown).not.toContain('Unused')
  })

  it('have words in the language of the page', () => {
    expect(policyTextHtml(asMarkdown(text), { ...options, words: footnoteWords.sv })).toContain('aria-label="Fotnoter"')
  })
})

describe('a title', () => {
  it('is set apart from the text, whose sections are then at the top level', () => {
    const text = '# Privacy *policy* <b>\n\nHello.\n\n## 1. Who'
    expect(titledPolicyTextHtml(asMarkdown(text), options)).toEqual({
      title: 'Privacy policy <b>',
      html: '<p>Hello.</p><h2 id="t-1-who">1. Who</h2>',
    })
  })

  it('is none where the text begins otherwise', () => {
    expect(titledPolicyTextHtml(asMarkdown('Hello.\n\n# A'), options)).toEqual({
      html: '<p>Hello.</p><h2 id="t-a">A</h2>',
    })
  })
})

it.each(['text/plain', 'text/html'] as const)('shows a text of type %s as it was written', (mediaType) => {
  expect(policyTextHtml({ text: '# <b>a</b>\n*b*', mediaType }, options)).toBe(
    '<p class="plain"># &lt;b&gt;a&lt;/b&gt;\n*b*</p>',
  )
})
