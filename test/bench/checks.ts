/**
 * `--only checks`: `POST /v1/checks` over HTTP for 100 people of a list, as a machine that sends mail asks. Everyone on the list was
 * recorded by e-mail address, one in four with three events and the others with one. The first pass over the list writes each person's row
 * of the month; the passes after it find them, which is the usual case.
 */
import { randomUUID } from 'node:crypto'
import { audienceOf, openDevelopmentIssuer } from '../../infra/local/development-issuer.ts'
import { type Figures, runLoad } from './load.ts'
import { type Program, startServer } from './program.ts'
import { makeStore, type Store } from './store.ts'
import { controller, newVisitor, visit } from './visits.ts'

const listed = 4_000
const inBatch = 100
const eventsInRequest = 25

/** Column heads and figures; latencies are those of whole batches. */
export type CheckRow = Figures & { readonly pass: string; readonly connections: number }

export async function measureChecks(
  folder: string,
  seconds: number,
  progress: (line: string) => void,
): Promise<CheckRow[]> {
  const store = await makeStore(folder)
  const issuer = await openDevelopmentIssuer(folder)
  const tokenFor = (scope: string) =>
    issuer.token({
      audience: audienceOf(controller),
      subject: 'auditor@ljungsten.example',
      scope,
      lifetimeSeconds: 3600,
    })
  const server = await startServer(folder)
  const rows: CheckRow[] = []
  try {
    const people = Array.from({ length: listed }, (_, i) => ({ type: 'email', id: `person.${i}@example.org` }))
    await recordPeople(server, store, await tokenFor('consent.write'), people)
    progress(`recorded ${listed} people`)
    const authorization = `Bearer ${await tokenFor('consent.check')}`
    let at = 0
    const next = () => {
      const subjects = people.slice(at, at + inBatch)
      at = (at + inBatch) % listed
      return JSON.stringify({ controller, purposeId: 'statistics', subjects })
    }
    const headers = { 'content-type': 'application/json', authorization }
    const request = { method: 'POST', path: '/v1/checks', headers, body: '' } as const
    const run = async (pass: string, connections: number) => {
      const load = { connections, seconds, request, expectedStatus: 200 }
      const figures = await runLoad(server, { ...load, next: (each) => ({ ...each, body: next() }) })
      rows.push({ pass, connections, ...figures })
      progress(
        `${pass}, ${connections} connections: p50 ${figures.p50Ms.toFixed(1)}, p99 ${figures.p99Ms.toFixed(1)} ms`,
      )
    }
    await run('first of the month', 1)
    await pass(server, headers, next)
    await run('later', 1)
    await run('later', 4)
  } finally {
    await server.stop()
  }
  return rows
}

/** The whole list once, so that everyone has the month's row. */
async function pass(server: Program, headers: Record<string, string>, next: () => string): Promise<void> {
  for (let asked = 0; asked < listed; asked += inBatch) {
    const answer = await fetch(`${server.url}/v1/checks`, { method: 'POST', headers, body: next() })
    if (answer.status !== 200) throw new Error(`a check was answered ${answer.status}: ${await answer.text()}`)
  }
}

async function recordPeople(
  server: Program,
  store: Store,
  token: string,
  people: readonly { readonly type: string; readonly id: string }[],
): Promise<void> {
  const events = people.flatMap((identifier, i) =>
    Array.from({ length: i % 4 === 0 ? 3 : 1 }, () => {
      const { shown: _, actor: __, ...event } = visit(newVisitor(() => ''))
      return { ...event, eventId: randomUUID(), subject: { identifier } }
    }),
  )
  for (let at = 0; at < events.length; at += eventsInRequest) {
    const answer = await fetch(`${server.url}/v1/events?key=${store.siteKey}&return=minimal`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ events: events.slice(at, at + eventsInRequest) }),
    })
    const text = await answer.text()
    if (answer.status !== 200 || text.includes('"problem"'))
      throw new Error(`recording: ${answer.status} ${text.slice(0, 400)}`)
  }
}

export const checksHead = [
  'a batch of 100 people',
  'connections',
  'batches/s',
  'p50 ms',
  'p99 ms',
  'server CPU ms',
  'engines CPU ms',
]

export function checksRows(rows: readonly CheckRow[]): string[][] {
  return rows.map((row) => [
    row.pass,
    String(row.connections),
    row.perSecond.toFixed(1),
    row.p50Ms.toFixed(0),
    row.p99Ms.toFixed(0),
    (row.serverCpuMicros / 1000).toFixed(0),
    (row.enginesCpuMicros / 1000).toFixed(0),
  ])
}
