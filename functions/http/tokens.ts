/**
 * JWTs of identity providers (RFC 7519), verified by `jose` against the provider's keys; asymmetric algorithms only.
 *
 * A token is for an audience: the one it names, or, if it names none, as access tokens of Cognito do not, that of the resource server
 * before its scopes, `<audience>/<scope>`. Scopes of other resource servers then say nothing here.
 */
import {
  createLocalJWKSet,
  createRemoteJWKSet,
  errors,
  type JSONWebKeySet,
  type JWTPayload,
  type JWTVerifyGetKey,
  jwtVerify,
} from 'jose'
import type { IdentityProvider } from '../../shared/consent/controller.ts'
import { LedgerError } from '../../shared/errors.ts'

/** What a verified token says. */
export interface Bearer {
  readonly issuer: string
  readonly subject: string
  readonly scopes: ReadonlySet<string>
}

const algorithms = ['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA', 'Ed25519']
const clockToleranceSeconds = 30
const maxTokenLength = 8192
const maxSubjectLength = 256

export async function verifyToken(provider: IdentityProvider, token: string): Promise<Bearer> {
  if (token === '' || token.length > maxTokenLength) throw new LedgerError('unauthenticated', 'not a token')
  try {
    const { payload } = await jwtVerify(token, keysOf(provider), {
      issuer: provider.issuer,
      algorithms,
      clockTolerance: clockToleranceSeconds,
      requiredClaims: ['sub', 'exp'],
    })
    const scopes = scopesFor(provider.audience, payload)
    if (scopes === undefined) throw claimRefused('aud')
    return { issuer: provider.issuer, subject: subjectIn(payload), scopes }
  } catch (error) {
    throw refusalOf(error)
  }
}

/** RFC 7519, section 4.1.2. Refused rather than cut or converted, because either could turn several people into one subject. */
function subjectIn({ sub }: JWTPayload): string {
  if (typeof sub === 'string' && sub.length >= 1 && sub.length <= maxSubjectLength) return sub
  throw new LedgerError('unauthenticated', 'the token’s claim "sub" is not a usable subject', {
    field: 'authorization',
    allowed: `a string of 1 to ${maxSubjectLength} characters`,
  })
}

/** `undefined` when the token is for another audience. */
function scopesFor(audience: string, { aud, scope, scp }: JWTPayload): Set<string> | undefined {
  const given = scope ?? scp
  const scopes = (Array.isArray(given) ? given.map(String) : String(given ?? '').split(' ')).filter((s) => s !== '')
  if (aud !== undefined) return [aud].flat().includes(audience) ? new Set(scopes) : undefined
  const prefix = `${audience}/`
  const own = scopes.filter((s) => s.startsWith(prefix)).map((s) => s.slice(prefix.length))
  return own.length === 0 ? undefined : new Set(own)
}

function claimRefused(claim: string, cause?: unknown): LedgerError {
  return new LedgerError('unauthenticated', `the token's claim "${claim}" is not what it should be here`, {}, cause)
}

function refusalOf(error: unknown): LedgerError {
  if (error instanceof LedgerError) return error
  if (error instanceof errors.JWTExpired)
    return new LedgerError('token-expired', 'the token has expired; get a new one', {}, error)
  if (error instanceof errors.JWTClaimValidationFailed) {
    return claimRefused(error.claim, error)
  }
  if (isAboutKeys(error)) {
    return new LedgerError('unavailable', "the identity provider's keys cannot be read at present", {}, error)
  }
  const facts = { field: 'authorization', allowed: 'Bearer <token of the controller’s identity provider>' }
  return new LedgerError(
    'unauthenticated',
    'the token is malformed, or its identity provider did not sign it',
    facts,
    error,
  )
}

/** Whether the provider's keys could not be had, so that nothing is known of the token. `jose` says so in several ways. */
function isAboutKeys(error: unknown): boolean {
  if (!(error instanceof errors.JOSEError)) return true
  const { JWKSTimeout, JWKSInvalid } = errors
  return error instanceof JWKSTimeout || error instanceof JWKSInvalid || error.code === errors.JOSEError.code
}

/** Key sets by where they come from; `jose` caches the remote ones and fetches them again when a key is not found. */
const keySets = new Map<string, JWTVerifyGetKey>()

function keysOf(provider: IdentityProvider): JWTVerifyGetKey {
  const name = provider.jwksUri ?? JSON.stringify(provider.jwks)
  const known = keySets.get(name)
  if (known) return known
  const keys =
    provider.jwksUri === undefined
      ? createLocalJWKSet(provider.jwks as JSONWebKeySet)
      : createRemoteJWKSet(new URL(provider.jwksUri), { timeoutDuration: 3000 })
  keySets.set(name, keys)
  return keys
}
