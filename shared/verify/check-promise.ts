/**
 * Step `promise`: verifies an inclusion promise and its keys. The checkpoint key certifies the receipt key, the receipt key certifies an
 * instance's key, and that key signs that the log will have a leaf within so many seconds. Compact JWS (RFC 7515), alg Ed25519 (RFC 9864).
 */
import * as z from 'zod'
import { decodeUtf8, encodeUtf8, equalBytes } from '../tlog/encoding.ts'
import type { LogPolicy } from '../tlog/tlog-policy.ts'
import { decodeBase64Url } from './base64url.ts'
import { parseForm, parseJson } from './forms-proof.ts'
import { type Said, say } from './say.ts'
import { digest, sha256Hex } from './scalars-in-proof.ts'
import { isoOf } from './signed-checkpoint.ts'
import { fail, inStep, inStepAsync, quote } from './verification.ts'

const step = 'promise'
const maxReceiptKeySeconds = 3653 * 86_400
const maxInstanceKeySeconds = 86_400

const seconds = z.int().min(0).max(253_402_300_799)

const certificateClaims = z.strictObject({
  iss: z.string().min(1).max(1000),
  iat: seconds,
  exp: seconds,
  cnf: z.strictObject({
    jwk: z.strictObject({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: digest }),
  }),
})

/** Unknown claims are ignored (RFC 7519, section 4). */
const promiseClaims = z.object({
  origin: z.string().min(3).max(1000),
  leafHash: digest,
  iat: seconds,
  maxDelay: z.int().min(1).max(86_400),
  content: sha256Hex.optional(),
})

export interface GivenPromise {
  readonly jws: string
  readonly certificates: readonly [string, string]
}

export interface VerifiedPromise {
  readonly origin: string
  readonly iat: number
  /** End of the promised time, in seconds since 1970. */
  readonly until: number
  /** Digest of the receipt's content (`receiptDigest`); absent in promises of the first releases. */
  readonly content?: string
}

/** Tries each key of the log, since a log may have had several. */
async function certifiedByAny(jws: string, keys: readonly Uint8Array[], host: string) {
  const what = say('receipt-key-certificate')
  const certificate = readJws(jws, 'consent-receipt-key+jwt', certificateClaims, what)
  for (const key of keys)
    if (await isSigned(certificate, key, what)) return certifiedKey(certificate, host, maxReceiptKeySeconds, what)
  return fail(step, 'no-key-signed', { what })
}

/** The promise must be signed by a log of the policy, and be for this leaf. */
export async function verifyPromise(
  { jws, certificates }: GivenPromise,
  leafHash: Uint8Array,
  policy: LogPolicy,
): Promise<VerifiedPromise> {
  const promise = readJws(jws, 'consent-promise+jwt', promiseClaims, say('the-promise'))
  const { origin } = promise.claims
  const logs = policy.logs.filter(({ key }) => key.name === origin && key.type === 1)
  if (logs.length === 0) return fail(step, 'promise-of-unknown-log', { origin: quote(origin) })
  const host = origin.slice(0, origin.lastIndexOf('/'))

  const receiptKey = await certifiedByAny(
    certificates[0],
    logs.map(({ key }) => key.publicKey),
    host,
  )
  const instanceKey = await certified(
    certificates[1],
    receiptKey.key,
    host,
    maxInstanceKeySeconds,
    say('instance-key-certificate'),
  )
  if (instanceKey.iat < receiptKey.iat || instanceKey.iat > receiptKey.exp) fail(step, 'instance-certificate-outside')
  await checkSignature(promise, instanceKey.key, say('the-promise'))
  const { iat, maxDelay, content } = promise.claims
  if (iat < instanceKey.iat || iat > instanceKey.exp) fail(step, 'promise-outside', { at: isoOf(iat) })
  if (!equalBytes(decodeBase64Url(promise.claims.leafHash), leafHash)) fail(step, 'promise-of-other-leaf')
  return { origin, iat, until: iat + maxDelay, ...(content !== undefined && { content }) }
}

async function certified(jws: string, by: Uint8Array, host: string, maxSeconds: number, what: Said) {
  const certificate = readJws(jws, 'consent-receipt-key+jwt', certificateClaims, what)
  await checkSignature(certificate, by, what)
  return certifiedKey(certificate, host, maxSeconds, what)
}

function certifiedKey(
  { claims }: Jws<z.output<typeof certificateClaims>>,
  host: string,
  maxSeconds: number,
  what: Said,
) {
  const { iss, iat, exp, cnf } = claims
  if (iss !== host) fail(step, 'certificate-of-other-host', { what, given: quote(iss), host: quote(host) })
  if (exp <= iat || exp - iat > maxSeconds) fail(step, 'certificate-too-long', { what, seconds: exp - iat, maxSeconds })
  return { key: decodeBase64Url(cnf.jwk.x), iat, exp }
}

interface Jws<T> {
  readonly claims: T
  readonly input: string
  readonly signature: Uint8Array
}

function readJws<T>(jws: string, typ: string, form: z.ZodType<T>, what: Said): Jws<T> {
  const parts = jws.split('.')
  const [header = '', payload = '', signature = ''] = parts
  if (parts.length !== 3) fail(step, 'not-jws', { what })
  const json = (part: string) =>
    parseJson(
      inStep(step, what, () => decodeUtf8(decodeBase64Url(part), 'malformed-base64')),
      step,
      what,
    )
  parseForm(
    z.strictObject({ alg: z.literal('Ed25519'), typ: z.literal(typ) }),
    json(header),
    step,
    say('header-of', { what }),
  )
  return {
    claims: parseForm(form, json(payload), step, what),
    input: `${header}.${payload}`,
    signature: inStep(step, what, () => decodeBase64Url(signature)),
  }
}

async function checkSignature(jws: Jws<unknown>, key: Uint8Array, what: Said): Promise<void> {
  if (!(await isSigned(jws, key, what))) fail(step, 'jws-signature-bad', { what })
}

async function isSigned({ input, signature }: Jws<unknown>, key: Uint8Array, what: Said): Promise<boolean> {
  return inStepAsync(step, what, async () => {
    if (signature.length !== 64) return false
    const { subtle } = globalThis.crypto
    const imported = await subtle
      .importKey('raw', new Uint8Array(key), { name: 'Ed25519' }, false, ['verify'])
      .catch(() => undefined)
    const message = encodeUtf8(input, 'malformed-base64')
    return imported !== undefined && subtle.verify({ name: 'Ed25519' }, imported, new Uint8Array(signature), message)
  })
}
