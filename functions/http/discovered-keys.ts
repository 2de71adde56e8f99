/**
 * Finds the keys of an identity provider from its issuer by OpenID Connect Discovery 1.0 (section 4,
 * https://openid.net/specs/openid-connect-discovery-1_0.html): a document below the issuer names the address of its keys. Only the issuer
 * of the ledger's own administrators is discovered. The operator deployed it, so no caller chooses what is fetched.
 */
import { createRemoteJWKSet } from 'jose'

type RemoteKeySet = ReturnType<typeof createRemoteJWKSet>

const timeoutMs = 3000

/** The function asks at its first call and remembers the answer. A failure is not remembered, so that the next call asks again. */
export function discoveredKeys(issuer: string): () => Promise<RemoteKeySet> {
  let found: Promise<RemoteKeySet> | undefined
  return () => {
    found ??= discover(issuer).catch((error: unknown) => {
      found = undefined
      throw error
    })
    return found
  }
}

async function discover(issuer: string): Promise<RemoteKeySet> {
  const answer = await fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, {
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
  })
  if (!answer.ok) throw new Error(`the discovery document was answered ${answer.status}`)
  const { issuer: named, jwks_uri: jwksUri } = (await answer.json()) as { issuer?: unknown; jwks_uri?: unknown }
  // Section 4.3 of OpenID Connect Discovery 1.0. Otherwise tokens of another issuer would be accepted here.
  if (named !== issuer) throw new Error('the discovery document is of another issuer')
  const keys = new URL(String(jwksUri))
  if (keys.protocol !== new URL(issuer).protocol) throw new Error('the keys are not where the issuer’s protocol leads')
  return createRemoteJWKSet(keys, { timeoutDuration: timeoutMs })
}
