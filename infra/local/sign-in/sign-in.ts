/**
 * The development issuer as an OpenID Connect provider, so that people can sign in to the console of a ledger on their own machine. It asks
 * for no password, so it answers programs on this machine only (`local-request.ts`); to all others its routes do not exist. It is part of
 * the local server and of no Lambda bundle.
 *
 *   GET  /development/.well-known/openid-configuration    OpenID Connect Discovery 1.0, and RFC 8414
 *   GET  /development/jwks.json                            its public key
 *   GET  /development/authorize                            a page: choose who to be
 *   POST /development/authorize                            the choice, which leads back to the console with a code
 *   POST /development/token                                the code for a token
 *
 * Its `iss` is the name that controllers on this machine have trusted all along. No document can be found at that name, so `config.json` names
 * the endpoints.
 */
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
import { readsSwedish } from '../../../functions/http/language.ts'
import { routeKey } from '../../../shared/api/route-key.ts'
import type { Route } from '../../../shared/api/routes.ts'
import type { ConsoleConfig } from '../../../shared/api/schemas/console-config.ts'
import { claimedControllers } from '../../../shared/ledger/controllers/provider-claims.ts'
import type { Ledger } from '../../../shared/ledger/ledger.ts'
import { controllerScopes, type DevelopmentIssuer, developmentIssuer } from '../development-issuer.ts'
import { localDeveloper } from '../local-auditors.ts'
import {
  type AuthorizationRequest,
  consoleClient,
  readAuthorizationRequest,
  redirection,
} from './authorization-request.ts'
import { formIn, maxFormBytes } from './form.ts'
import { localOrigin } from './local-request.ts'
import { choicePage, type Language, refusalPage, styleSheet } from './page.ts'
import { localPeople } from './people.ts'
import { singleUse } from './single-use.ts'
import { type Authorization, exchangeCode } from './token-request.ts'

type Result = APIGatewayProxyStructuredResultV2
type LocalEndpoint = (event: APIGatewayProxyEventV2, origin: string) => Promise<Result>

export interface SignIn {
  readonly routes: readonly Route[]
  /** Where people sign in, for the console; nowhere, when the request does not come from this machine. */
  config(event: APIGatewayProxyEventV2): Promise<ConsoleConfig>
  /** `undefined` when the event is another's, or does not come from this machine. */
  answer(event: APIGatewayProxyEventV2): Promise<Result> | undefined
}

interface Waiting {
  readonly request: AuthorizationRequest
  readonly controller: string
}

export function openSignIn(ledger: Pick<Ledger, 'entries' | 'controllers'>, issuer: DevelopmentIssuer): SignIn {
  const waiting = singleUse<Waiting>({ lifetimeMs: 600_000, most: 100 })
  const codes = singleUse<Authorization>({ lifetimeMs: 60_000, most: 100 })

  /** The controllers that trust this issuer. */
  async function controllers() {
    const ids = await claimedControllers(ledger.entries)
    const snapshots = await Promise.all(ids.map((id) => ledger.controllers.recent(id)))
    return snapshots
      .flatMap((snapshot) => {
        const { controller, identityProvider } = snapshot ?? {}
        if (controller === undefined || identityProvider?.issuer !== developmentIssuer) return []
        return [{ id: controller.controller, name: controller.name, audience: identityProvider.audience }]
      })
      .sort((a, b) => (a.name < b.name ? -1 : 1))
  }

  async function ask(event: APIGatewayProxyEventV2, origin: string): Promise<Result> {
    const language = languageOf(event)
    const known = await controllers()
    const audiences = known.map(({ audience }) => audience)
    const given = new URLSearchParams(event.rawQueryString)
    const read = readAuthorizationRequest(given, `${origin}/console/`, audiences)
    if (read === 'not-the-console' || isInBackground(event)) return refusalPage(language, 'notTheConsole')
    if ('error' in read)
      return leadTo(redirection(read, developmentIssuer, { error: read.error, error_description: read.description }))
    const controller = known.find(({ audience }) => audience === read.audience)
    if (controller === undefined) return refusalPage(language, 'notTheConsole')
    const ticket = waiting.put({ request: read, controller: controller.id })
    return choicePage(language, { ticket, controller, scopes: read.scopes, subject: localDeveloper })
  }

  async function choose(event: APIGatewayProxyEventV2, origin: string): Promise<Result> {
    const language = languageOf(event)
    const form = event.headers.origin === origin ? formIn(event) : undefined
    const found = waiting.take(form?.get('ticket') ?? '')
    if (form === undefined || found === undefined) return refusalPage(language, 'usedUp')
    const { request, controller } = found
    if (form.get('as') === 'nobody') return leadTo(redirection(request, developmentIssuer, { error: 'access_denied' }))
    const person = personIn(form, controller)
    if (person === undefined) return refusalPage(language, 'notUnderstood')
    const scopes = request.scopes.filter((scope) => person.scopes.includes(scope))
    return leadTo(
      redirection(request, developmentIssuer, { code: codes.put({ request, subject: person.subject, scopes }) }),
    )
  }

  const endpoints: readonly (readonly [method: 'GET' | 'POST', path: string, answer: LocalEndpoint])[] = [
    ['GET', '/development/.well-known/openid-configuration', async (_, origin) => json(200, discoveryOf(origin))],
    ['GET', '/development/jwks.json', async () => json(200, issuer.provider('').jwks ?? {})],
    ['GET', '/development/sign-in.css', styleSheet],
    ['GET', '/development/authorize', ask],
    ['POST', '/development/authorize', choose],
    [
      'POST',
      '/development/token',
      async (event) => {
        const { statusCode, body } = await exchangeCode(formIn(event), codes, issuer)
        return json(statusCode, body)
      },
    ],
  ]
  const routes = endpoints.map(([method, path]): Route => {
    const maxBodyBytes = method === 'POST' ? maxFormBytes : 0
    return { id: `${method} ${path}`, method, path, handler: 'read', access: 'public', maxBodyBytes }
  })
  const byKey = new Map(endpoints.map(([method, path, answer]) => [routeKey({ method, path }), answer]))

  return {
    routes,
    async config(event) {
      const origin = localOrigin(event)
      if (origin === undefined) return { controllers: [] }
      const { authorization_endpoint: authorizationEndpoint, token_endpoint: tokenEndpoint } = discoveryOf(origin)
      const endpoints = { issuer: developmentIssuer, authorizationEndpoint, tokenEndpoint, clientId: consoleClient }
      const known = await controllers()
      return { controllers: known.map(({ id, name, audience }) => ({ controller: id, name, ...endpoints, audience })) }
    },
    answer(event) {
      const endpoint = byKey.get(event.routeKey)
      const origin = endpoint && localOrigin(event)
      return origin === undefined ? undefined : endpoint?.(event, origin)
    },
  }
}

/** A subject of at most the length that tokens may have (`functions/http/tokens.ts`). */
function personIn(form: URLSearchParams, controller: string) {
  const as = form.get('as') ?? ''
  const person = localPeople(controller).find(({ role }) => role === as)
  if (person !== undefined) return person
  const subject = (form.get('subject') ?? '').trim()
  if (as !== 'other' || subject.length < 1 || subject.length > 256) return undefined
  return { subject, scopes: form.getAll('scope') }
}

function discoveryOf(origin: string) {
  return {
    issuer: developmentIssuer,
    authorization_endpoint: `${origin}/development/authorize`,
    token_endpoint: `${origin}/development/token`,
    jwks_uri: `${origin}/development/jwks.json`,
    response_types_supported: ['code'],
    response_modes_supported: ['query'],
    grant_types_supported: ['authorization_code'],
    code_challenge_methods_supported: ['S256'],
    token_endpoint_auth_methods_supported: ['none'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['EdDSA'],
    scopes_supported: ['openid', ...controllerScopes],
    authorization_response_iss_parameter_supported: true,
  }
}

/** A page of another origin may lead a person here, and not load this without one: that would push out the requests of people who wait. */
function isInBackground({ headers }: APIGatewayProxyEventV2): boolean {
  const { 'sec-fetch-site': site, 'sec-fetch-mode': mode } = headers
  return (site === 'cross-site' || site === 'same-site') && mode !== 'navigate'
}

function languageOf({ headers }: APIGatewayProxyEventV2): Language {
  return readsSwedish(headers['accept-language']) ? 'sv' : 'en'
}

function leadTo(location: string): Result {
  return { statusCode: 303, headers: { location, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' } }
}

function json(statusCode: number, body: object): Result {
  const headers = { 'content-type': 'application/json', 'x-content-type-options': 'nosniff' }
  return { statusCode, headers: { ...headers, 'cache-control': 'no-store' }, body: JSON.stringify(body) }
}
