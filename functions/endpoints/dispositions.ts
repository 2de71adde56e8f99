/**
 * Lists what retention destroyed, for the controller. The function that erases answers it: it has the controller's secrets and may read the
 * entries. Few calls ask, so the code that makes proofs is loaded with the first.
 */
import { dispositionsQuery } from '../../shared/api/schemas/dispositions.ts'
import { administered } from '../http/access.ts'
import { type Endpoint, ok, parseQuery } from '../http/call.ts'

const pageLength = 50

export const dispositionEndpoints = {
  async listDispositions(call) {
    const { snapshot } = await administered(call)
    const { after } = parseQuery(call, dispositionsQuery)
    const { listDispositions } = await import('../../shared/ledger/retention/list-dispositions.ts')
    return ok(await listDispositions(call.instance.ledger, snapshot, { limit: pageLength, after }))
  },
} satisfies Record<string, Endpoint>
