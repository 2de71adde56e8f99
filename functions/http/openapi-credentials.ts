/** The credentials in the OpenAPI document: their forms, and which a route takes. */
import type { ZodOpenApiOperationObject } from 'zod-openapi'
import type { Access } from '../../shared/api/routes.ts'

export const security: Readonly<Record<Access, ZodOpenApiOperationObject['security']>> = {
  public: [],
  site: [{ siteKey: [] }],
  subject: [
    { siteKey: [], device: [] },
    { siteKey: [], token: [] },
  ],
  audit: [{ token: ['consent.audit'] }],
  check: [{ token: ['consent.check'] }],
  statistics: [{ token: ['consent.statistics'] }],
  export: [{ token: ['consent.export'] }],
  administration: [{ token: ['consent.admin'] }],
  erasure: [{ token: ['consent.erase'] }],
  hold: [{ token: ['consent.hold'] }],
  operator: [{ token: ['consent.write'] }],
  mandate: [{ token: ['consent.mandate'] }],
  import: [{ token: ['consent.import'] }],
  ledger: [{ token: ['ledger.admin'] }],
}

export const securitySchemes = {
  siteKey: { type: 'apiKey', in: 'query', name: 'key', description: 'Publishable; also as header x-site-key.' },
  device: { type: 'http', scheme: 'Device', description: 'Authorization: Device <device secret>' },
  token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
} as const
