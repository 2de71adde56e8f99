/**
 * Keys that verify tokens: the key set of an identity provider (RFC 7517). It is in the controller's record, fetched from its address, or,
 * when only the issuer is known, found by discovery. A set may hold several keys that fit a token. Keys of other uses and kinds are passed
 * over.
 */
import {
  createLocalJWKSet,
  createRemoteJWKSet,
  errors,
  type FlattenedJWSInput,
  type JWSHeaderParameters,
  type JWTVerifyGetKey,
} from 'jose'
import { canVerify } from '../../shared/api/verifying-keys.ts'
import type { IdentityProvider } from '../../shared/consent/identity-provider.ts'

/** The provider's keys cannot be read at present, so the token can be neither accepted nor refused. */
export class KeysUnavailable extends Error {
  override readonly name = 'KeysUnavailable'
}

type KeySet = ReturnType<typeof createLocalJWKSet> | ReturnType<typeof createRemoteJWKSet>

/** Key sets by where they come from; `jose` caches the remote ones and fetches them again when a key is not found. */
const keySets = new Map<string, JWTVerifyGetKey>()

export function keysOf(provider: IdentityProvider): JWTVerifyGetKey {
  const { issuer, jwks, jwksUri } = provider
  const name = jwksUri ?? (jwks === undefined ? `issuer ${issuer}` : JSON.stringify(jwks))
  const known = keySets.get(name)
  if (known) return known
  const find = keySetOf(provider)
  const keys: JWTVerifyGetKey = async (header, token) => keyIn(await found(find), header, token)
  keySets.set(name, keys)
  return keys
}

function keySetOf({ issuer, jwks, jwksUri }: IdentityProvider): () => Promise<KeySet> {
  // Loaded when it is needed: only the ledger's own administrators may have an issuer without keys.
  if (jwks === undefined && jwksUri === undefined) {
    let find: (() => Promise<KeySet>) | undefined
    return async () => {
      find ??= (await import('./discovered-keys.ts')).discoveredKeys(issuer)
      return find()
    }
  }
  const set =
    jwksUri === undefined
      ? createLocalJWKSet({ keys: (jwks?.keys ?? []).filter(canVerify) })
      : createRemoteJWKSet(new URL(jwksUri), { timeoutDuration: 3000 })
  return async () => set
}

async function found(find: () => Promise<KeySet>): Promise<KeySet> {
  try {
    return await find()
  } catch (error) {
    throw new KeysUnavailable('the keys cannot be found', { cause: error })
  }
}

/** `kid` is optional in a key set: a token with a `kid` may have been signed by a key without one. */
async function keyIn(set: KeySet, header: JWSHeaderParameters, token: FlattenedJWSInput) {
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

/** Whether the key set could not be read. `jose` has several errors for that. */
function isAboutKeys(error: unknown): boolean {
  if (!(error instanceof errors.JOSEError)) return true
  const { JWKSTimeout, JWKSInvalid } = errors
  return error instanceof JWKSTimeout || error instanceof JWKSInvalid || error.code === errors.JOSEError.code
}
