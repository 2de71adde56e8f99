/**
 * Inline elements of Markdown: code, strong, emphasis and links. A link to anything but http, https and mailto is shown as plain text. Link
 * texts and addresses contain no brackets, so the search for the end of one link stops where the next begins and the time stays linear.
 */
import { attempt } from '../../shared/client/storage.ts'
import { type Child, element } from './element.ts'

const marked = /`([^`]+)`|\*\*(.+?)\*\*|\*(\S(?:[^*]*\S)?)\*|\b_(\S(?:[^_]*\S)?)_\b|\[([^[\]]+)\]\(([^\s)[\]]+)\)/g
const linkedProtocols = new Set(['https:', 'http:', 'mailto:'])

export function inline(text: string): Child[] {
  const made: Child[] = []
  let end = 0
  for (const match of text.matchAll(marked)) {
    made.push(text.slice(end, match.index), inlineElement(match))
    end = match.index + match[0].length
  }
  return [...made, text.slice(end)].filter((part) => part !== '')
}

function inlineElement([whole, code, strong, starred, underlined, label = '', address]: RegExpExecArray): Child {
  if (code !== undefined) return element('code', {}, code)
  if (strong !== undefined) return element('strong', {}, inline(strong))
  const emphasis = starred ?? underlined
  if (emphasis !== undefined) return element('em', {}, inline(emphasis))
  const url = attempt(() => new URL(address ?? ''))
  if (url === undefined || !linkedProtocols.has(url.protocol)) return whole
  return element('a', { href: url.href, rel: 'noopener noreferrer' }, inline(label))
}
