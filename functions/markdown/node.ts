/**
 * The elements that a Markdown text can become, as plain data. Both renderers (`to-html.ts`, `to-elements.ts`) write the same tree, so they
 * cannot differ in what they let through: an element or attribute that is not listed here does not exist.
 */

export type ElementName =
  | (
      | 'h1'
      | 'h2'
      | 'h3'
      | 'h4'
      | 'h5'
      | 'h6'
      | 'p'
      | 'ul'
      | 'ol'
      | 'li'
      | 'blockquote'
      | 'pre'
      | 'hr'
      | 'div'
      | 'section'
    )
  | ('table' | 'thead' | 'tbody' | 'tr' | 'th' | 'td')
  | ('a' | 'strong' | 'em' | 'del' | 'code' | 'br' | 'sup' | 'span')

export type AttributeName =
  | ('id' | 'class' | 'href' | 'rel' | 'title' | 'lang' | 'start' | 'scope' | 'role' | 'tabindex')
  | ('aria-label' | 'aria-labelledby')

export interface MarkdownElement {
  readonly name: ElementName
  readonly attributes: Readonly<Partial<Record<AttributeName, string>>>
  readonly children: readonly MarkdownNode[]
}

/** A string is the content of a text node, not yet escaped. */
export type MarkdownNode = string | MarkdownElement

export function made(
  name: ElementName,
  attributes: MarkdownElement['attributes'] = {},
  ...children: readonly (MarkdownNode | readonly MarkdownNode[])[]
): MarkdownElement {
  return { name, attributes, children: children.flat() }
}
