/** What the OpenAPI document says of auditors: their grants and their reads. */
import { grant, grantDraft, grantPage, grantsQuery } from '../../shared/api/schemas/grants.ts'
import { ownReads, ownReadsQuery, readPage, readsQuery } from '../../shared/api/schemas/reads.ts'
import { sampleAnswer } from '../../shared/api/schemas/sample-answer.ts'
import { sampleQuestion } from '../../shared/api/schemas/sample-question.ts'

export const grantDescriptions = {
  makeGrant: {
    summary: 'Grant an auditor, or a program that reads, what it may read, and until when',
    body: grantDraft,
    answers: { '201': grant, '200': grant },
  },
  listGrants: {
    summary: 'The grants of a controller; which people they name is not said',
    query: grantsQuery,
    answers: { '200': grantPage },
  },
  askSample: {
    summary: 'A random sample of the log, drawn from a published checkpoint and the caller’s seed',
    body: sampleQuestion,
    answers: { '200': sampleAnswer },
  },
  listReads: {
    summary: 'The reads of a day: who read when about what; never about whom',
    query: readsQuery,
    answers: { '200': readPage },
  },
  getOwnReads: {
    summary: 'Who read about the caller, and when',
    query: ownReadsQuery.omit({ key: true }),
    answers: { '200': ownReads },
  },
  revokeGrant: {
    summary: 'Revoke a grant for ever: it permits nothing, at the latest after 30 s',
    answers: { '201': grant, '200': grant },
  },
}
