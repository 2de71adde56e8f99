/**
 * The operations of this client, by operationId of the OpenAPI document. An operation that is missing here does not compile, and a test
 * compares each with the document that a ledger serves.
 */
import type { ApiRouteId } from '../api/routes.ts'

/** Scope of a token from the controller's identity provider. */
export type Scope =
  | 'consent.write'
  | 'consent.import'
  | 'consent.audit'
  | 'consent.admin'
  | 'consent.erase'
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

/** Id of an operation. Left out: tiles (for clients of C2SP logs), the console (for browsers) and health (for load balancers). */
export type OperationId = Exclude<ApiRouteId, 'getTile' | 'getConsoleFile' | 'getHealth'>

export const operations = {
  // Repeatable, because each attempt has the same eventId.
  recordEvents: { method: 'POST', path: '/v1/events', credential: 'site', repeatable: true },
  recordOwnEvents: { method: 'POST', path: '/v1/me/events', credential: 'person', repeatable: true },
  getOwnConsents: get('/v1/me/consents', 'person'),
  getOwnReceipts: get('/v1/me/receipts', 'person'),
  getNotice: get('/v1/notices/{policyId}', 'site'),

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
  askConsents: { method: 'POST', path: '/v1/audit/consents', credential: 'consent.audit', repeatable: false },
  askTimeline: { method: 'POST', path: '/v1/audit/timeline', credential: 'consent.audit', repeatable: false },
  askProof: { method: 'POST', path: '/v1/audit/proofs', credential: 'consent.audit', repeatable: false },

  // Repeatable, because publishing the same content under the same name again returns the first answer.
  createController: publish('/v1/controllers', 'ledger.admin'),
  createSite: publish('/v1/controllers/{controller}/sites', 'consent.admin'),
  listSites: get('/v1/controllers/{controller}/sites', 'consent.admin'),
  changeOrigins: publish('/v1/controllers/{controller}/sites/{site}/origins', 'consent.admin'),
  publishVersion: publish('/v1/controllers/{controller}/policies/{policyId}/versions', 'consent.admin'),
  publishPresentation: publish('/v1/controllers/{controller}/policies/{policyId}/presentations', 'consent.admin'),
  retractVersion: publish('/v1/controllers/{controller}/policies/{policyId}/retractions', 'consent.admin'),

  eraseSubject: publish('/v1/erasures', 'consent.erase'),
} as const satisfies Record<OperationId, Operation>

function get(path: string, credential?: Operation['credential']): Operation {
  return { method: 'GET', path, repeatable: true, ...(credential && { credential }) }
}

function publish(path: string, credential: Scope): Operation {
  return { method: 'POST', path, credential, repeatable: true }
}
