/**
 * The ledger's own HTTP API as data. The local gateway, the OpenAPI document and the CDK construct read it, with the routes of other
 * protocols, from `functions/served-routes.ts`. A route belongs to the handler whose permissions it needs (`functions/lambda/<handler>.ts`), not
 * to the resource in its path.
 */

import { fallback } from './route-key.ts'

/** One Lambda function each; split by what they may do to the tables. */
export const handlerNames = ['ingest', 'read', 'log', 'audit', 'administer', 'erase', 'letters', 'link'] as const

export type HandlerName = (typeof handlerNames)[number]

/**
 * Who may call:
 * `public`: anyone. `site`: a site key. `subject`: a site key and the subject's own credential.
 * `export`: the same with scope `consent.export`.
 * `audit`, `check`, `statistics`, `administration`, `erasure`, `hold`, `mandate`: a token of the controller's identity provider with scope
 * `consent.audit`, `consent.check`, `consent.statistics`, `consent.admin`, `consent.erase`, `consent.hold`, `consent.mandate`.
 * `import`: the same with scope `consent.import`.
 * `operator`: the same with scope `consent.write`.
 * `ledger`: a token of the ledger's own identity provider with scope `ledger.admin`.
 */
export type Access =
  | 'public'
  | 'site'
  | 'subject'
  | 'audit'
  | 'check'
  | 'statistics'
  | 'export'
  | 'administration'
  | 'erasure'
  | 'hold'
  | 'operator'
  | 'mandate'
  | 'import'
  | 'ledger'

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

// Stated once, because every function holds the whole table.
const onController = '/v1/controllers/{controller}'
const onPolicy = `${onController}/policies/{policyId}`
const onEndpoint = `${onController}/endpoints/{endpoint}`
const onImports = `${onController}/imports`
const onExports = `${onController}/exports`
const onPublic = '/policies/{controller}'
const onPublicPolicy = `${onPublic}/{policyId}`
const onLog = '/log/{controller}'
const administration = ['administer', 'administration'] as const
const imports = ['administer', 'import'] as const
const audit = ['audit', 'audit'] as const
const exporting = ['audit', 'export'] as const
const log = ['log', 'public'] as const
const read = ['read', 'public'] as const

export const apiRoutes = [
  route('recordEvents', 'POST', '/v1/events', 'ingest', 'site', 64 * kib),
  route('recordOwnEvents', 'POST', '/v1/me/events', 'ingest', 'subject', 64 * kib),
  // A receipt carries a promise, which is signed: by the one function that may.
  route('getOwnReceipts', 'GET', '/v1/me/receipts', 'ingest', 'subject'),
  route('getOwnRecord', 'GET', '/v1/me/download', 'ingest', 'subject'),

  route('getNotice', 'GET', '/v1/notices/{policyId}', 'read', 'site'),
  route('getOwnConsents', 'GET', '/v1/me/consents', 'read', 'subject'),

  route('getOwnReads', 'GET', '/v1/me/reads', 'read', 'subject'),
  route('getOwnHistory', 'GET', '/v1/me/history', 'read', 'subject'),
  route('listOwnErasureRequests', 'GET', '/v1/me/erasure-requests', 'read', 'subject'),

  route('listPolicies', 'GET', `${onController}/policies`, ...read),
  route('getPolicy', 'GET', onPolicy, ...read),
  route('listVersions', 'GET', `${onPolicy}/versions`, ...read),
  route('getVersion', 'GET', `${onPolicy}/versions/{version}`, ...read),
  route('diffVersions', 'GET', `${onPolicy}/diff`, ...read),
  route('getText', 'GET', '/v1/texts/{sha256}', ...read),
  route('getFront', 'GET', '/', ...read),
  route('getReference', 'GET', '/reference', ...read),
  route('getReferenceFile', 'GET', '/reference/{file}', ...read),
  route('getOpenApi', 'GET', '/openapi.json', ...read),
  route('getHealth', 'GET', '/healthz', ...read),
  route('getConsole', 'GET', '/console', ...read),
  route('getPreferencesPage', 'GET', '/console/preferences', ...read),
  route('getConsoleFile', 'GET', '/console/{file}', ...read),
  route('getIcon', 'GET', '/favicon.ico', ...read),

  route('showPolicies', 'GET', onPublic, ...read),
  route('showPolicy', 'GET', onPublicPolicy, ...read),
  route('showVersion', 'GET', `${onPublicPolicy}/versions/{version}`, ...read),
  route('showDifference', 'GET', `${onPublicPolicy}/diff`, ...read),
  route('getFeed', 'GET', `${onPublicPolicy}/feed.atom`, ...read),

  route('getCheckpoint', 'GET', `${onLog}/checkpoint`, ...log),
  route('listCheckpoints', 'GET', `${onLog}/checkpoints`, ...log),
  route('getLogPolicy', 'GET', `${onLog}/policy`, ...log),
  route('getTile', 'GET', `${onLog}/tile/{tile+}`, ...log),

  route('askConsents', 'POST', '/v1/audit/consents', ...audit, 64 * kib),
  route('askTimeline', 'POST', '/v1/audit/timeline', ...audit, 64 * kib),
  route('askProof', 'POST', '/v1/audit/proofs', ...audit, 64 * kib),
  route('askSample', 'POST', '/v1/audit/samples', ...audit, 64 * kib),
  route('checkConsents', 'POST', '/v1/checks', 'audit', 'check', 512 * kib),

  route('createController', 'POST', '/v1/controllers', 'administer', 'ledger', 256 * kib),
  route('changeIdentityProvider', 'POST', `${onController}/identity-provider`, 'administer', 'ledger', 256 * kib),
  route('changeKeys', 'POST', `${onController}/keys`, 'administer', 'ledger', 16 * kib),
  route('createSite', 'POST', `${onController}/sites`, ...administration, 64 * kib),
  // It writes nothing, so the function that may not write answers it.
  route('listSites', 'GET', `${onController}/sites`, 'read', 'administration'),
  route('changeOrigins', 'POST', `${onController}/sites/{site}/origins`, ...administration, 64 * kib),
  route('revokeSite', 'POST', `${onController}/sites/{site}/revocation`, ...administration),
  route('publishVersion', 'POST', `${onPolicy}/versions`, ...administration, 4096 * kib),
  route('publishPresentation', 'POST', `${onPolicy}/presentations`, ...administration, 256 * kib),
  route('retractVersion', 'POST', `${onPolicy}/retractions`, ...administration, 64 * kib),

  // It writes nothing and opens no event.
  route('getStatistics', 'GET', `${onController}/statistics`, 'read', 'statistics'),

  route('listReads', 'GET', `${onController}/reads`, 'read', 'administration'),
  route('makeGrant', 'POST', `${onController}/grants`, ...administration, 64 * kib),
  route('listGrants', 'GET', `${onController}/grants`, ...administration),
  route('revokeGrant', 'POST', `${onController}/grants/{grantId}/revocation`, ...administration),

  route('makeEndpoint', 'POST', `${onController}/endpoints`, ...administration, 16 * kib),
  route('listEndpoints', 'GET', `${onController}/endpoints`, ...administration),
  route('changeEndpoint', 'POST', `${onEndpoint}/changes`, ...administration, 16 * kib),
  route('rotateSecret', 'POST', `${onEndpoint}/secrets`, ...administration, kib),
  route('askRedelivery', 'POST', `${onEndpoint}/redeliveries`, ...administration, kib),
  route('listDeliveries', 'GET', `${onEndpoint}/deliveries`, ...administration),
  route('makeImport', 'POST', onImports, ...imports, 256 * kib),
  route('listImports', 'GET', onImports, ...imports),
  route('getImport', 'GET', `${onImports}/{importId}`, ...imports),
  route('startImport', 'POST', `${onImports}/{importId}/start`, ...imports, kib),
  route('cancelImport', 'POST', `${onImports}/{importId}/cancellation`, ...imports),

  route('makeExport', 'POST', onExports, ...exporting, 4 * kib),
  route('listExports', 'GET', onExports, ...exporting),
  route('getExport', 'GET', `${onExports}/{exportId}`, ...exporting),
  route('cancelExport', 'POST', `${onExports}/{exportId}/cancellation`, ...exporting),
  // Who a thin message is about: a read, as any other question.
  route('askDelivery', 'GET', '/v1/deliveries/{deliveryId}', ...audit),
  // Signed with the secret of the endpoint.
  route('reportCompletion', 'POST', '/v1/deliveries/{deliveryId}/completion', 'audit', 'public', 4 * kib),

  route('eraseSubject', 'POST', '/v1/erasures', 'erase', 'erasure', 64 * kib),
  route('listErasureRequests', 'GET', `${onController}/erasure-requests`, 'erase', 'erasure'),
  route('decideErasure', 'POST', '/v1/erasure-decisions', 'erase', 'erasure', 4 * kib),
  // Whom a hold is on is found in the vault, as for an erasure.
  route('makeHold', 'POST', '/v1/holds', 'erase', 'hold', 64 * kib),
  route('releaseHold', 'POST', '/v1/holds/{holdId}/release', 'erase', 'hold', 64 * kib),
  route('listHolds', 'GET', `${onController}/holds`, 'erase', 'hold'),
  // A mandate may be the first thing recorded about a person, so the function that answers may insert the person's keys.
  route('recordMandate', 'POST', '/v1/mandates', 'letters', 'mandate', 64 * kib),
  route('revokeMandate', 'POST', '/v1/mandates/{mandateId}/revocation', 'letters', 'mandate', 64 * kib),
  route('listDispositions', 'GET', `${onController}/dispositions`, 'erase', 'administration'),

  route('mintUnsubscribeLink', 'POST', '/v1/unsubscribe-links', 'letters', 'site', 16 * kib),
  route('showUnsubscribe', 'GET', '/v1/unsubscribe/{token}', 'letters', 'public'),
  route('unsubscribe', 'POST', '/v1/unsubscribe/{token}', 'letters', 'public', 4 * kib),
  route('requestConfirmation', 'POST', '/v1/confirmations', 'letters', 'site', 64 * kib),
  route('showConfirmation', 'GET', '/v1/confirmations/{token}', 'letters', 'public'),
  route('confirm', 'POST', '/v1/confirmations/{token}', 'letters', 'public', 4 * kib),
  // Asking destroys nothing, so the function that answers cannot delete.
  route('askErasure', 'POST', '/v1/me/erasure-requests', 'link', 'subject', kib),
  route('linkOwn', 'POST', '/v1/me/link', 'link', 'subject', 16 * kib),
  route('unlinkOwn', 'POST', '/v1/me/unlink', 'link', 'subject', 16 * kib),
  route('linkIdentifiers', 'POST', '/v1/links', 'link', 'operator', 16 * kib),
  route('unlinkIdentifiers', 'POST', '/v1/unlinks', 'link', 'operator', 16 * kib),
] as const satisfies readonly Route[]

export type ApiRouteId = (typeof apiRoutes)[number]['id']

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
