/** The protocols that are served beside the ledger's own API. Their routes are in `served-routes.ts`, their schemas in `protocol-schemas.ts`. */
import { c15tProtocol } from './c15t/protocol.ts'
import type { Protocol } from './http/protocol.ts'

const protocols: readonly Protocol[] = [c15tProtocol]

/** The protocol of a path; `undefined` for the ledger's own API. */
export function protocolOf(path: string): Protocol | undefined {
  return protocols.find(({ pathPrefix }) => path.startsWith(pathPrefix))
}
