/** Makes the tree of a text into elements, without parsing any HTML, so that it needs no policy of Trusted Types. */
import type { MarkdownNode } from './node.ts'

export function toElements(nodes: readonly MarkdownNode[]): Node[] {
  return nodes.map(elementOf)
}

function elementOf(node: MarkdownNode): Node {
  if (typeof node === 'string') return document.createTextNode(node)
  const element = document.createElement(node.name)
  for (const [attribute, value] of Object.entries(node.attributes)) element.setAttribute(attribute, value)
  for (const child of node.children) element.append(typeof child === 'string' ? child : elementOf(child))
  return element
}

/**
 * Follows links to sections and footnotes inside a text. A browser looks for the target in the document only, never in a shadow tree, and
 * pages that keep their state in the address must not lose it. Calling this again for an element changes nothing.
 */
export function followFragments(text: HTMLElement): void {
  text.onclick = (event) => {
    const link = event.target instanceof Element ? event.target.closest('a[href^="#"]') : null
    const target = link && text.querySelector(`#${CSS.escape(link.getAttribute('href')?.slice(1) ?? '')}`)
    if (!(target instanceof HTMLElement)) return
    event.preventDefault()
    target.tabIndex = -1
    target.scrollIntoView({ block: 'start' })
    target.focus({ preventScroll: true })
  }
}
