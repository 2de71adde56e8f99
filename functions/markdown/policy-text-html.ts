/** A policy's text as HTML, for pages that a server renders. */
import type { PolicyText } from '../../shared/consent/policy.ts'
import { type MarkdownOptions, markdownTree, plainTree, titledTree } from './markdown-tree.ts'
import { toHtml } from './to-html.ts'

type ServedText = Pick<PolicyText, 'mediaType'> & { readonly text: string }

/** Only Markdown has marks. A text of another media type is shown with its characters and lines as they are. */
export function policyTextHtml({ text, mediaType }: ServedText, options: MarkdownOptions): string {
  return toHtml(mediaType === 'text/markdown' ? markdownTree(text, options) : plainTree(text))
}

/** The text without its own title, for a page whose title that is. The title is absent where the text does not begin with one. */
export function titledPolicyTextHtml(
  { text, mediaType }: ServedText,
  options: MarkdownOptions,
): { readonly title?: string; readonly html: string } {
  if (mediaType !== 'text/markdown') return { html: toHtml(plainTree(text)) }
  const { title, content } = titledTree(text, options)
  return { ...(title !== undefined && { title }), html: toHtml(content) }
}
