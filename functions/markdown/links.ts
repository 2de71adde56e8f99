/**
 * Which addresses of a text become links: absolute ones of a few schemes, and fragments that name a heading of the text. A relative address
 * has no meaning here, because a text does not say at which address it was first published; it is shown, not guessed.
 */
import { type MarkdownNode, made } from './node.ts'

const linkedSchemes: ReadonlySet<string> = new Set(['https:', 'http:', 'mailto:', 'tel:'])

/** The address in its normal form (https://url.spec.whatwg.org/), or undefined for one that must not become a link. */
function absoluteAddress(address: string): string | undefined {
  if (!URL.canParse(address)) return undefined
  const { protocol, href } = new URL(address)
  return linkedSchemes.has(protocol) ? href : undefined
}

/** A link, or, for an address that must not become one, its words with the address behind them in parentheses. */
export function linkTo(address: string, title: string | undefined, words: readonly MarkdownNode[]): MarkdownNode[] {
  const href = absoluteAddress(address)
  if (href !== undefined)
    return [made('a', { href, ...(title && { title }), rel: 'noopener noreferrer' }, words.length > 0 ? words : href)]
  return words.length === 0 || (words.length === 1 && words[0] === address) ? [address] : [...words, ` (${address})`]
}

/** HTML has no links within links: an image within a link, or a note, is shown by its words. */
export function withoutLinks(nodes: readonly MarkdownNode[]): MarkdownNode[] {
  return nodes.flatMap((node) => {
    if (typeof node === 'string') return [node]
    const children = withoutLinks(node.children)
    return node.name === 'a' ? children : [{ ...node, children }]
  })
}
