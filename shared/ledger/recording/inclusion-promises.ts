/**
 * Inclusion promises and the certificates of their keys. A promise states that the log will have a leaf within the promised delay. The key
 * that signs it lives in one instance's memory, so a receipt costs no call to a key service, and a stolen instance cannot sign
 * checkpoints.
 *
 *   checkpoint key   signs certificate [0] of the receipt key: once, at most 10 years, object `certificates/<base64url SHA-256 of it>`
 *   receipt key      signs certificate [1] of an instance's key: at most 24 hours, renewed after half of that
 *   instance's key   signs promises, synchronously
 *
 * All are compact JWS (RFC 7515) with alg Ed25519 (RFC 9864). Their signing input holds no newline and a signed note ends in one, so
 * that no key can be made to sign one for the other. A promise's time lies within its certificate's, and that within the one before:
 * when the clock is before a certificate's time, the certificate's time counts.
 */
import { createPublicKey, generateKeyPairSync, hash, type KeyObject, sign, verify } from 'node:crypto'
import { promisedDelaySeconds } from '../../consent/promised-delay.ts'
import { LedgerError } from '../../errors.ts'
import type { InclusionPromiseIssuer, LogWriter } from '../ledger.ts'
import { certificateSigner, checkpointPublicKeys } from '../log/checkpoint-keys.ts'
import type { Clock, Objects, Signer } from '../store.ts'

export interface PromiseIssuerOptions {
  readonly receiptSigner: Pick<Signer, 'sign'>
  /** `iss` of the certificates, and the first part of every origin. */
  readonly host: string
  /** The certificate of the receipt key; read until it was once there. */
  readonly certificate: () => Promise<string>
  readonly clock: Clock
}

const certificateType = 'consent-receipt-key+jwt'
const promiseType = 'consent-promise+jwt'
const receiptKeySeconds = 3650 * 86_400
const instanceKeySeconds = 86_400
const renewalSeconds = instanceKeySeconds / 2
/** A renewal that failed while the key still holds is not tried again sooner. */
const retrySeconds = 30

export const certificateFolder = 'certificates/'

/** A certificate is write-once and may carry a wrong clock's time. The year in its name allows a new one each year. */
export const receiptCertificateName = (publicKey: Uint8Array, clock: Clock): string =>
  certificateName(publicKey, new Date(clock()).getUTCFullYear())

const certificateName = (publicKey: Uint8Array, year: number): string =>
  `${certificateFolder}${hash('sha256', publicKey, 'base64url')}-${year}`

export interface CertificateClaims {
  readonly iss: string
  readonly iat: number
  readonly exp: number
  readonly cnf: { readonly jwk: { readonly kty: 'OKP'; readonly crv: 'Ed25519'; readonly x: string } }
}

/**
 * The certificate of the receipt key, made when there is none. Of two made at once all instances use the one stored first.
 *
 * @param onMade called when it was made and stored by this call
 */
export async function certifyReceiptKey(
  logWriter: LogWriter,
  receiptPublicKey: Uint8Array,
  onMade?: () => void,
): Promise<string> {
  const name = receiptCertificateName(receiptPublicKey, logWriter.clock)
  const stored = await logWriter.objects.get(name)
  if (stored) return checkedCertificate(logWriter, receiptPublicKey, stored)
  const iat = secondsOf(logWriter.clock)
  const made = await signedCertificate(certificateSigner(logWriter), {
    iss: logWriter.host,
    iat,
    exp: iat + receiptKeySeconds,
    cnf: confirmation(receiptPublicKey),
  })
  try {
    await logWriter.objects.put(name, Buffer.from(made))
    onMade?.()
    return made
  } catch (error) {
    const theirs =
      error instanceof LedgerError && error.code === 'already-exists' && (await logWriter.objects.get(name))
    if (!theirs) throw error
    return checkedCertificate(logWriter, receiptPublicKey, theirs)
  }
}

/**
 * The certificate that the log job made, for an instance that cannot make one. It is made once a year and holds for ten: at the
 * turn of a year last year's serves.
 */
export async function storedCertificate(
  objects: Pick<Objects, 'get'>,
  receiptPublicKey: Uint8Array,
  clock: Clock,
): Promise<string> {
  const year = new Date(clock()).getUTCFullYear()
  for (const each of [year, year - 1]) {
    const stored = await objects.get(certificateName(receiptPublicKey, each))
    if (stored) return Buffer.from(stored).toString()
  }
  throw new LedgerError('unavailable', 'the receipt key is not certified yet; the log jobs certify it within a minute')
}

/** Throws `unavailable` when the stored certificate does not fit. It cannot be replaced, so another receipt key is needed. */
function checkedCertificate(logWriter: LogWriter, receiptPublicKey: Uint8Array, stored: Uint8Array): string {
  const certificate = Buffer.from(stored).toString()
  const [header, payload, signature = ''] = certificate.split('.')
  const input = Buffer.from(`${header}.${payload}`)
  const isOurs = checkpointPublicKeys(logWriter).some((publicKey) =>
    verify(null, input, publicKeyOf(publicKey), Buffer.from(signature, 'base64url')),
  )
  const { iss, exp, cnf } = isOurs ? claimsIn(certificate) : {}
  const isForUs = iss === logWriter.host && cnf?.jwk.x === confirmation(receiptPublicKey).jwk.x
  if (isForUs && exp !== undefined && exp > secondsOf(logWriter.clock)) return certificate
  const what = isOurs ? (isForUs ? 'has expired' : 'names another host or key') : 'is not signed by a checkpoint key'
  throw new LedgerError('unavailable', `the certificate of the receipt key ${what}`, {
    given: iss,
    allowed: `a receipt key that is certified for ${logWriter.host}; the log jobs certify a new key`,
  })
}

export function publicKeyOf(publicKey: Uint8Array): KeyObject {
  return createPublicKey({ key: confirmation(publicKey).jwk, format: 'jwk' })
}

function confirmation(publicKey: Uint8Array): CertificateClaims['cnf'] {
  return { jwk: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(publicKey).toString('base64url') } }
}

export function claimsIn(certificate: string): Partial<CertificateClaims> {
  return JSON.parse(Buffer.from(certificate.split('.')[1] ?? '', 'base64url').toString())
}

async function signedCertificate(signer: Pick<Signer, 'sign'>, claims: CertificateClaims): Promise<string> {
  const input = `${headerPart(certificateType)}.${base64url(JSON.stringify(claims))}`
  return `${input}.${Buffer.from(await signer.sign(Buffer.from(input))).toString('base64url')}`
}

interface ReceiptKey {
  readonly certificate: string
  readonly iat: number
  readonly exp: number
}

function receiptKeyOf(certificate: string): ReceiptKey {
  const { iat = 0, exp = 0 } = claimsIn(certificate)
  return { certificate, iat, exp }
}

interface InstanceKey {
  readonly privateKey: KeyObject
  readonly certificates: readonly [string, string]
  /** Seconds since 1970, as certificate [1] states them; so is `exp`. */
  readonly iat: number
  readonly exp: number
}

export function promiseIssuer({
  receiptSigner,
  host,
  certificate,
  clock,
}: PromiseIssuerOptions): InclusionPromiseIssuer {
  const header = headerPart(promiseType)
  let receiptKey: ReceiptKey | undefined
  let current: InstanceKey | undefined
  let renewal: Promise<InstanceKey> | undefined
  let retryAt = 0

  const now = () => Math.max(secondsOf(clock), receiptKey?.iat ?? 0)

  async function certified(): Promise<InstanceKey> {
    const by = receiptKey ?? receiptKeyOf(await certificate())
    receiptKey = by
    const iat = now()
    if (iat >= by.exp) throw new LedgerError('unavailable', 'the certificate of the receipt key has expired')
    const exp = Math.min(iat + instanceKeySeconds, by.exp)
    const { publicKey, privateKey } = generateKeyPairSync('ed25519')
    const { x = '' } = publicKey.export({ format: 'jwk' })
    const claims = { iss: host, iat, exp, cnf: confirmation(Buffer.from(x, 'base64url')) }
    const own = await signedCertificate(receiptSigner, claims)
    current = { privateKey, certificates: [by.certificate, own], iat, exp }
    return current
  }

  /** Calls during a renewal share it. */
  function renew(): Promise<InstanceKey> {
    renewal ??= certified().finally(() => {
      renewal = undefined
    })
    return renewal
  }

  /** From half of its life on a key is renewed in the background, so that no request waits. */
  function usable(at: number): InstanceKey | Promise<InstanceKey> {
    // A clock may be set back a little; one that was far ahead needs a key of the right time.
    if (current === undefined || at >= current.exp || at + renewalSeconds < current.iat) return renew()
    if (at >= current.iat + renewalSeconds && at >= retryAt && renewal === undefined) {
      retryAt = at + retrySeconds
      renew().catch(() => {})
    }
    return current
  }

  return {
    async issue(origin, leafHash, content) {
      const found = usable(now())
      const key = found instanceof Promise ? await found : found
      const iat = Math.max(now(), key.iat)
      const leaf = Buffer.from(leafHash).toString('base64url')
      const payload = JSON.stringify({ origin, leafHash: leaf, iat, maxDelay: promisedDelaySeconds, content })
      const input = `${header}.${base64url(payload)}`
      return {
        jws: `${input}.${sign(null, Buffer.from(input), key.privateKey).toString('base64url')}`,
        certificates: key.certificates,
      }
    },
  }
}

function headerPart(typ: string): string {
  return base64url(JSON.stringify({ alg: 'Ed25519', typ }))
}

function base64url(text: string): string {
  return Buffer.from(text).toString('base64url')
}

function secondsOf(clock: Clock): number {
  return Math.floor(clock() / 1000)
}
