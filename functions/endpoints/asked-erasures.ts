/**
 * The controller lists what people asked to have erased, and grants or refuses it. A request names nobody: it has the pseudonym of the person's
 * events. One that is granted is carried out by retention, or at once by `POST /v1/erasures` with the person's identifier.
 */
import { askedErasuresQuery, erasureDecision } from '../../shared/api/schemas/asked-erasures.ts'
import { id } from '../../shared/api/schemas/scalars.ts'
import { grantErasure, listAskedErasures, refuseErasure } from '../../shared/ledger/erasure/asked-erasures.ts'
import type { Eraser } from '../../shared/ledger/ledger.ts'
import { vaultScope } from '../../shared/ledger/vault/subject-keys.ts'
import { controllerFor, controllerInBody } from '../http/access.ts'
import { type Endpoint, ok, parseBody, parseQuery, parseWith, pathParameter } from '../http/call.ts'

const scopeName = 'consent.erase'
const pageLength = 100

export const askedErasureEndpoints = (eraser: Eraser) =>
  ({
    async listErasureRequests(call) {
      const { snapshot } = await controllerFor(call, parseWith(id, pathParameter(call, 'controller')), scopeName)
      const { after } = parseQuery(call, askedErasuresQuery)
      return ok(await listAskedErasures(eraser.entries, vaultScope(snapshot), { limit: pageLength, after }))
    },

    async decideErasure(call) {
      const { snapshot, bearer } = await controllerInBody(call, scopeName)
      const decided = parseBody(call, erasureDecision)
      const scope = vaultScope(snapshot)
      const { requestId } = decided
      return ok(
        decided.decision === 'granted'
          ? await grantErasure(eraser, scope, requestId, bearer)
          : await refuseErasure(eraser, scope, requestId, decided.ground, bearer),
      )
    },
  }) satisfies Record<string, Endpoint>
