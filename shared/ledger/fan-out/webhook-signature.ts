/**
 * Signs messages as Standard Webhooks 1.0.0 says
 * (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md).
 *
 *   signed     `<webhook-id>.<webhook-timestamp>.<body>`         timestamp: seconds since 1970, of the attempt
 *   v1         HMAC-SHA256 under a secret of 32 bytes, `whsec_` + base64; one signature for each secret that is valid
 *   v1a        Ed25519; the public key is `whpk_` + base64 of its 32 bytes
 *
 * `v1` is always there, because none of the specification's own libraries verifies `v1a`.
 */
import { createHmac, createPrivateKey, createPublicKey, type KeyObject, sign, timingSafeEqual } from 'node:crypto'
import type { Randomness } from '../store.ts'

export interface WebhookHeaders {
  readonly 'webhook-id': string
  readonly 'webhook-timestamp': string
  readonly 'webhook-signature': string
}

const secretPrefix = 'whsec_'
const publicPrefix = 'whpk_'
const secretBytes = 32

export const newSecret = (random: Randomness): string =>
  secretPrefix + Buffer.from(random(secretBytes)).toString('base64')

/** A private Ed25519 key: its 32 bytes in base64 (RFC 8032, section 5.1.5). */
export const newSigningKey = (random: Randomness): string => Buffer.from(random(32)).toString('base64')

export function publicKeyOf(signingKey: string): string {
  const { x } = createPublicKey(privateKey(signingKey)).export({ format: 'jwk' })
  return publicPrefix + Buffer.from(String(x), 'base64url').toString('base64')
}

/**
 * The headers of one attempt.
 *
 * @param secrets those that are valid now, newest first; at least one
 * @param seconds since 1970
 */
export function signedHeaders(
  id: string,
  seconds: number,
  body: string,
  { secrets, signingKey }: { readonly secrets: readonly string[]; readonly signingKey: string },
): WebhookHeaders {
  const content = signedContent(id, String(seconds), body)
  const signatures = secrets.map((secret) => `v1,${mac(secret, content)}`)
  signatures.push(`v1a,${sign(null, Buffer.from(content), privateKey(signingKey)).toString('base64')}`)
  return { 'webhook-id': id, 'webhook-timestamp': String(seconds), 'webhook-signature': signatures.join(' ') }
}

/** The specification leaves the tolerance to the receiver; its own libraries have this one. */
const toleranceSeconds = 300
const maxSignatures = 16

/** Whether a holder of one of these secrets signed the body lately. For what receivers send back. */
export function isSignedWith(
  headers: Readonly<Record<string, string | undefined>>,
  body: string,
  secrets: readonly string[],
  nowSeconds: number,
): boolean {
  const [id, timestamp, list] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => headers[name])
  if (id === undefined || timestamp === undefined || list === undefined || !/^\d{1,12}$/.test(timestamp)) return false
  if (Math.abs(nowSeconds - Number(timestamp)) > toleranceSeconds) return false
  const given = list.split(' ').slice(0, maxSignatures)
  return secrets.some((secret) => {
    const expected = Buffer.from(`v1,${mac(secret, signedContent(id, timestamp, body))}`)
    return given.some((each) => {
      const bytes = Buffer.from(each)
      return bytes.length === expected.length && timingSafeEqual(bytes, expected)
    })
  })
}

const signedContent = (id: string, timestamp: string, body: string) => `${id}.${timestamp}.${body}`

function mac(secret: string, content: string): string {
  const key = Buffer.from(secret.slice(secretPrefix.length), 'base64')
  return createHmac('sha256', key).update(content).digest('base64')
}

/** An Ed25519 key in the form PrivateKeyInfo is these bytes and the key (RFC 8410, section 7). */
const pkcs8Head = Buffer.from('302e020100300506032b657004220420', 'hex')

function privateKey(signingKey: string): KeyObject {
  const key = Buffer.concat([pkcs8Head, Buffer.from(signingKey, 'base64')])
  return createPrivateKey({ key, format: 'der', type: 'pkcs8' })
}
