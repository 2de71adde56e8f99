/** Bytes as text, without `TextDecoder` and `btoa`, because some app platforms lack them. */

/** Lower-case hex. */
export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** A UUID of version 4 (RFC 9562) from 16 random bytes. The variant's digit, which may be 8 to b, is always 8. */
export function uuidOf(bytes: Uint8Array): string {
  return toHex(bytes).replace(/(.{8})(.{4}).(.{3}).(.{3})/, '$1-$2-4$3-8$4-')
}

/** Decodes base64 in either alphabet, with or without padding, into a string of one character per byte. Throws for other text. */
export function fromBase64(text: string): string {
  return atob(text.replace(/-/g, '+').replace(/_/g, '/'))
}

/** Decodes base64url of UTF-8. Throws for other bytes. Every engine has `escape` (ECMA-262, annex B). */
export function textOf(base64Url: string): string {
  return decodeURIComponent(escape(fromBase64(base64Url)))
}
