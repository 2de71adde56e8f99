/**
 * The two tags that policies need although HTML is shown as text: a new line, which a cell of a table cannot have otherwise, and an anchor
 * without content. Both are recognised in one spelling only, and make elements that do nothing. Lines that begin with `a) `, `b) ` stay lines,
 * because Markdown has no such list.
 */
import { type MarkdownNode, made } from './node.ts'

const knownTag = /<br ?\/?>|<a (?:name|id)="([\w-]{1,64})"><\/a>|\n(?=[a-z]\) )/gi
/** A line that begins with a colon defines the words in the line before it, as other dialects write it. */
const definition = /\n:[ \t]{1,8}/g

/** The names of the anchors in a text. */
export function anchorsIn(text: string): string[] {
  return [...text.matchAll(knownTag)].flatMap(([, name]) => (name === undefined ? [] : [name]))
}

/** @param idOf the id of an anchor by its name */
export function withKnownTags(text: string, idOf: (name: string) => string | undefined): MarkdownNode[] {
  const nodes: MarkdownNode[] = []
  let end = 0
  const add = (plain: string) => {
    if (plain !== '') nodes.push(plain.replace(definition, ': '))
  }
  for (const { 0: tag, 1: name, index } of text.matchAll(knownTag)) {
    add(text.slice(end, index))
    const id = name && idOf(name)
    nodes.push(name === undefined ? made('br') : made('span', id === undefined ? {} : { id }))
    end = index + tag.length
  }
  add(text.slice(end))
  return nodes
}
