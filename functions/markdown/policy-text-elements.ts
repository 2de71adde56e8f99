/** A policy's text as elements, for pages that a browser renders: `markdown.js` of the ledger, and a part of the console. */
import { type MarkdownOptions, markdownTree, plainTree } from './markdown-tree.ts'
import { followFragments, toElements } from './to-elements.ts'

/**
 * Fills `place` with the text. Links to sections and footnotes are followed within it.
 *
 * @param place with the class `policy-text`, whose style sheet is the page's
 */
export function renderPolicyText(
  place: HTMLElement,
  { text, mediaType }: { readonly text: string; readonly mediaType: string },
  options: MarkdownOptions,
): void {
  const tree = mediaType === 'text/markdown' ? markdownTree(text, options) : plainTree(text)
  place.replaceChildren()
  for (const node of toElements(tree)) place.append(node)
  followFragments(place)
}
