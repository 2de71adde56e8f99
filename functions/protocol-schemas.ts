/** What the protocols of `protocols.ts` add to the OpenAPI document. A module of its own, so that only its function loads the schemas. */
import type * as z from 'zod'
import { c15tDescriptions, c15tParameters, refusal } from './c15t/openapi.ts'
import { c15tProtocol } from './c15t/protocol.ts'
import type { Protocol } from './http/protocol.ts'

export const protocolDescriptions = c15tDescriptions
export const protocolParameters = c15tParameters
export const refusalSchemas: ReadonlyMap<Protocol, z.ZodType> = new Map([[c15tProtocol, refusal]])
