/**
 * Signing in: the authorization code flow with PKCE (RFC 7636, RFC 9700) at the controller's identity provider, for a public client. What the
 * return needs waits in the tab's session storage, and is taken out by the first return, so an answer counts once.
 *
 * The access token stays in the tab's session storage until it ends or the reader signs out; a reload keeps it, a closed tab does not. It is not
 * renewed: an auditor's session ends with its token.
 */
import * as oauth from 'oauth4webapi'
import { parsedJson } from '../files/parsed-json.ts'
import type { Configuration, SignInOption } from './configuration.ts'
import { tabStorage } from './storage.ts'

/** What a reader signs in to do; the provider decides which of the scopes it grants. */
export const roles = {
  auditor: ['consent.audit'],
  controller: [
    ...(['consent.admin', 'consent.erase', 'consent.hold', 'consent.import'] as const),
    ...(['consent.export', 'consent.export.clear', 'consent.statistics'] as const),
  ],
  analyst: ['consent.statistics'],
} as const

export type Role = keyof typeof roles

export interface Session {
  readonly controller: string
  readonly name: string
  readonly token: string
  readonly scopes: readonly string[]
  /** Milliseconds since 1970. */
  readonly endsAt: number
}

interface Begun {
  readonly controller: string
  readonly scope: string
  readonly verifier: string
  readonly state: string
  /** Hash of the page to come back to. */
  readonly hash: string
}

const begunKey = 'consent-console:sign-in'
const sessionKey = 'consent-console:session'

/** Leaves the page for the identity provider. */
export async function beginSignIn(option: SignInOption, role: Role, hash: string): Promise<void> {
  const server = await providerOf(option)
  if (server.authorization_endpoint === undefined) throw new Error(`${option.issuer}: no authorization endpoint`)
  const scope = roles[role].join(' ')
  const begun: Begun = {
    controller: option.controller,
    scope,
    verifier: oauth.generateRandomCodeVerifier(),
    state: oauth.generateRandomState(),
    hash,
  }
  const codeChallenge = await oauth.calculatePKCECodeChallenge(begun.verifier)
  const address = new URL(server.authorization_endpoint)
  const parameters = {
    response_type: 'code',
    client_id: option.clientId,
    redirect_uri: redirectAddress(),
    scope: `openid ${scope}`,
    state: begun.state,
    code_challenge: codeChallenge,
    code_challenge_method: 'S256',
    resource: option.audience,
    audience: option.audience,
  }
  for (const [name, value] of Object.entries(parameters)) address.searchParams.set(name, value)
  // Together, so that of two presses the one that leaves the page is the one that its return is compared with.
  tabStorage().setItem(begunKey, JSON.stringify(begun))
  location.assign(address)
}

/**
 * Takes the provider's answer out of the address, when there is one.
 *
 * @returns whether the reader has just signed in
 * @throws Error of `oauth4webapi` when the provider refused, or the answer is not one to this tab's question
 */
export async function finishSignIn(configuration: Configuration): Promise<boolean> {
  const here = new URL(location.href)
  if (!here.searchParams.has('code') && !here.searchParams.has('error')) return false
  const stored = tabStorage().getItem(begunKey)
  tabStorage().removeItem(begunKey)
  const begun: Begun | undefined = stored === null ? undefined : JSON.parse(stored)
  history.replaceState(null, '', `${here.pathname}${begun?.hash ?? ''}`)
  // Browsers report a new hash when it is navigated to, not when it is replaced, and the page that the reader wanted follows the report.
  dispatchEvent(new HashChangeEvent('hashchange'))
  const option = configuration.controllers.find(({ controller }) => controller === begun?.controller)
  // An answer that this tab did not ask for: an old bookmark, or another person's code. The reader signs in anew.
  if (begun === undefined || option === undefined) return false
  const server = await providerOf(option)
  const client: oauth.Client = { client_id: option.clientId }
  const answer = oauth.validateAuthResponse(server, client, here, begun.state)
  const response = await oauth.authorizationCodeGrantRequest(
    server,
    client,
    oauth.None(),
    answer,
    redirectAddress(),
    begun.verifier,
    { additionalParameters: { resource: option.audience }, ...insecure(option) },
  )
  const tokens = await oauth.processAuthorizationCodeResponse(server, client, response)
  const session: Session = {
    controller: option.controller,
    name: option.name,
    token: tokens.access_token,
    scopes: (tokens.scope ?? begun.scope).split(' '),
    endsAt: Date.now() + (tokens.expires_in ?? 300) * 1000,
  }
  tabStorage().setItem(sessionKey, JSON.stringify(session))
  return true
}

/** The session of this tab, unless it has ended. */
export function currentSession(): Session | undefined {
  const stored = tabStorage().getItem(sessionKey)
  const session = stored === null ? undefined : parsedJson(stored)
  return isSession(session) && session.endsAt > Date.now() ? session : undefined
}

/** Another release of the console may have kept another form. */
function isSession(kept: unknown): kept is Session {
  if (typeof kept !== 'object' || kept === null) return false
  const { controller, name, token, scopes, endsAt }: Partial<Record<keyof Session, unknown>> = kept
  const areTexts = [controller, name, token].every((each) => typeof each === 'string')
  return areTexts && Array.isArray(scopes) && typeof endsAt === 'number'
}

export function signOut(): void {
  tabStorage().removeItem(sessionKey)
}

/** The console's own address, registered at the provider as this client's redirection URI. It is the same for `/console/` and `index.html`. */
function redirectAddress(): string {
  return new URL('.', location.href).href
}

/**
 * Without discovery the algorithms of a provider's ID tokens are not known, and the library would accept RS256 only. Any of these will do, because
 * the token comes from the token endpoint over TLS, which vouches for it in place of its signature (OpenID Connect Core 1.0, section 3.1.3.7).
 */
const idTokenAlgorithms = ['RS256', 'PS256', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519']

async function providerOf(option: SignInOption): Promise<oauth.AuthorizationServer> {
  const { issuer, authorizationEndpoint, tokenEndpoint } = option
  if (authorizationEndpoint !== undefined && tokenEndpoint !== undefined) {
    return {
      issuer,
      authorization_endpoint: absolute(authorizationEndpoint),
      token_endpoint: absolute(tokenEndpoint),
      id_token_signing_alg_values_supported: idTokenAlgorithms,
    }
  }
  const address = new URL(issuer)
  const response = await oauth.discoveryRequest(address, insecure(option))
  return oauth.processDiscoveryResponse(address, response)
}

const absolute = (address: string) => new URL(address, location.origin).href

/** Plain HTTP is for a ledger on the reader's own machine. */
function insecure({ tokenEndpoint, issuer }: SignInOption): { [oauth.allowInsecureRequests]?: true } {
  const { protocol, hostname } = new URL(tokenEndpoint === undefined ? issuer : absolute(tokenEndpoint))
  const isLoopback = hostname === 'localhost' || hostname === '127.0.0.1' || hostname === '[::1]'
  return protocol === 'http:' && isLoopback ? { [oauth.allowInsecureRequests]: true } : {}
}
