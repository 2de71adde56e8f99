/** Footnotes: a number in the text that leads to its note, and links from the note back to each place that refers to it. */
import type { FootnoteDefinition, FootnoteReference } from 'mdast'
import type { FootnoteWords } from './footnote-words.ts'
import { type MarkdownElement, type MarkdownNode, made } from './node.ts'

export interface Footnotes {
  /** The number that stands in the text. Numbers are given in the order of the first references. */
  reference(reference: FootnoteReference): MarkdownNode
  /** All notes that were referred to, or nothing. `content` renders a note and may refer to further ones. */
  section(content: (definition: FootnoteDefinition) => readonly MarkdownNode[]): MarkdownElement[]
}

export function footnotesOf(
  definitions: readonly FootnoteDefinition[],
  prefix: string,
  words: FootnoteWords,
): Footnotes {
  const byName = new Map(definitions.toReversed().map((definition) => [definition.identifier, definition]))
  /** Identifier and number of references, in the order of the numbers. */
  const used = new Map<string, { readonly number: number; references: number }>()

  return {
    reference({ identifier }) {
      const note = used.get(identifier) ?? { number: used.size + 1, references: 0 }
      note.references += 1
      used.set(identifier, note)
      const { number, references } = note
      const id = `${prefix}note-ref:${number}${references > 1 ? `-${references}` : ''}`
      return made('sup', {}, made('a', { id, href: `#${prefix}note:${number}` }, `${number}`))
    },

    section(content) {
      const contents: (readonly MarkdownNode[])[] = []
      // A note may refer to a further one, which is then added to what is iterated. Only afterwards all references are known.
      for (const identifier of used.keys()) {
        const definition = byName.get(identifier)
        contents.push(definition ? content(definition) : [])
      }
      const notes = [...used.values()].map((note, i) =>
        made('li', { id: `${prefix}note:${note.number}` }, contents[i] ?? [], backLinks(note, prefix, words)),
      )
      if (notes.length === 0) return []
      return [made('section', { class: 'footnotes', 'aria-label': words.footnotes }, made('ol', {}, notes))]
    },
  }
}

/** Bound on the links back from one note. */
const maxBackLinks = 50

function backLinks(
  { number, references }: { readonly number: number; readonly references: number },
  prefix: string,
  words: FootnoteWords,
): MarkdownElement {
  const links = Array.from({ length: Math.min(references, maxBackLinks) }, (_, i) => {
    const ending = i === 0 ? '' : `-${i + 1}`
    const href = `#${prefix}note-ref:${number}${ending}`
    return [made('a', { href, 'aria-label': `${words.backTo(number)}${ending}` }, '↩'), ' ']
  })
  return made('p', { class: 'back' }, links.flat())
}
