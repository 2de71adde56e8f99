/**
 * Parses CommonMark (https://spec.commonmark.org/0.31.2/) with the extensions of GitHub (https://github.github.com/gfm/): tables, footnotes,
 * bare addresses, strikethrough, task lists. HTML is not recognised, so its characters stay text.
 */
import type { Root } from 'mdast'
import { fromMarkdown } from 'mdast-util-from-markdown'
import { gfmFromMarkdown } from 'mdast-util-gfm'
import { gfm } from 'micromark-extension-gfm'
import { isWithinBounds } from './bounds.ts'

const withoutHtml = { disable: { null: ['htmlFlow', 'htmlText'] } }
const syntax = [gfm(), withoutHtml]
/**
 * The transforms look for addresses a second time, in the finished tree. They call themselves for each level of nesting, so a hostile text
 * could exhaust the stack, and the parser itself finds the addresses that people write.
 */
const compilers = gfmFromMarkdown().map(({ transforms: _, ...handlers }) => handlers)

/** The tree of the text. Undefined for one whose parsing could take long (`bounds.ts`). */
export function parseMarkdown(text: string): Root | undefined {
  if (!isWithinBounds(text)) return undefined
  return fromMarkdown(text, { extensions: syntax, mdastExtensions: compilers })
}
