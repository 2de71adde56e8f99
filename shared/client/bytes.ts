/** Bytes as text, without `TextDecoder` and `btoa`, which some app platforms lack. */

/** Lower case. */
export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Base64 in either alphabet, with padding or without, as a string of one character for each byte. Throws for other text. */
export function fromBase64(text: string): string {
  return atob(text.replace(/-/g, '+').replace(/_/g, '/'))
}

/** The text that base64url stands for. Throws for what is not UTF-8. `escape` (ECMA-262, annex B) is in every engine. */
export function textOf(base64Url: string): string {
  return decodeURIComponent(escape(fromBase64(base64Url)))
}
