/** What the OpenAPI document says of a person's own history, record and requests to be erased. */
import { ownErasureRequests } from '../../shared/api/schemas/asked-erasures.ts'
import { erasureAsk } from '../../shared/api/schemas/erasure-ask.ts'
import { ownHistory } from '../../shared/api/schemas/own-history.ts'
import { ownHistoryQuery, ownRecordQuery } from '../../shared/api/schemas/own-queries.ts'
import { ownRecord } from '../../shared/api/schemas/own-record.ts'

export const ownDescriptions = {
  getOwnHistory: {
    summary:
      'The caller’s events, newest record first: what was decided, what it counted as, who acted and which text was shown',
    query: ownHistoryQuery.omit({ key: true }),
    answers: { '200': ownHistory },
  },
  getOwnRecord: {
    summary:
      'All that the ledger has about the caller, as a file, page by page; what it leaves out is named with the reason',
    query: ownRecordQuery.omit({ key: true }),
    answers: { '200': ownRecord },
  },
  listOwnErasureRequests: {
    summary: 'The caller’s requests to be erased, and what became of them',
    answers: { '200': ownErasureRequests },
  },
  askErasure: {
    summary: 'Ask to be erased; an open request is not repeated',
    body: erasureAsk,
    answers: { '201': ownErasureRequests, '200': ownErasureRequests },
  },
}
