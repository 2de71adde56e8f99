/**
 * Counts what the functions of a deployment ask of its services, by running them: one call after the other for what a request costs;
 * what the log adds to it is in `log-counting.ts`. Visitors are the bench's.
 */
import { vi } from 'vitest'
import type { Counted, Request, Usage } from '../../../infra/cost/usage.ts'
import { audienceOf } from '../../../infra/local/development-issuer.ts'
import { localAuditor } from '../../../infra/local/local-auditors.ts'
import { claimsPk } from '../../../shared/ledger/controllers/provider-claims.ts'
import { inclusionNodes } from '../../../shared/tlog/inclusion.ts'
import { fullWidth, tileOfNode, tilePath } from '../../../shared/tlog/tile.ts'
import { controller, locale, newVisitor, policyId, purposeId, type Visitor } from '../../bench/visits.ts'
import { bySchedule } from '../../support/scheduled-run.ts'
import { storedItems } from '../../support/stored-items.ts'
import { type Call, type Instance, startInstance } from './api-calls.ts'
import { type Deployment, startDeployment } from './deployment.ts'
import { eventCall, siteKey } from './event-calls.ts'
import { countHandOver, countLog } from './log-counting.ts'
import { mapped, rounded } from './rounding.ts'

const eventsPerSubject = 3
const leavesOfLargeLog = 1_000_000

export interface Counting {
  readonly usage: Usage
  /** DynamoDB's units: counted by AWS's rules, and as the engine reported them. */
  readonly units: ReturnType<Deployment['units']>
}

export async function countUsage(): Promise<Counting> {
  const deployment = await startDeployment()
  try {
    const sweep = await countSweep(deployment)
    const ingest = await startInstance(deployment, 'ingest', () => import('../../../functions/lambda/ingest.ts'))
    const read = await startInstance(deployment, 'read', () => import('../../../functions/lambda/read.ts'))
    const visitor = await countNotice(deployment, read)
    const subject = await countNotice(deployment, read)

    const cold = await ingest.ask(eventCall(deployment, visitor.visitor, true), 201)
    const known = await ingest.ask(eventCall(deployment, visitor.visitor, false), 201)
    const announced = await ingest.ask(eventCall(deployment, subject.visitor, true), 201)
    const firstReceipt = await ingest.ask(eventCall(deployment, visitor.visitor, false, 'representation'), 201)
    const receipt = await ingest.ask(eventCall(deployment, visitor.visitor, false, 'representation'), 201)
    for (let n = 1; n < eventsPerSubject; n++) await ingest.ask(eventCall(deployment, subject.visitor, false), 201)

    const log = await countLog(deployment, ingest)
    const proof = await countProof(deployment, subject.visitor)
    const tiles = await countTiles(deployment)
    const selfAudit = await countSelfAudit(deployment)
    const handOver = await countHandOver(deployment, ingest, log.batches)
    const event = { known: known.request, announced: announced.request, receipt: receipt.request }
    const coldStart = moreThan(announced.request, cold.request)
    const certificate = moreThan(receipt.request, firstReceipt.request)
    const usage = {
      event,
      coldStart,
      certificate,
      notice: subject.request,
      ...log,
      handOver,
      proof,
      tiles,
      sweep,
      selfAudit,
    }
    return { usage, units: deployment.units() }
  } finally {
    await deployment.close()
  }
}

/** What a first call uses more than a later one. The length of its answer differs only by how far random parts compress. */
function moreThan(later: Request, { responseBytes: _, ...first }: Request): Counted {
  return mapped(first, (count, name) => count - later[name])
}

/** A device that has fetched the notice, as a banner does. Counted is a fetch from an instance that knows the policies. */
async function countNotice(deployment: Deployment, read: Instance): Promise<{ visitor: Visitor; request: Request }> {
  const visitor = newVisitor(() => '')
  const call: Call = {
    route: 'getNotice',
    path: { policyId },
    query: { key: siteKey(deployment), locale },
    headers: { authorization: `Device ${visitor.deviceSecret}` },
  }
  await read.ask(call, 200)
  const { request, body } = await read.ask(call, 200)
  return { visitor: { ...visitor, noticeToken: String(JSON.parse(body).noticeToken) }, request }
}

/**
 * The first sweep certifies the receipt key. Counted is a minute in which no log has its turn, and what one in which a log has adds; each is
 * swept twice, since the first sweep of five minutes stores its position.
 */
async function countSweep(deployment: Deployment): Promise<Usage['sweep']> {
  const claims = (await storedItems(deployment.engineEndpoint, 'entries')).filter(({ pk }) => pk === claimsPk)
  const turns = claims.map(({ sk }) => Number.parseInt(sk.slice(0, 2), 16))
  const { now } = Date
  const started = now()
  const minutes = Array.from({ length: 256 }, (_, i) => Math.floor(started / 60_000) + i)
  const count = async (isCounted: (turnsOfMinute: number) => boolean) => {
    const minute = minutes.find((each) => isCounted(turns.filter((turn) => turn === each % 256).length))
    if (minute === undefined) throw new Error('no such minute')
    const clock = vi.spyOn(Date, 'now').mockImplementation(() => now() - started + minute * 60_000)
    try {
      const { handler } = await deployment.load(() => import('../../../functions/lambda/sweep.ts'))
      await handler(bySchedule)
      return await deployment.metered(() => handler(bySchedule))
    } finally {
      clock.mockRestore()
    }
  }
  const atRest = await count((logs) => logs === 0)
  const withOne = await count((logs) => logs === 1)
  const sent = atRest.lines.flatMap((line) => JSON.parse(line)._aws?.CloudWatchMetrics ?? [])
  const metrics = new Set(sent.flatMap(({ Metrics }) => Metrics.map(({ Name }: { Name: string }) => Name))).size
  const look = mapped(withOne.usage, (each, name) => Math.max(0, each - atRest.usage[name]))
  return { metrics, atRest: atRest.usage, look }
}

/** Counts a proof for a subject whose events are all in the log, as the second question of an instance. */
async function countProof(deployment: Deployment, { identity }: Visitor): Promise<Request> {
  const audit = await startInstance(deployment, 'audit', () => import('../../../functions/lambda/audit.ts'))
  const token = await deployment.issuer.token({
    audience: audienceOf(controller),
    subject: localAuditor(controller),
    scope: 'consent.audit',
    lifetimeSeconds: 600,
  })
  const call: Call = {
    route: 'askProof',
    headers: { authorization: `Bearer ${token}` },
    body: JSON.stringify({ controller, subject: identity, purposeId }),
  }
  await audit.ask(call, 200)
  const { request, body } = await audit.ask(call, 200)
  const { events } = JSON.parse(body)
  if (events.length !== eventsPerSubject) throw new Error(`a proof of ${events.length} events`)
  return request
}

/** What a client that makes a proof itself asks of the log. */
async function countTiles(deployment: Deployment): Promise<Usage['tiles']> {
  const log = await startInstance(deployment, 'log', () => import('../../../functions/lambda/log.ts'))
  await log.ask({ route: 'getCheckpoint', path: { controller } }, 200)
  const { request: checkpoint, body } = await log.ask({ route: 'getCheckpoint', path: { controller } }, 200)
  const size = Number(body.split('\n')[1])
  const tile = async (index: number, width: number) => {
    const path = { controller, tile: tilePath({ level: 0, index, width }).replace('tile/', '') }
    return (await log.ask({ route: 'getTile', path }, 200)).request
  }
  const last = Math.floor(size / fullWidth)
  const full = await tile(0, fullWidth)
  return { perProof: tilesPerProof(), checkpoint, full, partial: await tile(last, size - last * fullWidth) }
}

/** On average over the leaves of a large log, whose last tile is not full. */
function tilesPerProof(): number {
  const size = leavesOfLargeLog - 100
  const step = 997
  const counts = Array.from({ length: Math.floor(size / step) }, (_, i) => {
    const nodes = inclusionNodes(i * step, size).flat()
    return new Set(nodes.map((id) => tilePath(tileOfNode(id, size)))).size
  })
  return rounded(counts.reduce((sum, count) => sum + count, 0) / counts.length)
}

/** Without positions, reports and lines: they are by the run, and the model divides by the entries. A run by hand begins another pass. */
async function countSelfAudit(deployment: Deployment): Promise<Usage['selfAudit']> {
  const { handler } = await deployment.load(() => import('../../../functions/lambda/self-audit.ts'))
  const stored = await storedItems(deployment.engineEndpoint, 'entries')
  const { usage: both } = await deployment.metered(() => handler(bySchedule))
  const { usage: pass } = await deployment.metered(() => handler({}))
  const entries = stored.filter(({ values }) => values.leaf !== undefined).length
  const ofRuns = { s3Writes: 0, objectBytes: 0, logLines: 0, logBytes: 0 }
  const newLeaves = mapped(both, (count, name) => count - pass[name])
  return { entries, newLeaves: { ...newLeaves, ...ofRuns }, pass: { ...pass, ...ofRuns } }
}
