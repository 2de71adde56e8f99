/**
 * Levels and ids of headings.
 *
 * Levels begin at `topLevel` and follow the outline: a text that goes from `#` to `###` skips no level, because people who jump from heading
 * to heading would look for the one that is missing.
 *
 * Ids are made from the words as GitHub makes them: lower case, without punctuation, hyphens for spaces. They stay the same as long as the
 * heading does, so that others can link to a section. A prefix keeps them apart from the ids of the page around the text.
 */
import type { Heading, Nodes, Root } from 'mdast'
import { anchorsIn } from './known-tags.ts'
import type { ElementName } from './node.ts'

export interface Headings {
  nameOf(heading: Heading): ElementName
  idOf(heading: Heading): string
  /** The id for the first anchor of a name; no two elements have one id. */
  anchorOf(name: string): string | undefined
  /** The id of the heading or anchor that a fragment (`#your-rights`) means, if there is one. */
  targetOf(fragment: string): string | undefined
}

/** Bound on the depth to which headings and words are looked for. */
const maxDepth = 100

const elements = ['h1', 'h2', 'h3', 'h4', 'h5', 'h6'] as const

export function headingsOf(root: Root, topLevel: number, prefix: string): Headings {
  const ids = new Map<Heading, string>()
  const levels = new Map<Heading, number>()
  /** Depths of the headings above the present one. */
  const outline: number[] = []
  /** Names in use, each with the last number that was added to it. */
  const taken = new Map<string, number>()
  const names = new Map<string, string>()
  for (const heading of headingsIn(root)) {
    while ((outline.at(-1) ?? 0) >= heading.depth) outline.pop()
    outline.push(heading.depth)
    levels.set(heading, topLevel + outline.length - 1)
    const slug = slugOf(wordsOf(heading)) || 'section'
    const name = freeName(slug, taken)
    ids.set(heading, prefix + name)
    names.set(name, prefix + name)
    // Other programs leave the number of a section out of its anchor.
    const unnumbered = name.replace(/^[\d-]+/, '')
    if (!names.has(unnumbered)) names.set(unnumbered, prefix + name)
  }
  const anchors = new Set<string>()
  for (const name of textsIn(root).flatMap(anchorsIn).map(slugOf)) {
    if (names.has(name)) continue
    anchors.add(name)
    names.set(name, prefix + name)
  }
  return {
    anchorOf: (anchor) => (anchors.delete(slugOf(anchor)) ? names.get(slugOf(anchor)) : undefined),
    nameOf: (heading) => elements[Math.min(levels.get(heading) ?? 6, 6) - 1] ?? 'h6',
    idOf: (heading) => ids.get(heading) ?? '',
    targetOf: (fragment) => names.get(slugOf(decoded(fragment.slice(1)))),
  }
}

/** The name itself, or with the first number that makes it another: `fees`, `fees-1`, `fees-2`. */
function freeName(slug: string, taken: Map<string, number>): string {
  let number = taken.get(slug) ?? 0
  let name = slug
  while (taken.has(name)) {
    number += 1
    name = `${slug}-${number}`
  }
  taken.set(name, 0)
  taken.set(slug, number)
  return name
}

function slugOf(words: string): string {
  return words
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-')
}

function decoded(fragment: string): string {
  try {
    return decodeURIComponent(fragment)
  } catch {
    return fragment
  }
}

function headingsIn(node: Nodes, depth = 0): Heading[] {
  if (node.type === 'heading') return [node]
  if (!('children' in node) || depth > maxDepth) return []
  return node.children.flatMap((child) => headingsIn(child, depth + 1))
}

function textsIn(node: Nodes, depth = 0): string[] {
  if (node.type === 'text') return [node.value]
  if (!('children' in node) || depth > maxDepth) return []
  return node.children.flatMap((child) => textsIn(child, depth + 1))
}

/** The words of a node without its marks. */
export function wordsOf(node: Nodes, depth = 0): string {
  if ('value' in node) return node.value
  if ('alt' in node) return node.alt ?? ''
  if (node.type === 'break') return ' '
  if (!('children' in node) || depth > maxDepth) return ''
  return node.children.map((child) => wordsOf(child, depth + 1)).join('')
}
