/**
 * Strict JSON for the verifier. Refuses whatever two parsers could read differently: repeated members, `__proto__`, lone surrogates and
 * numbers that a double cannot hold exactly. Nesting is limited, so that no file can exhaust the stack.
 */
import { englishSentence, type Said, say } from './say.ts'

export const maxFileCharacters = 64 * 1024 * 1024
const maxDepth = 32
const maxMembers = 4_000_000

export class JsonError extends Error {
  /** The message without a language. */
  readonly fault: Said

  constructor(fault: Said) {
    super(englishSentence(fault))
    this.name = 'JsonError'
    this.fault = fault
  }
}

/** Throws only `JsonError`. */
export function readExactJson(text: string, maxCharacters = maxFileCharacters): unknown {
  if (text.length > maxCharacters)
    throw new JsonError(say('json-too-long', { characters: text.length, allowed: maxCharacters }))
  if (!text.isWellFormed()) throw new JsonError(say('json-lone-surrogate'))
  if (text.trim() === '') throw new JsonError(say('json-empty'))
  checkStructure(text)
  const value = parse(text)
  checkValue(value)
  return value
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new JsonError(say('json-malformed', { message: error instanceof Error ? error.message : String(error) }))
  }
}

/**
 * One pass over the text, before it is parsed: depth, brackets and repeated members. Other faults are left to the parser. A string counts
 * as a member's name when a colon follows it.
 */
function checkStructure(text: string): void {
  const open: (Set<string> | undefined)[] = []
  let members = 0
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (unit === quoteMark) {
      const end = endOfString(text, at)
      const names = open.at(-1)
      if (names && followedByColon(text, end)) {
        const name = nameAt(text, at, end)
        if (name === '__proto__') throw new JsonError(say('json-forbidden-member'))
        if (names.has(name)) throw new JsonError(say('json-member-twice', { name: JSON.stringify(name.slice(0, 60)) }))
        names.add(name)
        if (++members > maxMembers) throw new JsonError(say('json-too-many-members', { allowed: maxMembers }))
      }
      at = end
    } else if (unit === openBrace || unit === openBracket) {
      open.push(unit === openBrace ? new Set() : undefined)
      if (open.length > maxDepth) throw new JsonError(say('json-too-deep', { allowed: maxDepth }))
    } else if (unit === closeBrace || unit === closeBracket) {
      const isMatch = open.length > 0 && (open.at(-1) !== undefined) === (unit === closeBrace)
      if (!isMatch) throw new JsonError(say('json-bracket-unopened'))
      open.pop()
    }
  }
  if (open.length > 0) throw new JsonError(say('json-cut-off'))
}

const quoteMark = 0x22
const backslash = 0x5c
const colon = 0x3a
const openBrace = 0x7b
const closeBrace = 0x7d
const openBracket = 0x5b
const closeBracket = 0x5d

/** Searches for quote marks rather than looking at each character, because most of a file is long strings. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let first = end
    while (text.charCodeAt(first - 1) === backslash && first - 1 > start) first--
    // After an odd number of backslashes the quote mark is part of the string.
    if ((end - first) % 2 === 0) return end
  }
  throw new JsonError(say('json-cut-in-string'))
}

/** The name between two quote marks. Only escapes make it another than it looks. */
function nameAt(text: string, start: number, end: number): string {
  const name = text.slice(start + 1, end)
  return name.includes('\\') ? String(parse(`"${name}"`)) : name
}

function followedByColon(text: string, end: number): boolean {
  let at = end + 1
  for (let unit = text.charCodeAt(at); isSpace(unit); unit = text.charCodeAt(at)) at++
  return text.charCodeAt(at) === colon
}

function isSpace(unit: number): boolean {
  return unit === 0x20 || unit === 0x0a || unit === 0x09 || unit === 0x0d
}

/** Checks parsed values, because escapes can spell what the text must not contain. Recursion is safe: depth was limited above. */
function checkValue(value: unknown): void {
  if (typeof value === 'string') {
    if (!value.isWellFormed()) throw new JsonError(say('json-lone-surrogate'))
  } else if (typeof value === 'number') {
    if (!Number.isSafeInteger(value)) throw new JsonError(say('json-inexact-number', { number: value }))
  } else if (Array.isArray(value)) value.forEach(checkValue)
  else if (typeof value === 'object' && value !== null) {
    for (const [name, member] of Object.entries(value)) {
      checkValue(name)
      checkValue(member)
    }
  }
}
