/**
 * All routes that are served: the ledger's own API, then those of each further protocol. The local gateway, the OpenAPI document and
 * the CDK construct read this table. What a protocol answers differently is in `protocols.ts`.
 */
import { apiRoutes, withImpliedRoutes } from '../shared/api/routes.ts'
import { c15tRoutes } from './c15t/routes.ts'

export const routes = [...apiRoutes, ...c15tRoutes] as const

export type RouteId = (typeof routes)[number]['id']

/** Every route that a gateway has to know. */
export const servedRoutes = withImpliedRoutes(routes)
