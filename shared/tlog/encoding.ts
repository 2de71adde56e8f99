/**
 * The encodings that the log's formats share: base64 (RFC 4648 section 4), decimal numbers, lower-case hex, UTF-8. Reading is strict: each
 * value has exactly one accepted spelling, so that reading and writing a text again gives the same bytes.
 */
import { excerpt, TlogError, type TlogErrorCode } from './tlog-error.ts'

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const sextets = new Uint8Array(128).fill(255)
for (let i = 0; i < alphabet.length; i++) sextets[alphabet.charCodeAt(i)] = i

function sextet(text: string, offset: number): number {
  const value = sextets[text.charCodeAt(offset)] ?? 255
  if (value === 255) throw malformedBase64(text, 'a character outside the standard alphabet')
  return value
}

function malformedBase64(text: string, why: string): TlogError {
  return new TlogError('malformed-base64', `${excerpt(text)} is not canonical base64: ${why}`)
}

/** Standard alphabet, full padding, unused bits zero, no whitespace. */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  if (text.length % 4 !== 0) throw malformedBase64(text, 'the length is not a multiple of 4')
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0
  const bytes = new Uint8Array((text.length / 4) * 3 - padding)
  const whole = text.length - (padding > 0 ? 4 : 0)
  let out = 0
  for (let offset = 0; offset < whole; offset += 4) {
    const group =
      (sextet(text, offset) << 18) |
      (sextet(text, offset + 1) << 12) |
      (sextet(text, offset + 2) << 6) |
      sextet(text, offset + 3)
    bytes[out++] = group >> 16
    bytes[out++] = group >> 8
    bytes[out++] = group
  }
  if (padding > 0) {
    const third = padding === 1 ? sextet(text, whole + 2) : 0
    const group = (sextet(text, whole) << 18) | (sextet(text, whole + 1) << 12) | (third << 6)
    bytes[out++] = group >> 16
    if (padding === 1) bytes[out++] = group >> 8
    if (padding === 1 ? (group & 0xff) !== 0 : (group & 0xffff) !== 0)
      throw malformedBase64(text, 'the unused bits are not zero')
  }
  return bytes
}

export function encodeBase64(bytes: Uint8Array): string {
  let text = ''
  let offset = 0
  for (; offset + 3 <= bytes.length; offset += 3) {
    const group = ((bytes[offset] ?? 0) << 16) | ((bytes[offset + 1] ?? 0) << 8) | (bytes[offset + 2] ?? 0)
    text += letter(group >> 18) + letter(group >> 12) + letter(group >> 6) + letter(group)
  }
  const left = bytes.length - offset
  if (left > 0) {
    const group = ((bytes[offset] ?? 0) << 16) | ((bytes[offset + 1] ?? 0) << 8)
    text += `${letter(group >> 18)}${letter(group >> 12)}${left === 2 ? letter(group >> 6) : '='}=`
  }
  return text
}

function letter(value: number): string {
  return alphabet.charAt(value & 63)
}

/** A decimal without sign or leading zeros, at most 2^53 - 1. */
export function parseDecimal(text: string): number {
  const value = /^(?:0|[1-9][0-9]{0,15})$/.test(text) ? Number(text) : Number.NaN
  if (!Number.isSafeInteger(value))
    throw new TlogError(
      'malformed-number',
      `${excerpt(text)} is not a number: decimal, no leading zeros, at most 2^53 - 1`,
    )
  return value
}

/** Sizes, indexes and times are safe integers; anything else is out of range. */
export function checkNumber(value: number, what: string): void {
  if (!Number.isSafeInteger(value) || value < 0)
    throw new TlogError('out-of-range', `${what} is ${value}; allowed are the integers from 0 to 2^53 - 1`)
}

export function encodeHex(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0')
  return text
}

/** Eight bytes, big-endian. */
export function encodeUint64(number: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(number))
  return bytes
}

export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let offset = 0
  for (const part of parts) {
    all.set(part, offset)
    offset += part.length
  }
  return all
}

export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Refuses a lone surrogate, which has no UTF-8, rather than replacing it. */
export function encodeUtf8(text: string, code: TlogErrorCode): Uint8Array<ArrayBuffer> {
  if (!text.isWellFormed()) throw new TlogError(code, 'the text has a lone surrogate, which has no UTF-8')
  return encoder.encode(text)
}

/** Keeps a byte order mark like any other character: dropping it would give one text two spellings. */
export function decodeUtf8(bytes: Uint8Array, code: TlogErrorCode): string {
  try {
    return decoder.decode(bytes)
  } catch (cause) {
    throw new TlogError(code, 'the bytes are not UTF-8', cause)
  }
}

/** Whether text has a control character (below U+0020) other than newline. */
export function hasControls(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit < 0x20 && unit !== 0x0a) return true
  }
  return false
}
