/**
 * Reads JSON (RFC 8259) and refuses what parsers disagree about, so that every reader of a stored request sees the same value:
 * duplicate names (RFC 8259 section 4, compared after unescaping), lone surrogates and NUL, numbers that no double holds
 * exactly as an integer (I-JSON, RFC 7493 section 2.2), a byte order mark, and nesting beyond a limit.
 *
 * One pass over the text checks the grammar and these rules without recursion, in linear time; `JSON.parse` makes the value.
 * A name `__proto__` is refused, because libraries between here and the store drop it in silence. Errors state positions. The only
 * content that they quote is a name that occurs twice. Offsets count UTF-16 code units from 0, lines and columns from 1.
 */
import { LedgerError } from '../../shared/errors.ts'

export interface StrictJsonLimits {
  /** Greatest nesting of arrays and objects; a scalar has depth 0. */
  readonly maxDepth: number
}

const defaultLimits: StrictJsonLimits = { maxDepth: 16 }
const maxKeyShown = 40

export function parseStrictJson(text: string, limits: StrictJsonLimits = defaultLimits): unknown {
  new Scanner(text, limits.maxDepth).document()
  try {
    return JSON.parse(text)
  } catch {
    throw malformed(text, 0, 'This is not JSON', 'one JSON value (RFC 8259)')
  }
}

const quote = 0x22
const comma = 0x2c
const minus = 0x2d
const dot = 0x2e
const zero = 0x30
const nine = 0x39
const colon = 0x3a
const openBracket = 0x5b
const backslash = 0x5c
const closeBracket = 0x5d
const openBrace = 0x7b
const closeBrace = 0x7d
const byteOrderMark = 0xfeff

/** What may follow a backslash, other than `u`: `" \ / b f n r t`. */
const shortEscapes: ReadonlySet<number> = new Set([...'"\\/bfnrt'].map((c) => c.charCodeAt(0)))

class Scanner {
  readonly #text: string
  readonly #maxDepth: number
  /** The next code unit to look at; after the end `charCodeAt` is NaN, which equals and exceeds nothing. */
  #at = 0
  #depth = 0
  /** The closing character of each open container; only the first `#depth` entries count. */
  readonly #closers: number[] = []
  /** The names seen in the open object at each depth, kept for the next object there. */
  readonly #names: Set<string>[] = []
  /** Whether the string read last had an escape. */
  #escaped = false

  constructor(text: string, maxDepth: number) {
    this.#text = text
    this.#maxDepth = maxDepth
  }

  document(): void {
    if (this.#text.charCodeAt(0) === byteOrderMark) throw this.#fail(0, 'a byte order mark', 'UTF-8 without one')
    do {
      this.#value()
    } while (this.#closeOrGoOn())
    if (this.#at < this.#text.length) throw this.#unexpected('nothing after the JSON value')
  }

  /** Reads a scalar, or opens containers down to the next scalar or an empty container. */
  #value(): void {
    for (;;) {
      const code = this.#skipSpace()
      if (code === openBrace) {
        this.#open(closeBrace)
        const names = this.#names[this.#depth]
        if (names === undefined) this.#names[this.#depth] = new Set()
        else names.clear()
        if (this.#skipSpace() === closeBrace) return
        this.#name()
      } else if (code === openBracket) {
        this.#open(closeBracket)
        if (this.#skipSpace() === closeBracket) return
      } else {
        if (code === quote) this.#string()
        else if (code === minus || (code >= zero && code <= nine)) this.#number()
        else this.#literal()
        return
      }
    }
  }

  /** After a value: closes what ends here. Returns whether a comma follows, after which there must be another value. */
  #closeOrGoOn(): boolean {
    for (;;) {
      const code = this.#skipSpace()
      if (this.#depth === 0) return false
      const closer = this.#closers[this.#depth - 1]
      if (code === closer) {
        this.#at++
        this.#depth--
      } else if (code === comma) {
        this.#at++
        if (closer === closeBrace) {
          this.#skipSpace()
          this.#name()
        }
        return true
      } else throw this.#unexpected(closer === closeBrace ? "',' or '}'" : "',' or ']'")
    }
  }

  #open(closer: number): void {
    if (this.#depth >= this.#maxDepth) {
      throw this.#fail(this.#at, 'nesting that is too deep', `at most ${this.#maxDepth} levels`)
    }
    this.#closers[this.#depth++] = closer
    this.#at++
  }

  /** An object's next name and its colon. */
  #name(): void {
    const start = this.#at
    if (this.#text.charCodeAt(start) !== quote) throw this.#unexpected('a name in double quotes')
    this.#string()
    const raw = this.#text.slice(start + 1, this.#at - 1)
    const name: string = this.#escaped ? JSON.parse(`"${raw}"`) : raw
    if (name === '__proto__') throw this.#fail(start, 'a name that is not allowed', 'any name other than __proto__')
    const names = this.#names[this.#depth]
    if (names?.has(name)) {
      const shown = [...name.slice(0, 2 * maxKeyShown)].slice(0, maxKeyShown).join('')
      throw this.#fail(start, 'a name that this object already has', 'each name once in an object', shown)
    }
    names?.add(name)
    if (this.#skipSpace() !== colon) throw this.#unexpected("':'")
    this.#at++
  }

  #string(): void {
    const text = this.#text
    let at = this.#at + 1
    this.#escaped = false
    for (;;) {
      const code = text.charCodeAt(at)
      if (code === quote) break
      if (code === backslash) {
        this.#escaped = true
        at = this.#escape(at)
      } else if (code >= 0xd800 && code <= 0xdfff) {
        if (code >= 0xdc00 || !isLowSurrogate(text.charCodeAt(at + 1))) throw this.#loneSurrogate(at)
        at += 2
      } else if (code >= 0x20) at++
      else if (at >= text.length)
        throw malformed(text, at, 'The text ends in the middle of a string', 'a closing quote')
      else throw this.#fail(at, 'a control character in a string', 'control characters but NUL, escaped')
    }
    this.#at = at + 1
  }

  /** The end of the escape that starts at `at`; a pair of surrogates is one. */
  #escape(at: number): number {
    const text = this.#text
    const kind = text.charCodeAt(at + 1)
    if (kind !== 0x75) {
      if (shortEscapes.has(kind)) return at + 2
      throw this.#fail(at, 'an unknown escape', '\\" \\\\ \\/ \\b \\f \\n \\r \\t and \\u with four hexadecimal digits')
    }
    const unit = this.#hexUnit(at)
    if (unit === 0) throw this.#fail(at, 'the character NUL', 'any other character')
    if (unit < 0xd800 || unit > 0xdfff) return at + 6
    const paired = unit < 0xdc00 && text.charCodeAt(at + 6) === backslash && text.charCodeAt(at + 7) === 0x75
    if (!paired || !isLowSurrogate(this.#hexUnit(at + 6))) throw this.#loneSurrogate(at)
    return at + 12
  }

  #hexUnit(at: number): number {
    let unit = 0
    for (let i = at + 2; i < at + 6; i++) {
      const digit = hexDigit(this.#text.charCodeAt(i))
      if (digit < 0) throw this.#fail(at, 'an incomplete escape', '\\u with four hexadecimal digits')
      unit = unit * 16 + digit
    }
    return unit
  }

  #number(): void {
    const text = this.#text
    const start = this.#at
    let at = start
    if (text.charCodeAt(at) === minus) at++
    const leadingZero = text.charCodeAt(at) === zero
    const integerEnd = this.#digits(at)
    if (leadingZero && integerEnd > at + 1) throw this.#fail(at, 'a number with a leading zero', 'numbers without')
    at = integerEnd
    if (text.charCodeAt(at) === dot) at = this.#digits(at + 1)
    if ((text.charCodeAt(at) | 0x20) === 0x65) {
      const sign = text.charCodeAt(at + 1)
      at = this.#digits(sign === minus || sign === 0x2b ? at + 2 : at + 1)
    }
    // Fifteen digits are always safe; so is whatever has no more characters than that and no exponent.
    if (at - start > 15 || at !== integerEnd) {
      if (Math.abs(Number(text.slice(start, at))) > Number.MAX_SAFE_INTEGER) {
        throw this.#fail(start, 'a number out of range', 'numbers from -(2^53-1) to 2^53-1; larger ones as strings')
      }
    }
    this.#at = at
  }

  /** The end of the run of digits at `at`, which has at least one. */
  #digits(at: number): number {
    const text = this.#text
    let end = at
    for (let code = text.charCodeAt(end); code >= zero && code <= nine; code = text.charCodeAt(end)) end++
    if (end === at) {
      this.#at = at
      throw this.#unexpected('a digit')
    }
    return end
  }

  #literal(): void {
    for (const word of ['true', 'false', 'null']) {
      if (this.#text.startsWith(word, this.#at)) {
        this.#at += word.length
        return
      }
    }
    throw this.#unexpected('a JSON value')
  }

  #skipSpace(): number {
    const text = this.#text
    let code = text.charCodeAt(this.#at)
    while (code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09) code = text.charCodeAt(++this.#at)
    return code
  }

  #unexpected(allowed: string): LedgerError {
    if (this.#at < this.#text.length) return this.#fail(this.#at, 'an unexpected character', allowed)
    const isBlank = this.#text.trim() === ''
    const what = isBlank ? 'There is no JSON' : 'The text ends in the middle of the JSON'
    return malformed(this.#text, this.#at, what, allowed)
  }

  #loneSurrogate(at: number): LedgerError {
    return this.#fail(at, 'half of a surrogate pair', 'whole Unicode characters')
  }

  #fail(at: number, what: string, allowed: string, name?: string): LedgerError {
    return malformed(this.#text, at, `The JSON has ${what}`, allowed, name)
  }
}

function malformed(text: string, offset: number, what: string, allowed: string, name?: string): LedgerError {
  let line = 1
  let lineStart = 0
  for (let end = text.indexOf('\n'); end >= 0 && end < offset; end = text.indexOf('\n', lineStart)) {
    line++
    lineStart = end + 1
  }
  const column = offset - lineStart + 1
  return new LedgerError('malformed-json', `${what}, at line ${line}, column ${column}.`, {
    ...(name === undefined ? {} : { given: name }),
    allowed,
    members: { offset, line, column },
  })
}

function isLowSurrogate(code: number): boolean {
  return code >= 0xdc00 && code <= 0xdfff
}

function hexDigit(code: number): number {
  if (code >= zero && code <= nine) return code - zero
  const lower = code | 0x20
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1
}
