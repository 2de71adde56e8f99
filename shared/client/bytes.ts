/** Bytes as text, without `TextDecoder` and `btoa`, because some app platforms lack them. */

/** Lower-case hex. */
export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Decodes base64 in either alphabet, with or without padding, into a string of one character per byte. Throws for other text. */
export function fromBase64(text: string): string {
  return atob(text.replace(/-/g, '+').replace(/_/g, '/'))
}

/** Decodes base64url of UTF-8. Throws for other bytes. Every engine has `escape` (ECMA-262, annex B). */
export function textOf(base64Url: string): string {
  return decodeURIComponent(escape(fromBase64(base64Url)))
}
