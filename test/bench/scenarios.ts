/** What is asked of the server, and of the baseline in its own process: the requests of each scenario, at each concurrency. */
import { type Load, runLoad } from './load.ts'
import type { Program } from './program.ts'
import type { Store } from './store.ts'
import { browserHeaders, controller, newVisitor, purposeId, type Visitor, visitBody } from './visits.ts'

export type ScenarioId = 'write-new' | 'write-known' | 'read-state' | 'prove' | 'bare-insert' | 'no-op'

export interface Scenario {
  readonly id: ScenarioId
  readonly concurrency: number
}

/** The heaviest first: in an empty store they are the ones that must not find much. */
export const scenarios: readonly Scenario[] = [
  { id: 'write-new', concurrency: 32 },
  { id: 'write-known', concurrency: 32 },
  { id: 'write-new', concurrency: 8 },
  { id: 'write-known', concurrency: 8 },
  { id: 'write-new', concurrency: 1 },
  { id: 'write-known', concurrency: 1 },
  { id: 'read-state', concurrency: 32 },
  { id: 'read-state', concurrency: 8 },
  { id: 'prove', concurrency: 8 },
]

export const baselines: readonly Scenario[] = [
  { id: 'bare-insert', concurrency: 32 },
  { id: 'no-op', concurrency: 32 },
  { id: 'bare-insert', concurrency: 8 },
  { id: 'no-op', concurrency: 8 },
  { id: 'bare-insert', concurrency: 1 },
  { id: 'no-op', concurrency: 1 },
]

export function runScenario(
  program: Program,
  { id, concurrency }: Scenario,
  store: Store,
  seconds: number,
  perSecond?: number,
) {
  const steady = perSecond === undefined ? {} : { perSecond }
  return runLoad(program, { connections: concurrency, seconds, ...steady, ...requestsOf(id, store) })
}

/** Lets the server compile what it runs all the time; nothing of it is reported. */
export async function warmUp(program: Program, store: Store, ids: readonly ScenarioId[], seconds: number) {
  for (const id of ids) await runScenario(program, { id, concurrency: 8 }, store, seconds)
}

type Requests = Pick<Load, 'request' | 'next' | 'expectedStatus'>

function requestsOf(id: ScenarioId, store: Store): Requests {
  const post = { method: 'POST', headers: browserHeaders, body: '' }
  const newSubjects: Requests['next'] = (request) => ({
    ...request,
    body: visitBody(newVisitor(store.noticeTokenFor), true),
  })
  switch (id) {
    case 'write-new':
      return {
        request: { ...post, path: `/v1/events?key=${store.siteKey}` },
        next: newSubjects,
        expectedStatus: 201,
      }
    case 'write-known': {
      const writer = inTurn(store.writers)
      return {
        request: { ...post, path: `/v1/events?key=${store.siteKey}` },
        next: (request) => ({ ...request, body: visitBody(writer(), false) }),
        expectedStatus: 201,
      }
    }
    case 'read-state': {
      const reader = inTurn(store.readers)
      return {
        request: { method: 'GET', headers: browserHeaders, path: `/v1/me/consents?key=${store.siteKey}` },
        next: (request) => ({
          ...request,
          headers: { ...request.headers, authorization: `Device ${reader().deviceSecret}` },
        }),
        expectedStatus: 200,
      }
    }
    case 'prove': {
      const reader = inTurn(store.readers)
      return {
        request: {
          ...post,
          path: '/v1/audit/proofs',
          headers: { 'content-type': 'application/json', authorization: `Bearer ${store.auditToken}` },
        },
        next: (request) => ({
          ...request,
          body: JSON.stringify({ controller, subject: reader().identity, purposeId }),
        }),
        expectedStatus: 200,
      }
    }
    case 'bare-insert':
    case 'no-op':
      return { request: { ...post, path: `/${id}` }, next: newSubjects, expectedStatus: 201 }
  }
}

function inTurn(visitors: readonly Visitor[]): () => Visitor {
  const [first] = visitors
  if (first === undefined) throw new Error('the store has no visitors')
  let at = 0
  return () => visitors[at++ % visitors.length] ?? first
}
