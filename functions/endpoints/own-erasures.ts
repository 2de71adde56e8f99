/**
 * A person asks to be erased, and sees what became of it. Asking destroys nothing, so the function that answers it cannot delete: that is the
 * controller's act (`asked-erasures.ts`). A person whom the ledger does not know gets the empty list, whether they ask or look. The code that
 * answers is loaded with the first such call.
 */
import { erasureAsk } from '../../shared/api/schemas/erasure-ask.ts'
import { vaultScope } from '../../shared/ledger/vault/subject-keys.ts'
import { siteOf, subjectOf } from '../http/access.ts'
import { type Endpoint, ok, parseBody } from '../http/call.ts'
import { admitController } from '../http/rate-limits.ts'

const ownRequests = () => import('../../shared/ledger/erasure/own-erasure-requests.ts')

export const askErasureEndpoints = {
  async askErasure(call) {
    const { snapshot } = await siteOf(call)
    const { identity } = await subjectOf(call, snapshot)
    parseBody(call, erasureAsk)
    admitController(call, snapshot)
    const { ledger } = call.instance
    const scope = vaultScope(snapshot)
    const [{ askErasure }, { askingSubject, ownErasureRequests }] = await Promise.all([
      import('../../shared/ledger/erasure/asked-erasures.ts'),
      ownRequests(),
    ])
    const subject = await askingSubject(ledger, scope, identity)
    const isNew = subject !== undefined && (await askErasure(ledger, scope, subject.sub)).isNew
    return { statusCode: isNew ? 201 : 200, body: { requests: await ownErasureRequests(ledger, scope, identity) } }
  },
} satisfies Record<string, Endpoint>

export const ownErasureEndpoints = {
  async listOwnErasureRequests(call) {
    const { snapshot } = await siteOf(call)
    const { identity } = await subjectOf(call, snapshot)
    const { ownErasureRequests } = await ownRequests()
    return ok({ requests: await ownErasureRequests(call.instance.ledger, vaultScope(snapshot), identity) })
  },
} satisfies Record<string, Endpoint>
