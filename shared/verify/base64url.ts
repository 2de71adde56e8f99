/** RFC 4648 section 5 without padding, as SD-JWT and JWS use it; strict, so that each value has one spelling. */
import { decodeBase64, encodeBase64 } from '../tlog/encoding.ts'
import { excerpt, TlogError } from '../tlog/tlog-error.ts'

export function decodeBase64Url(text: string): Uint8Array<ArrayBuffer> {
  if (!/^[A-Za-z0-9_-]*$/.test(text)) throw new TlogError('malformed-base64', `${excerpt(text)} is not base64url`)
  const standard = text.replaceAll('-', '+').replaceAll('_', '/')
  return decodeBase64(standard + '='.repeat((4 - (standard.length % 4)) % 4))
}

export function encodeBase64Url(bytes: Uint8Array): string {
  return encodeBase64(bytes).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
}
