/** How c15t's protocol differs from the ledger's API in its headers and in the form of its refusals. */
import type { Protocol } from '../http/protocol.ts'
import { c15tRefusalOf } from './refusal.ts'

export const c15tProtocol: Protocol = {
  pathPrefix: '/c15t/',
  preflightHeaders: {
    'access-control-allow-methods': 'GET, POST, PATCH, OPTIONS',
    'access-control-allow-headers':
      'Content-Type,Authorization,x-request-id,x-c15t-version,x-c15t-country,x-c15t-region,accept-language',
  },
  // The client requests with credentials, and the browser hides an answer that does not allow them.
  corsHeaders: { 'access-control-allow-credentials': 'true' },
  refusalOf: c15tRefusalOf,
}
