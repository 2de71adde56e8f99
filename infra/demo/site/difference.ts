/**
 * Shows what a new version changed: the paragraphs that differ, under their headings, with additions and removals in `<ins>` and `<del>`.
 * Screen readers often skip these two elements, so each change is also named in words.
 */

import { type Html, html } from '../../../functions/public/html.ts'
import type { Difference } from '../../../shared/server/server.ts'
import type { Words } from './language.ts'

type Pieces = Difference['text']

interface Block {
  /** The nearest heading above it, as the new text has it. */
  readonly heading: string
  readonly pieces: Pieces
}

export function differenceView({ text }: Pick<Difference, 'text'>, words: Words): Html {
  let heading: string | undefined
  return html`<div class="difference">${changedBlocks(text).map((block) => {
    const isNext = block.heading !== heading
    heading = block.heading
    const pieces = inWholePhrases(block.pieces).map((piece) => pieceView(piece, words))
    return html`${isNext && html`<h4>${heading}</h4>`}<p>${pieces}</p>`
  })}</div>`
}

function pieceView({ kind, text }: Pieces[number], { say }: Words): Html {
  const plain = withoutMarks(text)
  if (kind === 'same' || plain.trim() === '') return html`${plain}`
  if (kind === 'added') return html`<ins><span class="unseen">${say('tillagt: ', 'added: ')}</span>${plain}</ins>`
  return html`<del><span class="unseen">${say('borttaget: ', 'removed: ')}</span>${plain}</del>`
}

/** Paragraphs in which something differs. A blank line of either text ends a paragraph. */
function changedBlocks(text: Pieces): Block[] {
  const blocks: Block[] = []
  let heading = ''
  let pieces: Pieces = []
  const end = () => {
    const now = pieces.filter(({ kind }) => kind !== 'removed').map((piece) => piece.text)
    const [, title] = /^#+ (.*)$/.exec(now.join('').trim()) ?? []
    if (title !== undefined) heading = title
    else if (pieces.some(isChange)) blocks.push({ heading, pieces })
    pieces = []
  }
  for (const { kind, text: words } of text) {
    words.split(/\n{2,}/).forEach((part, i) => {
      if (i > 0) end()
      if (part !== '') pieces.push({ kind, text: part })
    })
  }
  end()
  return blocks
}

function isChange({ kind, text }: Pieces[number]): boolean {
  return kind !== 'same' && withoutMarks(text).trim() !== ''
}

/** A shorter unchanged run between two changes is shown as part of the change, because a few equal words in between are hard to read. */
const fewestWordsKept = 4

/** Joins changes that have few unchanged words between them: the whole old phrase, then the whole new one. */
function inWholePhrases(pieces: Pieces): Pieces {
  const phrases: { kind: Pieces[number]['kind']; text: string }[] = []
  let before = ''
  let after = ''
  const end = () => {
    if (before !== '') phrases.push({ kind: 'removed', text: before })
    if (after !== '') phrases.push({ kind: 'added', text: after })
    before = after = ''
  }
  const firstChange = pieces.findIndex(isChange)
  const lastChange = pieces.findLastIndex(isChange)
  pieces.forEach(({ kind, text }, i) => {
    const isBetween = firstChange !== -1 && firstChange < i && i < lastChange
    if (kind === 'same' && (!isBetween || text.trim().split(/\s+/).length >= fewestWordsKept)) {
      end()
      phrases.push({ kind, text })
      return
    }
    if (kind !== 'added') before += text
    if (kind !== 'removed') after += text
  })
  end()
  return phrases
}

/** Removes the marks of Markdown and joins the cells of a table with dots. */
function withoutMarks(text: string): string {
  return text
    .replace(/^(#+|>|-) /gm, '')
    .replace(/\*\*|`/g, '')
    .replace(/\*(?=\S)|(?<=\S)\*/g, '')
    .split('|')
    .map((cell, i, { length }) => {
      const begun = i === 0 ? cell : cell.trimStart()
      return i === length - 1 ? begun : begun.trimEnd()
    })
    .join(' · ')
}
