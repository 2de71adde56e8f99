/**
 * Reads an authorization request: code flow (RFC 6749, section 4.1) with PKCE by S256 (RFC 7636), for the audience that `resource` names
 * (RFC 8707; audiences of controllers need not be addresses). Only a request of the console that leads back to it is answered with a
 * redirection; whatever else is wrong, nobody is sent anywhere.
 */
import { controllerScopes } from '../development-issuer.ts'
import { repeatedIn } from './form.ts'

/** The console, a public client: it has no secret. */
export const consoleClient = 'consent-ledger-console'

export interface AuthorizationRequest {
  readonly clientId: string
  readonly redirectUri: string
  readonly state: string | undefined
  readonly nonce: string | undefined
  readonly codeChallenge: string
  readonly audience: string
  /** Those that the request has and the ledger knows, in the ledger's order. */
  readonly scopes: readonly string[]
  readonly isOpenId: boolean
}

/** An error that the client is told, by its code of RFC 6749, section 4.1.2.1, or of OpenID Connect Core 1.0, section 3.1.2.6. */
export interface RefusedRequest {
  readonly error: string
  readonly description: string
  readonly redirectUri: string
  readonly state: string | undefined
}

const maxEchoed = 512
const challenge = /^[A-Za-z0-9_-]{43}$/

/**
 * @param redirectUri the only one that is accepted
 * @param audiences of the controllers that trust this issuer
 * @returns `'not-the-console'` for a request that must not be answered with a redirection
 */
export function readAuthorizationRequest(
  given: URLSearchParams,
  redirectUri: string,
  audiences: readonly string[],
): AuthorizationRequest | RefusedRequest | 'not-the-console' {
  const one = (name: string) => (given.getAll(name).length === 1 ? (given.get(name) ?? undefined) : undefined)
  if (one('client_id') !== consoleClient || one('redirect_uri') !== redirectUri) return 'not-the-console'
  const state = isShort(one('state')) ? one('state') : undefined
  const refused = (error: string, description: string) => ({ error, description, redirectUri, state })

  const repeated = repeatedIn(given)
  if (repeated !== undefined) return refused('invalid_request', `${repeated.slice(0, 40)} is there twice`)
  for (const name of ['request', 'request_uri', 'registration'])
    if (given.has(name)) return refused(`${name}_not_supported`, `${name} is not supported`)
  if (one('response_type') !== 'code') return refused('unsupported_response_type', 'response_type is code')
  if ((one('response_mode') ?? 'query') !== 'query') return refused('invalid_request', 'response_mode is query')
  for (const name of ['state', 'nonce'])
    if (!isShort(one(name))) return refused('invalid_request', `${name} has at most ${maxEchoed} characters`)
  if (one('code_challenge_method') !== 'S256') return refused('invalid_request', 'code_challenge_method is S256')
  const codeChallenge = one('code_challenge') ?? ''
  if (!challenge.test(codeChallenge)) return refused('invalid_request', 'code_challenge is a SHA-256 in base64url')
  const audience = one('resource') ?? ''
  if (!audiences.includes(audience)) return refused('invalid_target', `resource is ${audiences.join(' or ')}`)
  if (one('prompt')?.split(' ').includes('none')) return refused('login_required', 'a person has to choose who to be')
  const asked = (one('scope') ?? '').split(' ')
  return {
    ...{ clientId: consoleClient, redirectUri, state, nonce: one('nonce'), codeChallenge, audience },
    scopes: controllerScopes.filter((scope) => asked.includes(scope)),
    isOpenId: asked.includes('openid'),
  }
}

function isShort(text: string | undefined): boolean {
  return (text?.length ?? 0) <= maxEchoed
}

/** The answer by redirection, with `iss`, so that a client of several providers knows which one answered (RFC 9207). */
export function redirection(
  { redirectUri, state }: { readonly redirectUri: string; readonly state: string | undefined },
  issuer: string,
  parameters: Readonly<Record<string, string>>,
): string {
  const query = new URLSearchParams({ ...parameters, ...(state !== undefined && { state }), iss: issuer })
  return `${redirectUri}?${query}`
}
