/**
 * The ledger's own HTTP API as data. The local gateway, the OpenAPI document and the CDK construct read it, with the routes of other
 * protocols, from `functions/served-routes.ts`. A route belongs to the handler whose permissions it needs (`functions/lambda/<handler>.ts`), not
 * to the resource in its path.
 */

/** One Lambda function each; split by what they may do to the tables. */
export type HandlerName = 'ingest' | 'read' | 'log' | 'audit' | 'administer' | 'erase'

/**
 * Who may call:
 * `public`: anyone. `site`: a site key. `subject`: a site key and the subject's own credential.
 * `audit`, `administration`, `erasure`: a token of the controller's identity provider with scope `consent.audit`, `consent.admin`,
 * `consent.erase`.
 * `ledger`: a token of the ledger's own identity provider with scope `ledger.admin`.
 */
export type Access = 'public' | 'site' | 'subject' | 'audit' | 'administration' | 'erasure' | 'ledger'

export interface Route {
  /** Stable name; the endpoint's name in its handler and the OpenAPI operationId. */
  readonly id: string
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'OPTIONS' | 'ANY'
  readonly path: string
  readonly handler: HandlerName
  readonly access: Access
  /**
   * The handler's chain answers a longer body with 413, `body-too-large`; the local gateway leaves it unread. 0: the route reads no
   * body. API Gateway limits every body to 10 MB.
   */
  readonly maxBodyBytes: number
}

export const kib = 1024

export const apiRoutes = [
  route('recordEvents', 'POST', '/v1/events', 'ingest', 'site', 64 * kib),
  route('recordOwnEvents', 'POST', '/v1/me/events', 'ingest', 'subject', 64 * kib),
  // A receipt carries a promise, which is signed: by the one function that may.
  route('getOwnReceipts', 'GET', '/v1/me/receipts', 'ingest', 'subject'),

  route('getNotice', 'GET', '/v1/notices/{policyId}', 'read', 'site'),
  route('getOwnConsents', 'GET', '/v1/me/consents', 'read', 'subject'),

  route('listPolicies', 'GET', '/v1/controllers/{controller}/policies', 'read', 'public'),
  route('getPolicy', 'GET', '/v1/controllers/{controller}/policies/{policyId}', 'read', 'public'),
  route('listVersions', 'GET', '/v1/controllers/{controller}/policies/{policyId}/versions', 'read', 'public'),
  route('getVersion', 'GET', '/v1/controllers/{controller}/policies/{policyId}/versions/{version}', 'read', 'public'),
  route('diffVersions', 'GET', '/v1/controllers/{controller}/policies/{policyId}/diff', 'read', 'public'),
  route('getText', 'GET', '/v1/texts/{sha256}', 'read', 'public'),
  route('getOpenApi', 'GET', '/openapi.json', 'read', 'public'),
  route('getHealth', 'GET', '/healthz', 'read', 'public'),
  route('getConsoleFile', 'GET', '/console/{file}', 'read', 'public'),

  route('getCheckpoint', 'GET', '/log/{controller}/checkpoint', 'log', 'public'),
  route('listCheckpoints', 'GET', '/log/{controller}/checkpoints', 'log', 'public'),
  route('getLogPolicy', 'GET', '/log/{controller}/policy', 'log', 'public'),
  route('getTile', 'GET', '/log/{controller}/tile/{tile+}', 'log', 'public'),

  route('askConsents', 'POST', '/v1/audit/consents', 'audit', 'audit', 64 * kib),
  route('askTimeline', 'POST', '/v1/audit/timeline', 'audit', 'audit', 64 * kib),
  route('askProof', 'POST', '/v1/audit/proofs', 'audit', 'audit', 64 * kib),

  route('createController', 'POST', '/v1/controllers', 'administer', 'ledger', 256 * kib),
  route('createSite', 'POST', '/v1/controllers/{controller}/sites', 'administer', 'administration', 64 * kib),
  // It writes nothing, so the function that may not write answers it.
  route('listSites', 'GET', '/v1/controllers/{controller}/sites', 'read', 'administration'),
  route(
    'changeOrigins',
    'POST',
    '/v1/controllers/{controller}/sites/{site}/origins',
    'administer',
    'administration',
    64 * kib,
  ),
  route(
    'publishVersion',
    'POST',
    '/v1/controllers/{controller}/policies/{policyId}/versions',
    'administer',
    'administration',
    4096 * kib,
  ),
  route(
    'publishPresentation',
    'POST',
    '/v1/controllers/{controller}/policies/{policyId}/presentations',
    'administer',
    'administration',
    256 * kib,
  ),
  route(
    'retractVersion',
    'POST',
    '/v1/controllers/{controller}/policies/{policyId}/retractions',
    'administer',
    'administration',
    64 * kib,
  ),

  route('eraseSubject', 'POST', '/v1/erasures', 'erase', 'erasure', 64 * kib),
] as const satisfies readonly Route[]

export type ApiRouteId = (typeof apiRoutes)[number]['id']

/** Answers whatever no other route matches: API Gateway's `$default`. */
export const fallback: Route = route('fallback', 'ANY', '$default', 'read', 'public')

/**
 * Every route that a gateway has to know: these, and what they imply.
 * A path that answers GET answers HEAD with the same headers (RFC 9110, section 9.3.2); the chain removes the body.
 * A path that browsers call answers preflights.
 */
export function withImpliedRoutes(stated: readonly Route[]): readonly Route[] {
  const heads = stated.filter(({ method }) => method === 'GET').map((each) => ({ ...each, method: 'HEAD' as const }))
  const forBrowsers = stated.filter((r) => r.access === 'site' || r.access === 'subject' || r.access === 'public')
  const paths = new Set(forBrowsers.map(({ path }) => path))
  const preflights = [...paths].map((path) => route('preflight', 'OPTIONS', path, 'read', 'public'))
  return [...stated, ...heads, ...preflights, fallback]
}

/** API Gateway's name for a route, as it stands in `event.routeKey`. */
export function routeKey(route: Pick<Route, 'method' | 'path'>): string {
  return route.path === '$default' ? '$default' : `${route.method} ${route.path}`
}

/** @param maxBodyBytes 0: the route reads no body */
export function route<const Id extends string, const H extends HandlerName>(
  id: Id,
  method: Route['method'],
  path: string,
  handler: H,
  access: Access,
  maxBodyBytes = 0,
): Route & { readonly id: Id; readonly handler: H } {
  return { id, method, path, handler, access, maxBodyBytes }
}
