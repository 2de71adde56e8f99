/**
 * JWTs of identity providers (RFC 7519), verified by `jose` against the provider's keys; asymmetric algorithms only.
 *
 * A token is for the audience that it names. If it names none, like access tokens of Cognito, its audience is the resource server before
 * each scope, `<audience>/<scope>`, and scopes of other resource servers are ignored. A token without scopes may have `roles`, in which
 * Microsoft Entra ID states the rights of an application (RFC 9068, section 2.2.3.1).
 *
 * A refusal names the check that failed. Claims are judged only once the signature is verified, and the audience before the others.
 */
import { decodeJwt, decodeProtectedHeader, errors, type JWTPayload, type JWTVerifyResult, jwtVerify } from 'jose'
import { algorithms } from '../../shared/api/verifying-keys.ts'
import type { IdentityProvider } from '../../shared/consent/identity-provider.ts'
import { LedgerError } from '../../shared/errors.ts'
import type { Holder } from '../../shared/ledger/holder-entry.ts'
import { KeysUnavailable, keysOf } from './token-keys.ts'

/** The holder and the scopes of a verified token. */
export type Bearer = Holder & { readonly scopes: ReadonlySet<string> }

/** The checks of a token, in order. The first two need neither keys nor provider. */
export type TokenCheck = 'form' | 'algorithm' | 'key' | 'signature' | 'issuer' | 'audience' | 'time' | 'subject'

const clockToleranceSeconds = 30
const maxTokenLength = 8192
const maxNameLength = 256
/** Bound on the audiences that are looked up for one token. */
const maxAudiences = 8
/** Bound on the signatures verified for one token. */
const maxKeysTried = 20

/** @param provider `undefined` when the controller has none at present, and then every token is refused */
export async function verifyToken(provider: IdentityProvider | undefined, token: string): Promise<Bearer> {
  checkForm(token)
  if (provider === undefined) throw refused('issuer', 'the controller has no identity provider at present')
  try {
    const payload = await verifiedPayload(provider, token)
    const scopes = scopesFor(provider.audience, payload)
    if (scopes === undefined) throw claimRefused('audience', 'aud', payload)
    return { ...holderIn(provider.issuer, payload), scopes }
  } catch (error) {
    throw refusalOf(error, provider)
  }
}

/** Refuses a token by its form and algorithm alone, so the answer is the same for every controller. */
export function checkForm(token: string): void {
  const algorithm = token.length > maxTokenLength ? undefined : algorithmOf(token)
  if (algorithm === undefined)
    throw refused('form', `the token is not a signed JWT of at most ${maxTokenLength} characters`)
  if (!algorithms.includes(algorithm))
    throw refused('algorithm', 'the token is signed with an algorithm that is not accepted', algorithms)
}

function algorithmOf(token: string): string | undefined {
  try {
    const { alg } = decodeProtectedHeader(token)
    return token.split('.').length === 3 && typeof alg === 'string' ? alg : undefined
  } catch {
    return undefined
  }
}

async function verifiedPayload(provider: IdentityProvider, token: string): Promise<JWTPayload> {
  const options = {
    issuer: provider.issuer,
    algorithms,
    clockTolerance: clockToleranceSeconds,
    requiredClaims: ['exp'],
  }
  try {
    return (await jwtVerify(token, keysOf(provider), options)).payload
  } catch (error) {
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error
    return (await verifyWithAny(error, (key) => jwtVerify(token, key, options))).payload
  }
}

/** Tries each key when several fit, as they may for a token that names no key (RFC 7515, section 4.1.4). */
async function verifyWithAny(
  fitting: errors.JWKSMultipleMatchingKeys,
  verify: (key: CryptoKey) => Promise<JWTVerifyResult>,
): Promise<JWTVerifyResult> {
  let tried = 0
  for await (const key of fitting) {
    if (tried++ === maxKeysTried) break
    try {
      return await verify(key)
    } catch (error) {
      // A key that is too short for the algorithm throws a TypeError.
      if (!(error instanceof errors.JWSSignatureVerificationFailed || error instanceof TypeError)) throw error
    }
  }
  throw new errors.JWSSignatureVerificationFailed()
}

/**
 * The holder that the token names (RFC 7519, section 4.1.2). An unusable name is refused rather than cut or converted, because either could
 * turn several people into one subject. A token without `sub` belongs to a program, which `client_id` (RFC 9068) or `azp` (OpenID Connect)
 * names.
 */
function holderIn(issuer: string, { sub, client_id, azp }: JWTPayload): Holder {
  const client = client_id ?? azp
  if (isName(sub)) return { issuer, subject: sub }
  if (sub === undefined && isName(client)) return { issuer, client }
  throw refused(
    'subject',
    'the token’s claim "sub" is not a usable subject',
    `a string of 1 to ${maxNameLength} characters`,
  )
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value.length >= 1 && value.length <= maxNameLength
}

/**
 * The issuer and the audiences that a token names, unverified: enough to find whose keys verify it. A token without an audience names
 * those before its scopes.
 */
export function statedProviders(token: string): readonly { readonly issuer: string; readonly audience: string }[] {
  checkForm(token)
  const { iss, aud, scope, scp } = decodeJwt(token)
  const prefixes = String(scope ?? scp ?? '')
    .split(' ')
    .map((each) => each.slice(0, Math.max(0, each.lastIndexOf('/'))))
  const audiences = [...new Set([aud ?? prefixes].flat())].filter((audience) => audience !== '')
  return typeof iss === 'string' ? audiences.slice(0, maxAudiences).map((audience) => ({ issuer: iss, audience })) : []
}

/** `undefined` when the token is for another audience. */
function scopesFor(audience: string, { aud, scope, scp, roles }: JWTPayload): Set<string> | undefined {
  const given = scope ?? scp ?? roles
  const scopes = (Array.isArray(given) ? given.map(String) : String(given ?? '').split(' ')).filter((s) => s !== '')
  if (aud !== undefined) return [aud].flat().includes(audience) ? new Set(scopes) : undefined
  const prefix = `${audience}/`
  const own = scopes.filter((s) => s.startsWith(prefix)).map((s) => s.slice(prefix.length))
  return own.length === 0 ? undefined : new Set(own)
}

function refused(check: TokenCheck, message: string, allowed?: unknown, cause?: unknown): LedgerError {
  const facts = { field: 'authorization', ...(allowed !== undefined && { allowed }), members: { check } }
  return new LedgerError('unauthenticated', message, facts, cause)
}

/** The check that a token failed; `undefined` for every other error. */
export function failedCheck(error: unknown): TokenCheck | undefined {
  if (!(error instanceof LedgerError) || error.code !== 'unauthenticated') return undefined
  return error.facts.members?.check as TokenCheck | undefined
}

/** Repeats the token's own claim, never the expected one, because a controller's identity provider is not public. */
function claimRefused(check: TokenCheck, claim: string, { [claim]: given }: JWTPayload, cause?: unknown): LedgerError {
  const message = `the token's claim "${claim}" is not valid here`
  return new LedgerError('unauthenticated', message, { field: 'authorization', given, members: { check } }, cause)
}

function refusalOf(error: unknown, provider: IdentityProvider): LedgerError {
  if (error instanceof LedgerError) return error
  if (error instanceof KeysUnavailable)
    return new LedgerError('unavailable', "the identity provider's keys cannot be read at present", {}, error)
  if (error instanceof errors.JWTExpired || error instanceof errors.JWTClaimValidationFailed) {
    if (error.claim === 'iss') return claimRefused('issuer', 'iss', error.payload, error)
    if (scopesFor(provider.audience, error.payload) === undefined)
      return claimRefused('audience', 'aud', error.payload, error)
    if (error instanceof errors.JWTExpired)
      return new LedgerError('token-expired', 'the token has expired; get a new one', {}, error)
    return claimRefused('time', error.claim, error.payload, error)
  }
  if (error instanceof errors.JWKSNoMatchingKey || error instanceof TypeError)
    return refused('key', 'the identity provider has no key that fits the token’s "kid" and "alg"', undefined, error)
  if (error instanceof errors.JWSSignatureVerificationFailed)
    return refused('signature', 'no key of the identity provider verifies the token’s signature', undefined, error)
  return refused('form', 'the token is malformed', undefined, error)
}
