/**
 * Keys of an identity provider of which only the issuer is known, found as OpenID Connect Discovery 1.0 says (section 4,
 * https://openid.net/specs/openid-connect-discovery-1_0.html): the document below the issuer names them. Controllers always name their
 * keys, so this is for the ledger's own administrators, whose issuer its operator deployed: no caller chooses what is fetched.
 */
import { createRemoteJWKSet } from 'jose'

type RemoteKeySet = ReturnType<typeof createRemoteJWKSet>

const timeoutMs = 3000

/** Asks at the first token, and remembers the answer; a failure is forgotten, so that the next token asks again. */
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
  // Section 4.3: a document of another issuer would have that one's tokens accepted here.
  if (named !== issuer) throw new Error('the discovery document is of another issuer')
  const keys = new URL(String(jwksUri))
  if (keys.protocol !== new URL(issuer).protocol) throw new Error('the keys are not where the issuer’s protocol leads')
  return createRemoteJWKSet(keys, { timeoutDuration: timeoutMs })
}
