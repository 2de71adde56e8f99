/**
 * The elements of a Markdown text. Headings are shifted below the page's own and have anchors; HTML is shown as text; links lead only where
 * `links.ts` lets them; images become links, because a text must not make the reader's browser ask another server.
 */
import type { Definition, FootnoteDefinition, ListItem, Nodes, PhrasingContent, Root, RootContent } from 'mdast'
import type { FootnoteWords } from './footnote-words.ts'
import { type Footnotes, footnotesOf } from './footnotes.ts'
import { type Headings, headingsOf, wordsOf } from './headings.ts'
import { withKnownTags } from './known-tags.ts'
import { linkTo, withoutLinks } from './links.ts'
import { type MarkdownNode, made } from './node.ts'
import { parseMarkdown } from './parse-markdown.ts'
import { tableElement } from './tables.ts'

export interface MarkdownOptions {
  /** The level of a heading with one `#`: 2 below a page's `h1`. Levels end at 6. */
  readonly topLevel: number
  /** Begins every id, so that the text's ids are not those of the page. */
  readonly idPrefix: string
  readonly words: FootnoteWords
}

/** Greatest depth of elements. What lies deeper is shown as it was written. */
const maxDepth = 40

interface Rendering {
  readonly text: string
  readonly headings: Headings
  readonly definitions: ReadonlyMap<string, Definition>
  readonly footnotes: Footnotes
}

/** A text that is not Markdown, or too hostile to be parsed, as one paragraph that keeps its lines. */
export function plainTree(text: string): MarkdownNode[] {
  return [made('p', { class: 'plain' }, text)]
}

export function markdownTree(text: string, options: MarkdownOptions): MarkdownNode[] {
  const root = parseMarkdown(text)
  return root === undefined ? plainTree(text) : treeOf(root, text, options)
}

/**
 * A text whose first block is a heading with one `#`, split into that title and the rest, so that a page can use the title as its own. In
 * the rest, headings with two `#` are at the top level.
 */
export function titledTree(
  text: string,
  options: MarkdownOptions,
): { readonly title?: string; readonly content: readonly MarkdownNode[] } {
  const root = parseMarkdown(text)
  if (root === undefined) return { content: plainTree(text) }
  const [first, ...rest] = root.children
  if (first?.type !== 'heading' || first.depth !== 1) return { content: treeOf(root, text, options) }
  return { title: wordsOf(first), content: treeOf({ ...root, children: rest }, text, options) }
}

function treeOf(root: Root, text: string, options: MarkdownOptions): MarkdownNode[] {
  const rendering = renderingOf(root, text, options)
  const content = blocks(rendering, root.children, 0)
  return [...content, ...rendering.footnotes.section((note) => blocks(rendering, note.children, 2))]
}

function renderingOf(root: Root, text: string, { topLevel, idPrefix, words }: MarkdownOptions): Rendering {
  const definitions = new Map<string, Definition>()
  const notes: FootnoteDefinition[] = []
  collect(root, definitions, notes, 0)
  return {
    text,
    headings: headingsOf(root, topLevel, idPrefix),
    definitions,
    footnotes: footnotesOf(notes, idPrefix, words),
  }
}

/** The first definition of a name counts. */
function collect(node: Nodes, definitions: Map<string, Definition>, notes: FootnoteDefinition[], depth: number): void {
  if (node.type === 'definition' && !definitions.has(node.identifier)) definitions.set(node.identifier, node)
  if (node.type === 'footnoteDefinition') notes.push(node)
  if (!('children' in node) || depth > maxDepth) return
  for (const child of node.children) collect(child, definitions, notes, depth + 1)
}

function blocks(rendering: Rendering, nodes: readonly RootContent[], depth: number): MarkdownNode[] {
  return nodes.flatMap((node) => block(rendering, node, depth))
}

function block(rendering: Rendering, node: RootContent, depth: number): MarkdownNode[] {
  if (depth > maxDepth) return [made('p', {}, writtenAs(rendering, node))]
  const within = depth + 1
  switch (node.type) {
    case 'heading': {
      const { nameOf, idOf } = rendering.headings
      return [made(nameOf(node), { id: idOf(node) }, inlines(rendering, node.children, within))]
    }
    case 'paragraph':
      return [made('p', {}, inlines(rendering, node.children, within))]
    case 'list': {
      const items = node.children.map((item) => listItem(rendering, item, node.spread === true, within))
      if (!node.ordered) return [made('ul', {}, items)]
      const { start } = node
      return [made('ol', typeof start === 'number' && start !== 1 ? { start: `${start}` } : {}, items)]
    }
    case 'blockquote':
      return [made('blockquote', {}, blocks(rendering, node.children, within))]
    case 'table':
      return [tableElement(node, (cell) => inlines(rendering, cell.children, within))]
    case 'code':
      return [made('pre', {}, made('code', {}, node.value))]
    case 'thematicBreak':
      return [made('hr')]
    case 'definition':
    case 'footnoteDefinition':
      return []
    default:
      return [made('p', {}, writtenAs(rendering, node))]
  }
}

/** A paragraph of an item stands without an element of its own, unless the list's items are separated by blank lines. */
function listItem(rendering: Rendering, item: ListItem, isLoose: boolean, depth: number): MarkdownNode {
  const box = typeof item.checked === 'boolean' ? [item.checked ? '☑ ' : '☐ '] : []
  const content = item.children.flatMap((child) =>
    child.type === 'paragraph' && !isLoose && !item.spread
      ? inlines(rendering, child.children, depth)
      : block(rendering, child, depth),
  )
  return made('li', {}, box, content)
}

function inlines(rendering: Rendering, nodes: readonly PhrasingContent[], depth: number): MarkdownNode[] {
  return nodes.flatMap((node) => inline(rendering, node, depth))
}

function inline(rendering: Rendering, node: PhrasingContent, depth: number): MarkdownNode[] {
  if (depth > maxDepth) return [writtenAs(rendering, node)]
  const within = (children: readonly PhrasingContent[]) => inlines(rendering, children, depth + 1)
  switch (node.type) {
    case 'text':
      return withKnownTags(node.value, rendering.headings.anchorOf)
    case 'strong':
      return [made('strong', {}, within(node.children))]
    case 'emphasis':
      return [made('em', {}, within(node.children))]
    case 'delete':
      return [made('del', {}, within(node.children))]
    case 'inlineCode':
      return [made('code', {}, node.value)]
    case 'break':
      return [made('br')]
    case 'link':
      return link(rendering, node.url, node.title, within(node.children))
    case 'linkReference': {
      const { url = '', title } = rendering.definitions.get(node.identifier) ?? {}
      return link(rendering, url, title, within(node.children))
    }
    case 'image':
      return link(rendering, node.url, node.title, node.alt ? [node.alt] : [])
    case 'imageReference': {
      const { url = '', title } = rendering.definitions.get(node.identifier) ?? {}
      return link(rendering, url, title, node.alt ? [node.alt] : [])
    }
    case 'footnoteReference':
      return [rendering.footnotes.reference(node)]
    default:
      return [writtenAs(rendering, node)]
  }
}

function link(
  { headings }: Rendering,
  address: string,
  title: string | null | undefined,
  content: readonly MarkdownNode[],
): MarkdownNode[] {
  const words = withoutLinks(content)
  if (!address.startsWith('#')) return linkTo(address, title ?? undefined, words)
  const target = headings.targetOf(address)
  return target === undefined ? words : [made('a', { href: `#${target}` }, words)]
}

function writtenAs({ text }: Rendering, { position }: Nodes): string {
  return text.slice(position?.start.offset, position?.end.offset)
}
