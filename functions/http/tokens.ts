/** JWTs of identity providers (RFC 7519), verified by `jose` against the provider's keys; asymmetric algorithms only. */
import {
  createLocalJWKSet,
  createRemoteJWKSet,
  errors,
  type JSONWebKeySet,
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

export async function verifyToken(provider: IdentityProvider, token: string): Promise<Bearer> {
  if (token === '' || token.length > maxTokenLength) throw new LedgerError('unauthenticated', 'not a token')
  try {
    const { payload } = await jwtVerify(token, keysOf(provider), {
      issuer: provider.issuer,
      audience: provider.audience,
      algorithms,
      clockTolerance: clockToleranceSeconds,
      requiredClaims: ['sub', 'exp'],
    })
    const scope = payload.scope ?? payload.scp
    const scopes = Array.isArray(scope) ? scope.map(String) : String(scope ?? '').split(' ')
    return {
      issuer: provider.issuer,
      subject: String(payload.sub).slice(0, 256),
      scopes: new Set(scopes.filter((s) => s !== '')),
    }
  } catch (error) {
    throw refusalOf(error)
  }
}

function refusalOf(error: unknown): LedgerError {
  if (error instanceof errors.JWTExpired)
    return new LedgerError('token-expired', 'the token has expired; get a new one', {}, error)
  if (error instanceof errors.JWTClaimValidationFailed) {
    return new LedgerError(
      'unauthenticated',
      `the token's claim "${error.claim}" is not what it should be here`,
      {},
      error,
    )
  }
  if (isAboutKeys(error)) {
    return new LedgerError('unavailable', "the identity provider's keys cannot be read at present", {}, error)
  }
  return new LedgerError('unauthenticated', 'the token does not verify', {}, error)
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
