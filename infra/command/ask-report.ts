/** Prints what a ledger answered. The server may be hostile, so every value is read as unknown and printed without control characters. */
import { harmless } from '../terminal-text.ts'
import { textTable } from '../text-layout.ts'
import { isRecord } from './ask-ledger.ts'
import type { AskWords } from './ask-words.ts'
import { coloured, type Terminal, wrapped } from './command.ts'

type Members = Readonly<Record<string, unknown>>

interface Reading {
  readonly terminal: Terminal
  readonly words: AskWords
}

const columns = 98

/** @throws Error when the answer is not one about statuses */
export function statusReport(answer: unknown, reading: Reading): string {
  const { words } = reading
  const { at, knownAt, consents, joint } = members(answer)
  const blocks = listOf(consents, 'consents').map((each) => statusLines(each, reading))
  const linked = listOf(members(joint ?? {}).consents ?? [], 'joint').map((each) => statusLines(each, reading))
  return paragraphs([
    [`${words.about(said(at), said(knownAt))}:`],
    ...blocks,
    ...(linked.length > 0 ? [[words.linked], ...linked] : []),
    ...unreadableIn(answer, words),
  ])
}

/** @throws Error when the answer is not a timeline */
export function timelineReport(answer: unknown, reading: Reading): string {
  const { words } = reading
  const { at, knownAt, changes, events, joint } = members(answer)
  const found = listOf(events, 'events')
  const linked = listOf(members(joint ?? {}).changes ?? [], 'joint')
  return paragraphs([
    [`${words.changes(targetOf(members(answer)), said(at), said(knownAt))}:`],
    [changesTable(listOf(changes, 'changes'), words)],
    [words.events(found.length), ...(found.length > 0 ? [eventsTable(found, words)] : [])],
    ...(linked.length > 0 ? [[words.linked], [changesTable(linked, words)]] : []),
    ...unreadableIn(answer, words),
  ])
}

function statusLines(answer: Members, { terminal, words }: Reading): string[] {
  const { status, reason, sentence, decidedBy, shown, grade, inForce, permittedByConsent, endsAt } = answer
  const { lines } = words
  const then = members(answer.knownThen ?? {})
  return [
    coloured(terminal, 'bold', targetOf(answer)),
    `  ${wrapped(said(needed(sentence, 'sentence')), columns, '  ')}`,
    line(lines.status, `${said(needed(status, 'status'))} (${said(reason)})`),
    ...(typeof permittedByConsent === 'boolean' ? [line(lines.permitted, yesNo(permittedByConsent, words))] : []),
    line(lines.decidedBy, decidedBy === undefined ? words.noEvent : said(decidedBy)),
    ...(shown === undefined
      ? []
      : [line(lines.shown, words.version(said(shown), grade === undefined ? undefined : said(grade)))]),
    ...(inForce === undefined ? [] : [line(lines.inForce, words.version(said(inForce), undefined))]),
    line(lines.demonstrable, demonstrable(answer, words)),
    ...(endsAt === undefined ? [] : [line(lines.endsAt, said(endsAt))]),
    ...(then.status === status ? [] : [line(lines.thenKnown, said(then.status))]),
  ]
}

function demonstrable({ demonstrable: is, lacks }: Members, words: AskWords): string {
  const parts = listed(lacks).map(said)
  return parts.length > 0 ? words.lacking(parts) : yesNo(is === true, words)
}

function changesTable(changes: readonly Members[], { columns: names, noChange }: AskWords): string {
  if (changes.length === 0) return noChange
  const rows = changes.map((each) => [each.at, each.status, each.reason, each.decidedBy].map(said))
  return textTable([names.since, names.status, names.reason, names.decidedBy], rows)
}

function eventsTable(events: readonly Members[], { columns: names }: AskWords): string {
  const rows = events.map(({ times, decisions, eventId }) => [
    said(members(times ?? {}).recordedAt),
    listOf(decisions, 'decisions')
      .map((each) => `${targetOf(each)} ${said(each.verb)}`)
      .join(', '),
    said(eventId),
  ])
  return textTable([names.recorded, names.decisions, 'eventId'], rows)
}

function unreadableIn(answer: unknown, words: AskWords): string[][] {
  const entries = listed(members(answer).unreadable)
  return entries.length > 0 ? [[words.unreadable(entries.length)]] : []
}

/** As the ledger's sentences name it. */
function targetOf({ purposeId, policyId }: Members): string {
  return purposeId === undefined ? `policy/${said(policyId)}` : said(purposeId)
}

const line = (label: string, text: string) => `  ${label.padEnd(21)} ${text}`
const yesNo = (is: boolean, { yes, no }: AskWords) => (is ? yes : no)
const paragraphs = (parts: readonly (readonly string[])[]) => `${parts.map((each) => each.join('\n')).join('\n\n')}\n`

export function members(value: unknown): Members {
  if (!isRecord(value)) throw odd('an object', value)
  return value
}

export function listOf(value: unknown, name: string): Members[] {
  if (!Array.isArray(value)) throw odd(`a list "${name}"`, value)
  return value.map(members)
}

const listed = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

function needed(value: unknown, name: string): unknown {
  if (typeof value !== 'string') throw odd(`a text "${name}"`, value)
  return value
}

function odd(expected: string, value: unknown): Error {
  const given = value === null ? 'null' : Array.isArray(value) ? 'a list' : typeof value
  return new Error(`the answer is not that of a consent ledger: it should have ${expected}, and has ${given}`)
}

/** A value as one harmless line; empty for what is not there. */
function said(value: unknown): string {
  if (value === undefined || value === null) return ''
  return harmless(typeof value === 'string' ? value : JSON.stringify(value))
}
