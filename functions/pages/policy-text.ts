/**
 * Renders a policy's text as elements. The supported Markdown is what such texts use: headings, paragraphs, lists, tables, quotes,
 * emphasis, code and links. Anything else, including HTML, is shown as plain characters, as is a text of another media type.
 *
 * The time is linear in the length of the text, also for a hostile one: no regular expression here can match a run of characters in two
 * ways, and quotes and lists nest to a bounded depth. Deeper marks are shown as plain characters.
 */
import type { PolicyText } from '../../shared/consent/policy.ts'
import { type Child, element } from './element.ts'
import { inline } from './inline-text.ts'
import { languageOf, type Reader } from './reader.ts'
import { table } from './table.ts'

type ServedText = PolicyText & { readonly text: string }

/** The text's headings begin at h3, below the policy's title. */
const topLevel = 3
const heading = /^(#{1,6})\s+(?!\s)(.*)$/s
const item = /^(\s{0,3})(?:[-*+]|\d{1,9}[.)])\s+(?!\s)(.*)$/s
const numbered = /^\s{0,3}\d/
const rule = /^\s{0,3}([-*_])(?:\s*\1){2,}\s*$/
const delimiter = /^:?-+:?$/
/** Greatest depth of nested quotes and lists that is rendered. */
const maxDepth = 8

/** The text in a `details` element, closed at first because it is long. */
export function wholeText({ words }: Reader, text: ServedText): HTMLElement {
  const lang = languageOf(text.locale) === words.language ? undefined : text.locale
  return element(
    'details',
    { class: 'whole' },
    element('summary', {}, words.text),
    element('div', { lang }, policyText(text)),
  )
}

/** The text as elements. */
export function policyText({ text, mediaType }: { readonly text: string; readonly mediaType: string }): HTMLElement {
  const content =
    mediaType === 'text/markdown' ? blocks(text.split(/\r?\n/), 0) : element('p', { class: 'plain' }, text)
  return element('div', { class: 'policy-text stacked' }, content)
}

function blocks(lines: readonly string[], depth: number): Child[] {
  const made: Child[] = []
  let at = 0
  /** Takes lines while the predicate holds. */
  const take = (belongs: (line: string, index: number) => boolean): string[] => {
    const start = at
    while (at < lines.length && belongs(lines[at] ?? '', at)) at += 1
    return lines.slice(start, at)
  }
  while (at < lines.length) {
    const line = lines[at] ?? ''
    const [, marks, title = ''] = heading.exec(line) ?? []
    if (line.trim() === '') at += 1
    else if (depth > maxDepth) made.push(element('p', {}, take((each) => each.trim() !== '').join(' ')))
    else if (marks !== undefined) {
      made.push(element(levelOf(marks.length), {}, inline(withoutClosing(title))))
      at += 1
    } else if (rule.test(line)) {
      made.push(element('hr'))
      at += 1
    } else if (line.includes('|') && isDelimiter(lines[at + 1] ?? '')) {
      made.push(textTable(take((each) => each.includes('|'))))
    } else if (line.startsWith('>')) {
      const quoted = take((each) => each.startsWith('>')).map((each) => each.replace(/^>\s?/, ''))
      made.push(element('blockquote', { class: 'stacked' }, blocks(quoted, depth + 1)))
    } else if (item.test(line)) {
      const belongs = (each: string) => item.test(each) || /^\s+\S/.test(each)
      made.push(list(take(belongs), depth))
    } else {
      const first = at
      made.push(element('p', {}, inline(take((each, i) => i === first || !beginsBlock(each)).join(' '))))
    }
  }
  return made
}

/** A heading may end with `#` marks, which are not part of its title. */
function withoutClosing(title: string): string {
  let end = title.length
  while (title.charCodeAt(end - 1) === 0x23) end -= 1
  return title.slice(0, end).trimEnd()
}

/** Whether this is the line between a table's head and its rows, such as `| --- | :-: |`. */
function isDelimiter(line: string): boolean {
  return cells(line).every((cell) => delimiter.test(cell))
}

function levelOf(marks: number): 'h3' | 'h4' | 'h5' | 'h6' {
  return (['h3', 'h4', 'h5', 'h6'] as const)[Math.min(marks + topLevel - 1, 6) - topLevel] ?? 'h6'
}

function beginsBlock(line: string): boolean {
  return line.trim() === '' || line.startsWith('>') || [heading, item, rule].some((begin) => begin.test(line))
}

/** Indented lines below an item belong to it. */
function list(lines: readonly string[], depth: number): HTMLElement {
  const items: string[][] = []
  for (const line of lines) {
    const begins = item.exec(line)
    if (begins?.[2] !== undefined && begins[1] === '') items.push([begins[2]])
    else items.at(-1)?.push(line.replace(/^\s{1,4}/, '')) ?? items.push([line.trim()])
  }
  const children = items.map(([first = '', ...rest]) => {
    const own = rest.findIndex((line) => item.test(line))
    const [words, below] = own === -1 ? [rest, []] : [rest.slice(0, own), rest.slice(own)]
    return element('li', {}, inline([first, ...words].join(' ')), blocks(below, depth + 1))
  })
  return element(numbered.test(lines[0] ?? '') ? 'ol' : 'ul', {}, children)
}

function textTable([head = '', , ...rows]: readonly string[]): HTMLElement {
  const columns = cells(head)
  return table(
    undefined,
    columns,
    rows.map((row) => {
      const all = cells(row)
      return columns.map((_, i) => inline(all[i] ?? ''))
    }),
  )
}

function cells(row: string): string[] {
  const escaped = '\0'
  const inner = row.trim().replaceAll('\\|', escaped).replace(/^\|/, '').replace(/\|$/, '')
  return inner.split('|').map((cell) => cell.replaceAll(escaped, '|').trim())
}
