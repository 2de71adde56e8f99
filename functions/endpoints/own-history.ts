/** The history of the calling person. It writes nothing, so the function that may not write answers it. */
import { ownHistoryQuery } from '../../shared/api/schemas/own-queries.ts'
import { siteOf, subjectOf } from '../http/access.ts'
import { type Endpoint, ok, parseQuery } from '../http/call.ts'

export const ownHistoryEndpoints = {
  async getOwnHistory(call) {
    const { snapshot } = await siteOf(call)
    const { identity } = await subjectOf(call, snapshot)
    const { limit, after } = parseQuery(call, ownHistoryQuery)
    const { ledger } = call.instance
    const [{ readEvents }, { historyPage }] = await Promise.all([
      import('../../shared/ledger/answers/answers-for-subject.ts'),
      import('../../shared/ledger/answers/own-history.ts'),
    ])
    const read = await readEvents(ledger, snapshot, identity)
    return ok(await historyPage(ledger, snapshot, read, { limit, after }))
  },
} satisfies Record<string, Endpoint>
