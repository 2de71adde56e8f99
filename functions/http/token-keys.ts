/**
 * Keys that verify tokens: the key set of an identity provider (RFC 7517), as it stands in the controller's record or is fetched from its
 * address. A set may hold several keys that fit a token, and keys of other uses and kinds; those are passed over.
 */
import {
  createLocalJWKSet,
  createRemoteJWKSet,
  errors,
  type FlattenedJWSInput,
  type JSONWebKeySet,
  type JWSHeaderParameters,
  type JWTVerifyGetKey,
} from 'jose'
import type { IdentityProvider } from '../../shared/consent/controller.ts'
import { canVerify } from './verifying-keys.ts'

/** The provider's keys cannot be read at present, so that nothing is known of the token. */
export class KeysUnavailable extends Error {
  override readonly name = 'KeysUnavailable'
}

/** Key sets by where they come from; `jose` caches the remote ones and fetches them again when a key is not found. */
const keySets = new Map<string, JWTVerifyGetKey>()

export function keysOf(provider: IdentityProvider): JWTVerifyGetKey {
  const name = provider.jwksUri ?? JSON.stringify(provider.jwks)
  const known = keySets.get(name)
  if (known) return known
  const set =
    provider.jwksUri === undefined
      ? createLocalJWKSet({ keys: (provider.jwks?.keys ?? []).filter(canVerify) } as unknown as JSONWebKeySet)
      : createRemoteJWKSet(new URL(provider.jwksUri), { timeoutDuration: 3000 })
  const keys: JWTVerifyGetKey = (header, token) => keyIn(set, header, token)
  keySets.set(name, keys)
  return keys
}

/** `kid` is optional in a key: a token that names one may have been signed by a key of the set that has no name. */
async function keyIn(
  set: ReturnType<typeof createLocalJWKSet> | ReturnType<typeof createRemoteJWKSet>,
  header: JWSHeaderParameters,
  token: FlattenedJWSInput,
) {
  try {
    return await set(header, token)
  } catch (error) {
    if (isAboutKeys(error)) throw new KeysUnavailable('the keys cannot be read', { cause: error })
    const nameless = (set.jwks()?.keys ?? []).filter(({ kid }) => kid === undefined)
    if (!(error instanceof errors.JWKSNoMatchingKey) || nameless.length === 0) throw error
    const { kid: _, ...anyName } = header
    return createLocalJWKSet({ keys: nameless })(anyName as JWSHeaderParameters, token)
  }
}

/** `jose` says in several ways that a key set could not be had. */
function isAboutKeys(error: unknown): boolean {
  if (!(error instanceof errors.JOSEError)) return true
  const { JWKSTimeout, JWKSInvalid } = errors
  return error instanceof JWKSTimeout || error instanceof JWKSInvalid || error.code === errors.JOSEError.code
}
