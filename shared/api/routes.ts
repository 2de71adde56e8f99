/**
 * The HTTP surface as data: what the local gateway serves, the OpenAPI document describes and CDK deploys. A route belongs to
 * the handler whose permissions it needs (`functions/<handler>.ts`), not to the resource in its path.
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

const kib = 1024

export const routes = [
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

  // What a c15t client speaks to its backend: functions/c15t/README.md.
  route('c15tInit', 'GET', '/c15t/{siteKey}/init', 'read', 'site'),
  route('c15tStatus', 'GET', '/c15t/{siteKey}/status', 'read', 'site'),
  route('c15tSubject', 'GET', '/c15t/{siteKey}/subjects/{subjectId}', 'read', 'site'),
  route('c15tRecord', 'POST', '/c15t/{siteKey}/subjects', 'ingest', 'site', 64 * kib),
  route('c15tIdentify', 'PATCH', '/c15t/{siteKey}/subjects/{subjectId}', 'ingest', 'site', 16 * kib),
  route('c15tSubjects', 'GET', '/c15t/{siteKey}/subjects', 'audit', 'audit'),
  route('c15tCheck', 'GET', '/c15t/{siteKey}/consents/check', 'audit', 'audit'),
  route(
    'c15tRelease',
    'PUT',
    '/c15t/{siteKey}/legal-documents/{type}/current',
    'administer',
    'administration',
    16 * kib,
  ),
] as const satisfies readonly Route[]

/** RFC 9110, section 9.3.2: a path that answers GET answers HEAD with the same headers. The chain removes the body. */
const heads: readonly Route[] = routes
  .filter(({ method }) => method === 'GET')
  .map((each) => ({ ...each, method: 'HEAD' }))

/** What browsers call: each of these paths also answers preflights, by `read`. */
const preflights: readonly Route[] = [
  ...new Set(
    routes.filter((r) => r.access === 'site' || r.access === 'subject' || r.access === 'public').map((r) => r.path),
  ),
].map((path) => route('preflight', 'OPTIONS', path, 'read', 'public'))

/** Whatever no other route matches: API Gateway's `$default`. */
export const fallback: Route = route('fallback', 'ANY', '$default', 'read', 'public')

/** Every route that a gateway has to know. */
export const servedRoutes: readonly Route[] = [...routes, ...heads, ...preflights, fallback]

const pathPatterns = servedRoutes
  .filter((each) => each !== fallback)
  .map(({ method, path }) => {
    const pattern = path
      .replaceAll('.', '\\.')
      .replaceAll(/\{[^}]+\+\}/g, '.+')
      .replaceAll(/\{[^}]+\}/g, '[^/]+')
    return { method, pattern: new RegExp(`^${pattern}$`) }
  })

/** The methods that this path answers, sorted; empty when no route has the path. */
export function methodsOf(path: string): string[] {
  return [...new Set(pathPatterns.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method))].sort()
}

export type RouteId = (typeof routes)[number]['id']

/** Routes of another protocol, with its headers and its form of refusals. */
export function isC15t(route: Pick<Route, 'path'>): boolean {
  return route.path.startsWith('/c15t/')
}

/** API Gateway's name for a route, as it stands in `event.routeKey`. */
export function routeKey(route: Pick<Route, 'method' | 'path'>): string {
  return route.path === '$default' ? '$default' : `${route.method} ${route.path}`
}

function route<const Id extends string, const H extends HandlerName>(
  id: Id,
  method: Route['method'],
  path: string,
  handler: H,
  access: Access,
  maxBodyBytes = 0,
): Route & { readonly id: Id; readonly handler: H } {
  return { id, method, path, handler, access, maxBodyBytes }
}
