/** What the OpenAPI document says of the routes of the function `erase`: erasures, people's requests, legal holds, and what retention destroyed. */
import {
  askedErasures,
  askedErasuresQuery,
  erasureDecision,
  erasureRequestOfPerson,
} from '../../shared/api/schemas/asked-erasures.ts'
import { dispositionPage, dispositionsQuery } from '../../shared/api/schemas/dispositions.ts'
import { erasure, erasureRequest } from '../../shared/api/schemas/erasures.ts'
import { hold, holdDraft, holdPage, holdRelease, holdsQuery } from '../../shared/api/schemas/holds.ts'

export const erasureDescriptions = {
  eraseSubject: {
    summary: 'Erase a subject: its events can no longer be opened or attributed, and every proof stays valid',
    body: erasureRequest,
    answers: { '200': erasure },
  },
  listErasureRequests: {
    summary: 'What people asked to have erased, and by when each has to have an answer; whom it is about is not said',
    query: askedErasuresQuery,
    answers: { '200': askedErasures },
  },
  decideErasure: {
    summary: 'Grant a person’s request to be erased, which retention then carries out, or refuse it with a ground',
    body: erasureDecision,
    answers: { '200': erasureRequestOfPerson },
  },
  makeHold: {
    summary: 'Make a legal hold: neither retention nor an erasure destroys what it covers',
    body: holdDraft,
    answers: { '201': hold, '200': hold },
  },
  releaseHold: {
    summary:
      'End a legal hold; an erasure that was requested meanwhile is carried out by the next nightly retention, or when it is requested again',
    body: holdRelease,
    answers: { '200': hold },
  },
  listHolds: {
    summary: 'The legal holds of a controller; whom they are on is not said',
    query: holdsQuery,
    answers: { '200': holdPage },
  },
  listDispositions: {
    summary: 'What retention destroyed, by which rules: manifests that are leaves of the log, newest first',
    query: dispositionsQuery,
    answers: { '200': dispositionPage },
  },
}
