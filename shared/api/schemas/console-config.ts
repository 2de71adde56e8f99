/** `/console/config.json`: the controllers of a ledger, and where people sign in for each. It holds nothing that is not public. */
import * as z from 'zod'
import { id } from './scalars.ts'

const address = z.url({ protocol: /^https?$/ }).max(500)

const signIn = z.strictObject({
  controller: id,
  /** For people. */
  name: z.string().min(1).max(200),
  /** The `iss` of the provider's tokens. */
  issuer: z.string().min(1).max(500),
  /** Left out: both endpoints are found at the issuer, by OpenID Connect Discovery 1.0. */
  authorizationEndpoint: address.optional(),
  tokenEndpoint: address.optional(),
  /** The console, a public client of the provider (RFC 6749, section 2.1), with `<ledger>/console/` as its redirection URI. */
  clientId: z.string().min(1).max(200),
  /** The `aud` that the controller's tokens must have. The console asks for it as `resource` (RFC 8707) and as `audience`. */
  audience: z.string().min(1).max(500),
})

export const consoleConfig = z.strictObject({ controllers: z.array(signIn) })

export type ConsoleConfig = z.infer<typeof consoleConfig>
