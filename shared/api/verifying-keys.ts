/** Which JSON Web Keys (RFC 7517) can verify a token, and under which algorithms. */
import { createPublicKey } from 'node:crypto'
import type { JWK } from 'jose'

type Jwk = Readonly<Record<string, unknown>>

/** Algorithms that a token may be signed with: the asymmetric ones of RFC 7518 and RFC 8037, with both names of Ed25519 (RFC 9864). */
export const algorithms = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
]
/** RFC 7518, section 3.3. */
const minRsaBits = 2048
const algorithmsOfCurve: Readonly<Record<string, readonly string[]>> = {
  'P-256': ['ES256'],
  'P-384': ['ES384'],
  'P-521': ['ES512'],
  Ed25519: ['EdDSA', 'Ed25519'],
}

/** Whether a token could be verified with this key: a complete public key, for signatures, with an accepted algorithm. */
export function canVerify(jwk: Jwk): jwk is Jwk & JWK {
  const { kty, crv, alg, use, key_ops: operations } = jwk
  if (use !== undefined && use !== 'sig') return false
  if (operations !== undefined && !(Array.isArray(operations) && operations.includes('verify'))) return false
  const fitting =
    kty === 'RSA'
      ? algorithms.filter((each) => /^[RP]S/.test(each))
      : (kty === 'EC' || kty === 'OKP') && typeof crv === 'string'
        ? (algorithmsOfCurve[crv] ?? [])
        : []
  if (fitting.length === 0 || (alg !== undefined && !fitting.some((each) => each === alg))) return false
  try {
    const { asymmetricKeyDetails } = createPublicKey({ key: { ...jwk }, format: 'jwk' })
    return kty !== 'RSA' || (asymmetricKeyDetails?.modulusLength ?? 0) >= minRsaBits
  } catch {
    return false
  }
}
