/**
 * The operations of this client, by operationId of the OpenAPI document. An operation that is missing here does not compile, and a test
 * compares each with the document that a ledger serves.
 */
import type { ApiRouteId } from '../api/routes.ts'

/** Scope of a token from the controller's identity provider. */
export type Scope =
  | 'consent.write'
  | 'consent.import'
  | 'consent.export'
  | 'consent.audit'
  | 'consent.admin'
  | 'consent.erase'
  | 'consent.hold'
  | 'consent.mandate'
  | 'consent.check'
  | 'consent.statistics'
  | 'ledger.admin'

export interface Operation {
  readonly method: 'GET' | 'POST'
  readonly path: string
  /** `site`: the site key. `person`: the site key and the person's credential. A scope: a token with it. Absent: no credential. */
  readonly credential?: 'site' | 'person' | Scope
  /** Whether it may be sent twice without a second effect. */
  readonly repeatable: boolean
  /** The answer is text instead of JSON. */
  readonly text?: true
}

/** Id of an operation. Left out: tiles (for clients of C2SP logs), pages (for people and mail programs) and health (for load balancers). */
export type OperationId = Exclude<
  ApiRouteId,
  | 'getTile'
  | 'getFront'
  | 'getReference'
  | 'getReferenceFile'
  | 'getConsole'
  | 'getConsoleFile'
  | 'getPreferencesPage'
  | 'getIcon'
  | 'getHealth'
  | 'showUnsubscribe'
  | 'unsubscribe'
  | 'showConfirmation'
  | 'confirm'
  // What receivers of messages call.
  | ('askDelivery' | 'reportCompletion')
  | ('showPolicies' | 'showPolicy' | 'showVersion' | 'showDifference' | 'getFeed')
>

export const operations = {
  // Repeatable, because each attempt has the same eventId.
  recordEvents: post('/v1/events', 'site'),
  recordOwnEvents: post('/v1/me/events', 'person'),
  getOwnConsents: get('/v1/me/consents', 'person'),
  getOwnReceipts: get('/v1/me/receipts', 'person'),
  getOwnReads: get('/v1/me/reads', 'person'),
  getOwnHistory: get('/v1/me/history', 'person'),
  getOwnRecord: get('/v1/me/download', 'person'),
  listOwnErasureRequests: get('/v1/me/erasure-requests', 'person'),
  // Repeatable, because an open request is not repeated.
  askErasure: post('/v1/me/erasure-requests', 'person'),
  getNotice: get('/v1/notices/{policyId}', 'site'),
  // Repeatable, because the caller chose the requestId.
  linkOwn: post('/v1/me/link', 'person'),
  unlinkOwn: post('/v1/me/unlink', 'person'),

  listPolicies: get('/v1/controllers/{controller}/policies'),
  getPolicy: get('/v1/controllers/{controller}/policies/{policyId}'),
  listVersions: get('/v1/controllers/{controller}/policies/{policyId}/versions'),
  getVersion: get('/v1/controllers/{controller}/policies/{policyId}/versions/{version}'),
  diffVersions: get('/v1/controllers/{controller}/policies/{policyId}/diff'),
  getText: { ...get('/v1/texts/{sha256}'), text: true },
  getOpenApi: get('/openapi.json'),

  getCheckpoint: { ...get('/log/{controller}/checkpoint'), text: true },
  listCheckpoints: get('/log/{controller}/checkpoints'),
  getLogPolicy: { ...get('/log/{controller}/policy'), text: true },

  // Each question is recorded as a read of a person's record, so a second attempt would be a second read.
  askConsents: ask('/v1/audit/consents'),
  askTimeline: ask('/v1/audit/timeline'),
  askSample: ask('/v1/audit/samples'),
  askProof: ask('/v1/audit/proofs'),
  // Repeatable, because a second attempt changes no answer: it is recorded as a second batch.
  checkConsents: post('/v1/checks', 'consent.check'),

  // Repeatable, because publishing the same content under the same name again returns the first answer.
  createController: post('/v1/controllers', 'ledger.admin'),
  changeIdentityProvider: post('/v1/controllers/{controller}/identity-provider', 'ledger.admin'),
  changeKeys: post('/v1/controllers/{controller}/keys', 'ledger.admin'),
  createSite: post('/v1/controllers/{controller}/sites', 'consent.admin'),
  listSites: get('/v1/controllers/{controller}/sites', 'consent.admin'),
  changeOrigins: post('/v1/controllers/{controller}/sites/{site}/origins', 'consent.admin'),
  revokeSite: post('/v1/controllers/{controller}/sites/{site}/revocation', 'consent.admin'),
  publishVersion: post('/v1/controllers/{controller}/policies/{policyId}/versions', 'consent.admin'),
  publishPresentation: post('/v1/controllers/{controller}/policies/{policyId}/presentations', 'consent.admin'),
  retractVersion: post('/v1/controllers/{controller}/policies/{policyId}/retractions', 'consent.admin'),

  getStatistics: get('/v1/controllers/{controller}/statistics', 'consent.statistics'),
  listReads: get('/v1/controllers/{controller}/reads', 'consent.admin'),
  makeGrant: post('/v1/controllers/{controller}/grants', 'consent.admin'),
  listGrants: get('/v1/controllers/{controller}/grants', 'consent.admin'),
  revokeGrant: post('/v1/controllers/{controller}/grants/{grantId}/revocation', 'consent.admin'),
  makeEndpoint: post('/v1/controllers/{controller}/endpoints', 'consent.admin'),
  listEndpoints: get('/v1/controllers/{controller}/endpoints', 'consent.admin'),
  changeEndpoint: post('/v1/controllers/{controller}/endpoints/{endpoint}/changes', 'consent.admin'),
  rotateSecret: post('/v1/controllers/{controller}/endpoints/{endpoint}/secrets', 'consent.admin'),
  askRedelivery: post('/v1/controllers/{controller}/endpoints/{endpoint}/redeliveries', 'consent.admin'),
  listDeliveries: get('/v1/controllers/{controller}/endpoints/{endpoint}/deliveries', 'consent.admin'),
  listDispositions: get('/v1/controllers/{controller}/dispositions', 'consent.admin'),

  makeImport: post('/v1/controllers/{controller}/imports', 'consent.import'),
  listImports: get('/v1/controllers/{controller}/imports', 'consent.import'),
  getImport: get('/v1/controllers/{controller}/imports/{importId}', 'consent.import'),
  startImport: post('/v1/controllers/{controller}/imports/{importId}/start', 'consent.import'),
  cancelImport: post('/v1/controllers/{controller}/imports/{importId}/cancellation', 'consent.import'),

  makeExport: post('/v1/controllers/{controller}/exports', 'consent.export'),
  listExports: get('/v1/controllers/{controller}/exports', 'consent.export'),
  getExport: get('/v1/controllers/{controller}/exports/{exportId}', 'consent.export'),
  cancelExport: post('/v1/controllers/{controller}/exports/{exportId}/cancellation', 'consent.export'),

  listErasureRequests: get('/v1/controllers/{controller}/erasure-requests', 'consent.erase'),
  decideErasure: post('/v1/erasure-decisions', 'consent.erase'),
  eraseSubject: post('/v1/erasures', 'consent.erase'),
  makeHold: post('/v1/holds', 'consent.hold'),
  releaseHold: post('/v1/holds/{holdId}/release', 'consent.hold'),
  listHolds: get('/v1/controllers/{controller}/holds', 'consent.hold'),
  recordMandate: post('/v1/mandates', 'consent.mandate'),
  revokeMandate: post('/v1/mandates/{mandateId}/revocation', 'consent.mandate'),

  linkIdentifiers: post('/v1/links', 'consent.write'),
  unlinkIdentifiers: post('/v1/unlinks', 'consent.write'),

  mintUnsubscribeLink: post('/v1/unsubscribe-links', 'site'),
  // Repeatable: each attempt has the same eventId, and the letter the same id.
  requestConfirmation: post('/v1/confirmations', 'site'),
} as const satisfies Record<OperationId, Operation>

function get(path: string, credential?: Operation['credential']): Operation {
  return { method: 'GET', path, repeatable: true, ...(credential && { credential }) }
}

function post(path: string, credential: NonNullable<Operation['credential']>): Operation {
  return { method: 'POST', path, credential, repeatable: true }
}

function ask(path: string): Operation {
  return { method: 'POST', path, credential: 'consent.audit', repeatable: false }
}
