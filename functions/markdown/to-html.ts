/** Writes the tree of a text as HTML. Every string is escaped. */
import { escapeHtml } from '../../shared/consent/escape-html.ts'
import type { ElementName, MarkdownNode } from './node.ts'

const voidElements: ReadonlySet<ElementName> = new Set(['br', 'hr'])

export function toHtml(nodes: readonly MarkdownNode[]): string {
  return nodes.map(writtenNode).join('')
}

function writtenNode(node: MarkdownNode): string {
  if (typeof node === 'string') return escapeHtml(node)
  const { name, attributes, children } = node
  const written = Object.entries(attributes).map(([attribute, value]) => ` ${attribute}="${escapeHtml(value)}"`)
  const start = `<${name}${written.join('')}>`
  return voidElements.has(name) ? start : `${start}${toHtml(children)}</${name}>`
}
