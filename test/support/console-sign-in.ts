/** Signs in to the console of a running ledger over real HTTP, as a browser would, with a maintained client of OAuth. */
import * as oauth from 'oauth4webapi'
import type { ConsoleConfig } from '../../shared/api/schemas/console-config.ts'

/** The development issuer speaks HTTP, on this machine only. */
export const insecure = { [oauth.allowInsecureRequests]: true } as const

export interface Started {
  readonly server: oauth.AuthorizationServer
  readonly client: oauth.Client
  readonly redirectUri: string
  readonly verifier: string
  readonly state: string
  readonly address: URL
}

export type SignInConfig = ConsoleConfig['controllers'][number]

export async function configFor(url: string, controller = 'ljungsten'): Promise<SignInConfig> {
  const { controllers }: ConsoleConfig = await (await fetch(`${url}/console/config.json`)).json()
  const found = controllers.find((each) => each.controller === controller)
  if (found === undefined) throw new Error(`nobody can sign in for ${controller}`)
  return found
}

/** The authorization request of the console. `more` replaces parameters; `null` leaves one out. */
export async function startSignIn(
  url: string,
  scope: string,
  more: Readonly<Record<string, string | null>> = {},
  config?: SignInConfig,
): Promise<Started> {
  const { issuer, authorizationEndpoint, tokenEndpoint, clientId, audience } = config ?? (await configFor(url))
  const server: oauth.AuthorizationServer = {
    issuer,
    ...(authorizationEndpoint !== undefined && { authorization_endpoint: authorizationEndpoint }),
    ...(tokenEndpoint !== undefined && { token_endpoint: tokenEndpoint }),
    authorization_response_iss_parameter_supported: true,
    id_token_signing_alg_values_supported: ['EdDSA'],
  }
  const redirectUri = `${url}/console/`
  const verifier = oauth.generateRandomCodeVerifier()
  const state = oauth.generateRandomState()
  const address = new URL(authorizationEndpoint ?? '')
  const parameters = {
    ...{ response_type: 'code', client_id: clientId, redirect_uri: redirectUri, state, scope, resource: audience },
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    ...more,
  }
  for (const [name, value] of Object.entries(parameters)) if (value !== null) address.searchParams.set(name, value)
  return { server, client: { client_id: clientId }, redirectUri, verifier, state, address }
}

/** Name of the waiting request on the page. */
export async function ticketOn(page: Response): Promise<string> {
  return /name="ticket" value="([^"]+)"/.exec(await page.text())?.[1] ?? ''
}

/** Posts a choice as the page's form would. */
export function postChoice(
  url: string,
  choice: Readonly<Record<string, string>> | URLSearchParams,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  return fetch(`${url}/development/authorize`, {
    method: 'POST',
    redirect: 'manual',
    headers: { origin: url, ...headers },
    body: new URLSearchParams(choice),
  })
}

/** Opens the page, chooses, and returns where that leads. */
export async function choose(url: string, started: Started, choice: Readonly<Record<string, string>>): Promise<URL> {
  const ticket = await ticketOn(await fetch(started.address, { redirect: 'manual' }))
  return new URL((await postChoice(url, { ticket, ...choice })).headers.get('location') ?? '')
}

/** The code for tokens, by the client's own checks. */
export async function exchange(started: Started, callback: URL) {
  const { server, client, redirectUri, verifier, state } = started
  const parameters = oauth.validateAuthResponse(server, client, callback, state)
  const answer = await oauth.authorizationCodeGrantRequest(
    server,
    client,
    oauth.None(),
    parameters,
    redirectUri,
    verifier,
    insecure,
  )
  return oauth.processAuthorizationCodeResponse(server, client, answer)
}
